"""Copies of one chain, kept alike while they are bent."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.refine.pieces.superpose import superposed

Copies = tuple[NDArray[np.int64], ...]
"""For each chain that there are copies of, which fitted atoms (copies, atoms) stand for one another."""
_ALIKE = 0.8
"""Share of atoms that two copies have in common, by residue number, residue name and atom name, at the least."""
_FEWEST = 3


def copies_in(model: AtomicModel, held: NDArray[np.bool_]) -> Copies:
    """The copies among the chains of a model; chains with atoms that are ``held`` (M,) take no part."""
    fit = model.in_fit
    chains, names, residues = model.chain_names[fit], model.atom_names[fit].tolist(), model.residue_names[fit].tolist()
    keys = list(zip(model.residue_numbers[fit].tolist(), residues, names, strict=True))
    families: list[list[dict[tuple[int, str, str], int]]] = []
    for chain in dict.fromkeys(chains.tolist()):
        atoms = np.flatnonzero(chains == chain)
        if held[atoms].any():
            continue
        often = Counter(keys[atom] for atom in atoms)
        mine = {keys[atom]: int(atom) for atom in atoms if often[keys[atom]] == 1}
        for family in families:
            if len(family[0].keys() & mine.keys()) >= _ALIKE * max(len(family[0]), len(mine)):
                family.append(mine)
                break
        else:
            families.append([mine])
    return tuple(_rows(family) for family in families if len(family) > 1 and len(_shared(family)) >= _FEWEST)


def likened(x: Array, copies: Copies) -> None:
    """Give all copies among atoms ``x`` (N, 3) in Å the mean of their conformations, each where it is; in place."""
    for rows in copies:
        mean = np.mean([superposed(x[row], x[rows[0]]).apply(x[row]) for row in rows], axis=0)
        for row in rows:
            x[row] = superposed(mean, x[row]).apply(mean)


def _shared(family: Sequence[dict[tuple[int, str, str], int]]) -> list[tuple[int, str, str]]:
    return [key for key in family[0] if all(key in one for one in family[1:])]


def _rows(family: Sequence[dict[tuple[int, str, str], int]]) -> NDArray[np.int64]:
    shared = _shared(family)
    return np.array([[one[key] for key in shared] for one in family], np.int64)
