"""Which atoms a fit samples."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings

PROTEIN_BACKBONE = ("N", "CA", "C", "O")


def atoms_to_fit(model: AtomicModel, settings: FitSettings) -> tuple[Array, NDArray[np.int16]]:
    """Coordinates (N, 3) in Å and atomic numbers (N,) of the atoms that take part.

    "backbone" takes N, CA, C and O of amino acids; of nucleotides P, C4' and the nitrogen that holds the base (N9 of purines, N1 of
    pyrimidines).

    Raises
    ------
    UserError
        If the model has no such atom.
    """
    chosen = model.in_fit
    if settings.atoms == "backbone":
        chosen = chosen & _backbone(model)
        if not chosen.any():
            raise UserError(f"{model.path or model.name}: atoms must be all, since no backbone atoms are there, got backbone")
    return model.coordinates[chosen], model.atomic_numbers[chosen]


def _backbone(model: AtomicModel) -> NDArray[np.bool_]:
    """Residues with a CA are amino acids, those with a C4' nucleotides; a purine has N9 and its N1 lies elsewhere in the base."""
    residues = int(model.residue_index.max()) + 1

    def has(name: str) -> NDArray[np.bool_]:
        found = np.zeros(residues, bool)
        found[model.residue_index[model.atom_names == name]] = True
        return found[model.residue_index]

    amino = has("CA") & np.isin(model.atom_names, PROTEIN_BACKBONE)
    glycosidic = np.where(has("N9"), model.atom_names == "N9", model.atom_names == "N1")
    nucleic = has("C4'") & (np.isin(model.atom_names, ("P", "C4'")) | glycosidic)
    either: NDArray[np.bool_] = (amino & ~has("C4'")) | nucleic
    return either
