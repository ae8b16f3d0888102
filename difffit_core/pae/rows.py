"""Which rows of a matrix of predicted aligned errors are those of a residue."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel

if TYPE_CHECKING:
    import gemmi

Rows = list[NDArray[np.int64]]
Token = tuple[str, int]


def rows_of(model: AtomicModel, count: int, tokens: tuple[Token, ...] | None) -> tuple[Rows | None, str]:
    """The rows of each residue of the model that has atoms in the fit, in file order; or None and what is wrong.

    Rows without names are the residues in the fit, if there are as many. Else they are those of the whole file: a row for each residue of
    a protein or nucleic acid and one for each atom of everything else (Boltz, Chai and others; modified residues one or the other), or
    one for each residue.

    Parameters
    ----------
    model : what the rows are wanted of; its ``structure`` may hold more
    count : of rows
    tokens : chain and residue number of each row, where the file names them
    """
    atoms = np.flatnonzero(model.in_fit)
    _, first = np.unique(model.residue_index[atoms], return_index=True)
    wanted = [(str(model.chain_names[atom]), int(model.residue_numbers[atom])) for atom in atoms[first]]
    if tokens is None:
        if len(wanted) == count:
            return [np.array([row]) for row in range(count)], ""
        tokens = next((names for names in _namings(model) if len(names) == count), None)
        if tokens is None:
            return None, f" with its {len(wanted)} residues, got {count}"
    rows: dict[Token, list[int]] = {}
    for row, token in enumerate(tokens):
        rows.setdefault(token, []).append(row)
    missing = [name for name in wanted if name not in rows]
    if missing:
        chain, number = missing[0]
        return None, f", got none for residue {number} of chain {chain}"
    return [np.array(rows[name]) for name in wanted], ""


def _namings(model: AtomicModel) -> Iterator[tuple[Token, ...]]:
    """What the rows may be, as chain and residue number, in the file's order."""
    if model.structure is None or len(model.structure) == 0:
        return
    residues = [(chain.name, residue) for chain in model.structure[0] for residue in chain if not residue.is_water()]
    ways: tuple[Callable[[gemmi.Residue], int], ...] = (_by_atoms, _by_atoms_of_ligands, lambda _: 1)
    for number in ways:
        yield tuple((chain, residue.seqid.num or 0) for chain, residue in residues for _ in range(number(residue)))


def _by_atoms(residue: "gemmi.Residue") -> int:
    """One row for a standard residue, one an atom (but hydrogen) for others."""
    import gemmi

    return 1 if gemmi.find_tabulated_residue(residue.name).is_standard() else _heavy(residue)


def _by_atoms_of_ligands(residue: "gemmi.Residue") -> int:
    """One row for a residue of a chain, modified or not, one an atom for others."""
    import gemmi

    info = gemmi.find_tabulated_residue(residue.name)
    linked = info.is_amino_acid() or info.is_nucleic_acid()
    return 1 if linked and any(atom.name in ("CA", "C1'") for atom in residue) else _heavy(residue)


def _heavy(residue: "gemmi.Residue") -> int:
    return len({atom.name for atom in residue if not atom.is_hydrogen()})
