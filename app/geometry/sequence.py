"""The residues of a model as rows of letters, one a chain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel

OTHER = "•"
"""Stands for what has no letter: a ligand, an ion."""


@dataclass(frozen=True, eq=False)
class Row:
    """A chain: ``residues`` (n,) by their `AtomicModel.residue_index`, a letter of each, ``names`` and ``numbers`` (n,) as in the file."""

    chain: str
    residues: NDArray[np.int64]
    letters: str
    names: tuple[str, ...]
    numbers: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.residues)

    def breaks(self) -> NDArray[np.int64]:
        """Places (m,) before which residue numbers jump: something is missing there."""
        return np.flatnonzero(np.diff(self.numbers) > 1) + 1


def rows_of(model: AtomicModel) -> tuple[Row, ...]:
    """A row for each chain, of the residues that count in a fit, in the order of the file."""
    import gemmi

    atoms = np.flatnonzero(model.in_fit)
    residues, first = np.unique(model.residue_index[atoms], return_index=True)
    atoms = atoms[first]
    chains, names, numbers = model.chain_names[atoms], model.residue_names[atoms], model.residue_numbers[atoms]
    letters = {name: _letter(gemmi.find_tabulated_residue(name)) for name in np.unique(names).tolist()}
    rows = []
    for chain in model.chains:
        here = chains == chain
        if here.any():
            called = tuple(names[here].tolist())
            row = Row(
                chain, residues[here].astype(np.int64), "".join(letters[name] for name in called), called, numbers[here].astype(np.int64)
            )
            rows.append(row)
    return tuple(rows)


def _letter(entry: object) -> str:
    code = str(getattr(entry, "one_letter_code", " ")).strip().upper()
    return code if len(code) == 1 and code.isalpha() else OTHER
