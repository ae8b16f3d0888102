"""The cartoon of a whole model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.cartoon import protein_cartoon
from difffit_app.geometry.mesh import Mesh, join
from difffit_app.geometry.nucleic import nucleic_cartoon
from difffit_app.geometry.polymer import nucleic_stretches, protein_stretches
from difffit_app.geometry.secondary_structure import assign
from difffit_app.geometry.sticks import sticks_of
from difffit_core.atomic_model import AtomicModel


@dataclass(frozen=True, eq=False)
class ModelMesh:
    """A model's cartoon, and the secondary structure (residues,) it was drawn with."""

    mesh: Mesh
    structure: NDArray[np.int8]


def build_model_mesh(model: AtomicModel) -> ModelMesh:
    """Cartoons of proteins and nucleic acids, sticks of all else that takes part in a fit. Takes about 0.2 s for 1000 residues."""
    protein, nucleic = protein_stretches(model), nucleic_stretches(model)
    structure = assign(model, protein)
    drawn = np.zeros(len(structure), bool)
    meshes = []
    for stretch in protein:
        residues = model.residue_index[stretch.trace]
        drawn[residues] = True
        meshes.append(protein_cartoon(model, stretch, structure[residues]))
    for stretch in nucleic:
        drawn[model.residue_index[stretch.trace]] = True
        meshes.append(nucleic_cartoon(model, stretch))
    rest = np.flatnonzero(model.in_fit & ~drawn[model.residue_index])
    return ModelMesh(join([*meshes, sticks_of(model, rest)]), structure)
