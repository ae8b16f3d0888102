"""The part of a map that is near the eye, with values between its voxels, so that its surface has no facets there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.density_map import DensityMap

NEAR = (7.0, 9.0, 12.0, 16.0, 22.0, 30.0)
"""Pixels that voxels have at least where that is worth it; the later ones where it would be too much otherwise."""
_SMOOTH = 3.5
"""Pixels between values that are near enough to one another."""
_MOST_TIMES = 4
_MOST_VALUES, _MOST_VERTICES = 6_000_000, 130_000
_EDGE = 1.1
"""How far beyond the edges of the view it goes, over half of that."""
_REACH = 6
"""Voxels beyond a part that its values depend on."""

Box = tuple[NDArray[np.int64], NDArray[np.int64]]
"""First and last voxel, each as x, y, z."""


@dataclass(frozen=True)
class Sight:
    """Where one looks from.

    Attributes
    ----------
    matrix : the 16 numbers, row by row, that take x, y, z in Å and 1 to the screen, from -1 to 1 once divided by the last
    pixels : that 1 Å has on the screen where the last is 1
    """

    matrix: tuple[float, ...]
    pixels: float

    def of_moved(self, matrix: Sequence[float]) -> "Sight":
        """The same of what is drawn moved by a matrix in Å, 16 numbers row by row."""
        both = np.array(self.matrix).reshape(4, 4) @ np.array(matrix).reshape(4, 4)
        return Sight(tuple(both.ravel().tolist()), self.pixels)


def pixels_of_voxels(density: DensityMap, sight: Sight) -> float:
    """That a voxel in the middle of a map has on the screen, along one edge."""
    far = float(np.array(sight.matrix[12:]) @ [*(density.origin + density.box / 2), 1.0])
    return sight.pixels * float(density.voxel_size.mean()) / max(far, 1e-6)


def near_part(vertices: NDArray[np.float32], density: DensityMap, step: int, sight: Sight) -> tuple[Box, int] | None:
    """The part of a map that is to be drawn finely, and how many values a voxel then has along each axis.

    It holds what is seen of the surface from near enough to tell the voxels, and no more than can be drawn quickly.

    Parameters
    ----------
    vertices : (V, 3), Å, of the surface as it is
    step : every so many voxels were contoured; the part begins and ends with such voxels

    Returns
    -------
    None where no voxel is seen from near, or too many are.
    """
    seen = np.concatenate([vertices, np.ones((len(vertices), 1), np.float32)], axis=1) @ np.array(sight.matrix, np.float32).reshape(4, 4).T
    far = np.maximum(seen[:, 3], 1e-6)
    inside = (seen[:, 3] > 0) & (np.abs(seen[:, :2]) <= _EDGE * far[:, None]).all(axis=1)
    large = sight.pixels * float(density.voxel_size.mean()) * step / far
    cells = (vertices - density.origin) / (density.voxel_size * step)
    last = (density.shape_xyz - 1) // step
    for least in NEAR:
        chosen = inside & (large >= least)
        if not chosen.any():
            return None
        low = np.clip(np.floor(cells[chosen].min(axis=0)), 0, last - 1).astype(np.int64)
        high = np.clip(np.floor(cells[chosen].max(axis=0)) + 1, 1, last).astype(np.int64)
        count = int(((cells >= low) & (cells <= high)).all(axis=1).sum())
        wanted = min(-(-float(np.median(large[chosen])) // (_SMOOTH * step)), _MOST_TIMES)
        for times in range(int(max(wanted, 1)), 1 if step == 1 else 0, -1):
            values = np.prod((high - low) * step * times + 1.0)
            if values <= _MOST_VALUES and count * (step * times) ** 2 <= _MOST_VERTICES:
                return (low * step, high * step), times
    return None


def supersampled(density: DensityMap, box: Box, times: int) -> DensityMap:
    """A part of a map with ``times`` values a voxel along each axis, by cubic splines through the voxels, which keep their values."""
    low, high = box
    first = np.maximum(low - _REACH, 0)
    last = np.minimum(high + _REACH, density.shape_xyz - 1)
    (x, y, z), (to_x, to_y, to_z) = first, last + 1
    values = density.values[z:to_z, y:to_y, x:to_x]
    for axis in range(3):
        side = 2 - axis  # values have x last
        begin, count = int(low[side] - first[side]), int(high[side] - low[side])
        values = _along(values, axis, begin, count, times)
    return DensityMap(values, density.voxel_size / times, density.origin + low * density.voxel_size)


def _along(values: NDArray[np.float32], axis: int, begin: int, count: int, times: int) -> NDArray[np.float32]:
    """The spline along one axis, from value ``begin`` on over ``count`` steps."""
    if times == 1:
        return np.take(values, range(begin, begin + count + 1), axis)
    from scipy.ndimage import spline_filter1d  # which the window does not need to come up

    weights = np.pad(spline_filter1d(values, 3, axis, np.float32), [(2, 2) if one == axis else (0, 0) for one in range(3)], mode="reflect")
    weights = np.moveaxis(weights, axis, 0)
    made = np.empty((count * times + 1, *weights.shape[1:]), np.float32)
    for phase in range(times):
        at = phase / times
        shares = ((1 - at) ** 3, 3 * at**3 - 6 * at**2 + 4, -3 * at**3 + 3 * at**2 + 3 * at + 1, at**3)
        rows = count + (phase == 0)
        part = made[phase::times]
        part[:] = 0
        for offset, share in enumerate(shares):
            start = begin + 1 + offset
            part += np.float32(share / 6) * weights[start : start + rows]
    return np.ascontiguousarray(np.moveaxis(made, 0, axis))


def near_any(points: NDArray[np.float32], others: NDArray[np.float32], density: DensityMap, box: Box) -> NDArray[np.bool_]:
    """Which points (n, 3) in a part of a map lie within a voxel or two of some of the others (m, 3)."""
    from scipy.ndimage import binary_dilation

    low, high = box
    taken = np.zeros(high - low + 1, bool)

    def cells(places: NDArray[np.float32]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = np.rint((places - density.origin) / density.voxel_size).astype(np.int64) - low
        return found

    at = cells(others)
    at = at[((at >= 0) & (at <= high - low)).all(axis=1)]
    taken[tuple(at.T)] = True
    taken = binary_dilation(taken, np.ones((3, 3, 3), bool))
    found: NDArray[np.bool_] = taken[tuple(np.clip(cells(points), 0, high - low).T)]
    return found
