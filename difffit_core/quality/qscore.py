"""Q-score: how much the map round each atom looks like that of a well-resolved atom.

Pintilie, Zhang, Su, Li, Schmid, Chiu, "Measurement of atom resolvability in cryo-EM maps with Q-scores", Nature Methods 17 (2020) 328-334.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled
from difffit_core.fit.request import CancelFlag
from difffit_core.ops.compiled import compiled
from difffit_core.periodic import around
from difffit_core.pose import Pose
from difffit_core.quality.sample import sample

SIGMA = 0.6
"""Of the Gaussian that a well-resolved atom would have, Å."""
SHELLS = np.arange(1, 21) * 0.1
"""Radii in Å of the shells; the atom's own place stands for radius 0."""
POINTS = 8
"""Points a shell."""
_CLOSER = 0.9
"""A point is dropped where another atom is nearer than this share of the shell's radius, as in the authors' own program."""
_DIRECTIONS = 200
_AT_A_TIME = 2000


def q_scores(density_map: DensityMap, model: AtomicModel, pose: Pose, cancel: CancelFlag | None = None) -> Array:
    """Q-score (M,) of every fitted atom; 1 is an atom resolved as at about 1.3 Å, 0 and below is none.

    The correlation about the mean, over points in shells up to 2 Å round the atom that are not nearer to another, of the map with a
    Gaussian of the distance. Points outside the map count as 0; NaN for an atom that has no point of its own in any shell.

    Raises
    ------
    FitCancelled
        If ``cancel``, which is looked at a few times a second, was set.
    """
    points = pose.apply(model.fit_coordinates)
    density_map = around(density_map, points, 2 * float(SHELLS[-1]) + float(density_map.voxel_size.max()))
    starts, neighbours = _neighbours(points, float(SHELLS[-1]) * (1 + _CLOSER))
    result = np.empty(len(points))
    for first in range(0, len(points), _AT_A_TIME):
        if cancel is not None and cancel.is_set():
            raise FitCancelled("stopped before all atoms were judged")
        last = min(first + _AT_A_TIME, len(points))
        where, counts = _own_points(points, starts, neighbours, first, last, _directions(), SHELLS, POINTS, _CLOSER)
        result[first:last] = _correlation_with_gaussian(density_map, points[first:last], where, counts)
    return result


def _correlation_with_gaussian(density_map: DensityMap, atoms: Array, where: Array, counts: NDArray[np.int64]) -> Array:
    """For ``atoms`` (m, 3): their own points ``where`` (m, shells, points, 3), the first ``counts`` (m, shells) of them in use."""
    used = np.arange(POINTS) < counts[..., None]
    at_centre = np.repeat(sample(density_map, atoms)[:, None], POINTS, axis=1)
    in_shells = np.zeros(used.shape)
    in_shells[used] = sample(density_map, where[used])
    weight = np.concatenate([np.ones_like(at_centre), used.reshape(len(atoms), -1)], axis=1)
    values = np.concatenate([at_centre, in_shells.reshape(len(atoms), -1)], axis=1)
    gaussian = np.exp(-0.5 * (np.repeat(np.concatenate([[0.0], SHELLS]), POINTS) / SIGMA) ** 2)
    number = weight.sum(axis=1)
    centred = (values - ((values * weight).sum(axis=1) / number)[:, None]) * weight
    expected = (gaussian - (weight @ gaussian / number)[:, None]) * weight
    lengths = np.linalg.norm(centred, axis=1) * np.linalg.norm(expected, axis=1)
    scores = np.divide((centred * expected).sum(axis=1), lengths, out=np.zeros(len(atoms)), where=lengths > 1e-12 * np.abs(values).max())
    return np.where(counts.any(axis=1), scores, np.nan)


def _neighbours(points: Array, reach: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of every point (M, 3) those within ``reach``, nearest first: the (M + 1,) starts of the lists, one after the other."""
    pairs = cKDTree(points).query_pairs(reach, output_type="ndarray")
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    distance = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
    pairs = pairs[np.lexsort((distance, pairs[:, 0]))]
    return np.searchsorted(pairs[:, 0], np.arange(len(points) + 1)), np.ascontiguousarray(pairs[:, 1], np.int64)


@cache
def _directions() -> Array:
    """Unit vectors (shells, directions, 3), the first few of which are as evenly spread as all: each shell turned on from the last."""
    number = np.arange(_DIRECTIONS)
    halves = np.zeros(_DIRECTIONS)
    for bit in range(8):
        halves += ((number >> bit) & 1) / 2 ** (bit + 1)
    z = 1 - 2 * (halves + 0.5 / 256)
    golden = np.pi * (3 - np.sqrt(5))
    angle = golden * (number + np.arange(len(SHELLS))[:, None] * 0.37)
    across = np.sqrt(1 - z**2)
    return np.stack([across * np.cos(angle), across * np.sin(angle), np.broadcast_to(z, angle.shape)], axis=-1)


@compiled(nogil=True, error_model="numpy")
def _own_points(
    points: Array,
    starts: NDArray[np.int64],
    neighbours: NDArray[np.int64],
    first: int,
    last: int,
    directions: Array,
    shells: Array,
    wanted: int,
    closer: float,
) -> tuple[Array, NDArray[np.int64]]:
    """In each shell of the atoms from ``first`` to ``last``, the first directions that lead to no other atom."""
    where = np.zeros((last - first, len(shells), wanted, 3))
    counts = np.zeros((last - first, len(shells)), np.int64)
    for atom in range(first, last):
        for shell in range(len(shells)):
            radius = shells[shell]
            limit = (closer * radius) ** 2
            found = 0
            for direction in range(directions.shape[1]):
                x = points[atom, 0] + radius * directions[shell, direction, 0]
                y = points[atom, 1] + radius * directions[shell, direction, 1]
                z = points[atom, 2] + radius * directions[shell, direction, 2]
                free = True
                for i in range(starts[atom], starts[atom + 1]):
                    other = neighbours[i]
                    dx, dy, dz = x - points[other, 0], y - points[other, 1], z - points[other, 2]
                    if dx * dx + dy * dy + dz * dz < limit:
                        free = False
                        break
                if free:
                    where[atom - first, shell, found, 0] = x
                    where[atom - first, shell, found, 1] = y
                    where[atom - first, shell, found, 2] = z
                    found += 1
                    if found == wanted:
                        break
            counts[atom - first, shell] = found
    return where, counts
