"""Which residues of a model form unbroken stretches of protein or nucleic-acid backbone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel

_PEPTIDE_BREAK = 2.5
_CA_BREAK = 4.6
_SUGAR_BREAK = 9.5
BACKBONE = ("N", "CA", "C", "O")


@dataclass(frozen=True, eq=False)
class Stretch:
    """Residues that follow one another without a gap (n of them).

    Attributes
    ----------
    trace : int (n,), atom index of each residue's CA, or C4' of a nucleotide
    backbone : int (n, 4), atom indices of N, CA, C, O; -1 where one is missing; None for nucleic acids
    """

    trace: NDArray[np.int64]
    backbone: NDArray[np.int64] | None

    @property
    def complete(self) -> bool:
        """Whether it is protein with every backbone atom."""
        return self.backbone is not None and bool((self.backbone >= 0).all())


def find_atoms(model: AtomicModel, name: str) -> NDArray[np.int64]:
    """Atom index (residues,) of the atom of that name in each residue, -1 where there is none in the fit."""
    count = int(model.residue_index.max()) + 1
    found = np.full(count, -1, np.int64)
    here = np.flatnonzero((model.atom_names == name) & model.in_fit)[::-1]
    found[model.residue_index[here]] = here
    return found


def protein_stretches(model: AtomicModel) -> list[Stretch]:
    """Stretches of two residues and more; broken between chains, where C-N > 2.5 Å, or where CA-CA > 4.6 Å if either is missing."""
    backbone = np.stack([find_atoms(model, name) for name in BACKBONE], axis=1)
    is_carbon = model.atomic_numbers[backbone[:, 1]] == 6
    residues = np.flatnonzero((backbone[:, 1] >= 0) & is_carbon)
    if len(residues) == 0:
        return []
    here = backbone[residues]
    xyz = model.coordinates
    before, after = here[:-1], here[1:]
    bond = np.linalg.norm(xyz[before[:, 2]] - xyz[after[:, 0]], axis=1)
    step = np.linalg.norm(xyz[before[:, 1]] - xyz[after[:, 1]], axis=1)
    both = (before[:, 2] >= 0) & (after[:, 0] >= 0)
    broken = np.where(both, bond > _PEPTIDE_BREAK, step > _CA_BREAK)
    broken |= model.chain_names[before[:, 1]] != model.chain_names[after[:, 1]]
    return [Stretch(part[:, 1], part) for part in np.split(here, np.flatnonzero(broken) + 1) if len(part) > 1]


def nucleic_stretches(model: AtomicModel) -> list[Stretch]:
    """Stretches of two nucleotides and more, broken between chains and where C4' are further apart than 9.5 Å."""
    sugar = find_atoms(model, "C4'")
    here = sugar[sugar >= 0]
    if len(here) == 0:
        return []
    step = np.linalg.norm(np.diff(model.coordinates[here], axis=0), axis=1)
    broken = (step > _SUGAR_BREAK) | (model.chain_names[here[:-1]] != model.chain_names[here[1:]])
    return [Stretch(part, None) for part in np.split(here, np.flatnonzero(broken) + 1) if len(part) > 1]
