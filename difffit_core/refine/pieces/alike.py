"""The same pieces moved in all copies of a chain."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.pose import Pose
from difffit_core.refine.bending.alike import Copies
from difffit_core.refine.pieces.move import Arranged
from difffit_core.refine.pieces.superpose import superposed
from difffit_core.refine.request import Step

_FEWEST = 30
"""Atoms of a piece by which one tells where a copy stands."""


def arranged_alike(found: Arranged, before: Array, copies: Copies, of_atom: NDArray[np.int64], fits: Callable[[Array], float]) -> Arranged:
    """All copies arranged as that one is whose arrangement, given to all, fits the map best.

    Parameters
    ----------
    found : each copy arranged on its own
    before : (M, 3) in Å, the fitted atoms before anything was moved
    copies : which atoms stand for one another
    of_atom : (M,), the residue of each
    fits : how well atoms at (M, 3) in Å fit the map
    """
    steps = found.steps
    for rows in copies:
        moved = [float(np.abs(found.points[row] - before[row]).max()) > 0 for row in rows]
        if not any(moved):
            continue
        between = _between(found, before, rows, of_atom)
        ways = [k for k in range(len(rows)) if moved[k]]
        given = {k: _given(found.points, rows, k, between) for k in ways}
        best = max(ways, key=lambda k: fits(given[k]))
        labels = found.labels.copy()
        for row in rows:
            labels[of_atom[row]] = found.labels[of_atom[rows[best]]]
        spread = tuple(_given(points, rows, best, between) for points in found.spread)
        steps = (*steps, Step("alike", True, f"{len(rows)} copies arranged alike, as number {best + 1} of them, which fits best"))
        found = replace(found, points=given[best], spread=spread, labels=labels, steps=steps)
    return found


def _between(found: Arranged, before: Array, rows: NDArray[np.int64], of_atom: NDArray[np.int64]) -> list[list[Pose]]:
    """The pose that takes copy k to where copy j stands, by k and j: by the pieces that stayed."""
    bases = [_base(found.points[row], before[row], found.labels[of_atom[row]]) for row in rows]
    return [
        [bases[j].compose(superposed(before[rows[k]], before[rows[j]])).compose(bases[k].invert()) for j in range(len(rows))]
        for k in range(len(rows))
    ]


def _base(points: Array, before: Array, labels: NDArray[np.int64]) -> Pose:
    """How the piece that moved least has moved."""
    pieces = [piece for number in np.unique(labels) if np.count_nonzero(piece := labels == number) >= _FEWEST]
    least = min(pieces or [labels == labels], key=lambda piece: float(((points[piece] - before[piece]) ** 2).mean()))
    return superposed(before[least], points[least])


def _given(points: Array, rows: NDArray[np.int64], donor: int, between: list[list[Pose]]) -> Array:
    """The atoms (M, 3) with the arrangement of one copy given to all."""
    given = points.copy()
    for j, row in enumerate(rows):
        if j != donor:
            given[row] = between[donor][j].apply(points[rows[donor]])
    return given
