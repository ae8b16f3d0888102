"""Whether one state of a model agrees with a map better than another, beyond chance."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.significance import TOLD_APART, told_apart
from difffit_core.ops.simulate import SIGMA_PER_RESOLUTION
from difffit_core.refine.bending.blur import drawn

__all__ = ["TOLD_APART", "correlation", "covered_volume", "lead", "lead_in", "simulated"]

_COVERED = 0.05
_FEWEST = 4.0
_LEAST_APART = 1e-4


def lead_in(density: DensityMap, points: Array, than: Array, weights: Array, resolution: float, volume: float) -> float:
    """By how many standard deviations atoms at ``points`` (N, 3) in Å correlate better with a map ``than`` where they were, (N, 3).

    ``weights`` (N,) are those of the atoms, ``resolution`` is in Å, and the model covers ``volume`` Å³. The voxels that either covers
    count.
    """
    after, before = (simulated(density, one, weights, resolution) for one in (points, than))
    here, there = (own > _COVERED * own.max(initial=0.0) for own in (after, before))
    either = here | there
    if np.count_nonzero(either) < 3:
        return 0.0
    seen = density.values[either]
    after, before = after[either], before[either]
    return lead(correlation(after, seen), correlation(before, seen), correlation(after, before), volume / resolution**3)


def lead(after: float, before: float, alike: float, elements: float) -> float:
    """By how many standard deviations the correlation ``after`` stands above that ``before``, both with one map; see `told_apart`.

    ``alike`` is the correlation of the two states with each other, and ``elements`` the number of independent resolution elements.
    """
    if after == before or alike > 1 - _LEAST_APART**2:
        return 0.0
    return float(told_apart(after, np.array([before]), np.array([alike]), max(elements, _FEWEST))[0])


def simulated(density: DensityMap, points: Array, weights: Array, resolution: float) -> NDArray[np.float32]:
    """What atoms at ``points`` (N, 3) in Å put on the grid of a map, [z, y, x]."""
    width = SIGMA_PER_RESOLUTION * resolution / density.voxel_size[::-1]
    return drawn((points - density.origin) / density.voxel_size, weights, width, density.values.shape)


def covered_volume(density: DensityMap, points: Array, weights: Array, resolution: float) -> float:
    """Å³ of a map that atoms at ``points`` (N, 3) in Å cover."""
    own = simulated(density, points, weights, resolution)
    return float(np.count_nonzero(own > _COVERED * own.max(initial=0.0)) * density.voxel_volume)


def correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """About the mean, of values (n,) and (n,); 0 where either is constant."""
    if len(a) < 2:
        return 0.0
    a, b = a - a.mean(dtype=np.float64), b - b.mean(dtype=np.float64)
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / length if length > 0 else 0.0
