"""Carrying along the atoms that are not bent themselves: hydrogens, alternate locations, and molecules apart: waters, ions, buffer."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array

_GUIDES, _FEWEST = 6, 3
_TOO_NEAR = 2.2
"""Å between a molecule of its own and other atoms, unless they were nearer before."""
_REACH, _ALIKE = 15.0, 0.5
"""Å to the residues that such a molecule may go with, and between places that are as good as one."""
_PARTED = 1.0
"""Å by which an atom that guides may miss the move of the others."""


def carried(model: AtomicModel, fitted: Array) -> Array:
    """Coordinates (N, 3) in Å of all atoms, with those in the fit at ``fitted`` (M, 3).

    Each other atom goes with the six fitted atoms nearest to it in the file, as one rigid body; so does, as a whole, each residue of which
    no atom is in the fit. Where these six part, or would put it into other atoms, it goes with the nearest residue with which it stays
    clear of them, or, if there is none, with which it comes least near.
    """
    result = model.coordinates.copy()
    result[model.in_fit] = fitted
    own = model.fit_coordinates
    if len(own) < _GUIDES or model.in_fit.all():
        return result
    alone = ~np.isin(model.residue_index, model.residue_index[model.in_fit])
    near = cKDTree(own)
    riding = np.flatnonzero(~model.in_fit & ~alone)
    if len(riding):
        result[riding] = _moved(model.coordinates[riding], *_guides(own, fitted, _nearest(near, model.coordinates[riding])))
    molecules = _molecules(model, alone)
    torn = set()
    for number, atoms in enumerate(molecules):
        distance = np.asarray(near.query(model.coordinates[atoms])[0])
        guides = _nearest(near, model.coordinates[atoms[[distance.argmin()]]])[0]
        way = _guides(own, fitted, guides[None])
        result[atoms] = _moved(model.coordinates[atoms], *way)
        if np.linalg.norm(_moved(own[guides], *way) - fitted[guides], axis=1).max() > _PARTED:
            torn.add(number)
    crowded = _crowded(result, model.residue_index, alone)
    for number, atoms in enumerate(molecules):
        if number in torn or (model.residue_index[atoms[0]] in crowded and not _is_clear(model.coordinates, result, atoms)):
            result[atoms] = _clearest(model, fitted, result, atoms)
    return result


def _molecules(model: AtomicModel, alone: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """The atoms of each residue of which none is in the fit, in file order."""
    atoms = np.flatnonzero(alone)
    return [one for one in np.split(atoms, np.flatnonzero(np.diff(model.residue_index[atoms])) + 1) if len(one)]


def _nearest(tree: "cKDTree[None]", points: Array) -> NDArray[np.int64]:
    """Which atoms (R, 6) of the tree lie nearest to each point."""
    return np.asarray(tree.query(points, k=_GUIDES)[1], np.int64)


def _crowded(placed: Array, residues: NDArray[np.int32], alone: NDArray[np.bool_]) -> set[int]:
    """Those of the residues ``alone`` (N,) that have an atom of another within what is too near."""
    atoms = np.flatnonzero(alone)
    found = cKDTree(placed).query_ball_point(placed[atoms], _TOO_NEAR)
    return {int(residues[atom]) for atom, near in zip(atoms, found, strict=True) if (residues[near] != residues[atom]).any()}


def _is_clear(before: Array, after: Array, atoms: NDArray[np.int64]) -> bool:
    return _least(after, atoms) >= min(_TOO_NEAR, _least(before, atoms))


def _least(coordinates: Array, atoms: NDArray[np.int64]) -> float:
    """Å from these atoms to the nearest of all others."""
    others = np.delete(coordinates, atoms, axis=0)
    return float(np.linalg.norm(others[None] - coordinates[atoms][:, None], axis=-1).min(initial=np.inf))


def _clearest(model: AtomicModel, fitted: Array, placed: Array, atoms: NDArray[np.int64]) -> Array:
    """Coordinates of a molecule, moved with the nearest residue with which it is clear of what is ``placed`` (N, 3)."""
    own, residues = model.fit_coordinates, model.residue_index[model.in_fit]
    distance = np.asarray(cKDTree(model.coordinates[atoms]).query(own)[0])
    order = np.argsort(distance, kind="stable")
    tried, trial = list[Array](), placed.copy()
    for residue in dict.fromkeys(residues[order[distance[order] < _REACH]].tolist()):
        guides = np.flatnonzero(residues == residue)
        if len(guides) < _FEWEST:
            continue
        trial[atoms] = _moved(model.coordinates[atoms], *_guides(own, fitted, guides[None]))
        if any(np.abs(trial[atoms] - one).max() < _ALIKE for one in tried):
            continue
        if _is_clear(model.coordinates, trial, atoms):
            return trial[atoms]
        tried.append(trial[atoms])
    others = np.delete(placed, atoms, axis=0)
    return max(tried or [placed[atoms]], key=lambda one: _least(np.concatenate([one, others]), np.arange(len(atoms))))


def _guides(before: Array, after: Array, chosen: NDArray[np.int64]) -> tuple[Array, Array, Array]:
    """Of groups (R, K) of guiding atoms, the turn (R, 3, 3) and the middles before and after (R, 3)."""
    before, after = before[chosen], after[chosen]
    middle_before, middle_after = before.mean(axis=1), after.mean(axis=1)
    covariance = np.einsum("rki,rkj->rij", before - middle_before[:, None], after - middle_after[:, None])
    left, _, right = np.linalg.svd(covariance)
    proper = np.linalg.det(np.einsum("rij,rjk->rik", left, right)) > 0
    left[~proper, :, 2] *= -1
    return np.einsum("rij,rjk->rik", left, right), middle_before, middle_after


def _moved(points: Array, turn: Array, middle_before: Array, middle_after: Array) -> Array:
    """Points (R, 3), each by its own group, or all by the only one."""
    moved: Array = np.einsum("ri,rij->rj", points - middle_before, np.broadcast_to(turn, (len(points), 3, 3))) + middle_after
    return moved
