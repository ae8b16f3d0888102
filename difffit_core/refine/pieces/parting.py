"""Where a chain would part into rigid bodies, by what pulls its residues: turns too small to be seen in any one show in their sum."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array

SHORTEST = 20
"""Residues of a body at the least: what moves fewer is no turn of a body, but a loop."""
_MOST_CUTS = 240
_ROUND = 1e-3


def partings(places: Array, weights: Array, forces: Array) -> Iterator[NDArray[np.int64]]:
    """The best divisions of a chain into two and into three bodies, (n,) each.

    Parameters
    ----------
    places : (n, 3) in Å, of its residues
    weights : (n,), what each resists by
    forces : (n, 3), what pulls each

    A body gains half of its force times the rigid motion that this makes of it; the best division is that whose bodies gain most.
    """
    count = len(places)
    if count < 2 * SHORTEST:
        return
    every = max(1, -(-count // _MOST_CUTS))
    cuts = np.array([0, *range(SHORTEST, count - SHORTEST + 1, every), count])
    gain = _gains(cuts, places - places.mean(axis=0), weights, forces)
    two = gain[0, 1:-1] + gain[1:-1, -1]
    yield _labels(cuts[[1 + int(two.argmax())]], count)
    if count >= 3 * SHORTEST:
        three = gain[0, 1:-1, None] + gain[1:-1, 1:-1] + gain[None, 1:-1, -1]
        first, second = np.unravel_index(int(three.argmax()), three.shape)
        if np.isfinite(three[first, second]):
            yield _labels(cuts[[1 + int(first), 1 + int(second)]], count)


def _gains(cuts: NDArray[np.int64], places: Array, weights: Array, forces: Array) -> Array:
    """What the residues from one cut to before another gain as a body, (cuts, cuts); -inf where they are too few."""
    x = places
    inertia = weights[:, None, None] * ((x**2).sum(axis=1)[:, None, None] * np.eye(3) - x[:, :, None] * x[:, None, :])
    weight, middle, force, torque, turning = (
        _between(cuts, column) for column in (weights, weights[:, None] * x, forces, np.cross(x, forces), inertia)
    )
    gain = np.full((len(cuts), len(cuts)), -np.inf)
    long = cuts[None, :] - cuts[:, None] >= SHORTEST
    weight, middle, force, torque, turning = (column[long] for column in (weight, middle, force, torque, turning))
    centre = middle / weight[:, None]
    torque = torque - np.cross(centre, force)
    own = (centre**2).sum(axis=1)[:, None, None] * np.eye(3) - centre[:, :, None] * centre[:, None, :]
    turning = turning - weight[:, None, None] * own
    turning += _ROUND * np.trace(turning, axis1=1, axis2=2)[:, None, None] * np.eye(3)
    turn = np.linalg.solve(turning, torque[..., None])[..., 0]
    gain[long] = 0.5 * ((force**2).sum(axis=1) / weight + (torque * turn).sum(axis=1))
    return gain


def _between(cuts: NDArray[np.int64], column: Array) -> Array:
    """Sums of a column (n, ...) from one cut to before another, (cuts, cuts, ...)."""
    sums = np.concatenate([np.zeros((1, *column.shape[1:])), np.cumsum(column, axis=0)])[cuts]
    between: Array = sums[None, :] - sums[:, None]
    return between


def _labels(cuts: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    return np.searchsorted(np.sort(cuts), np.arange(count), side="right").astype(np.int64)
