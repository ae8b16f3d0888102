"""A part of a map's box, or more than it where the map repeats."""

from dataclasses import replace

import numpy as np

from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.periodic import reaching

_WHOLE = 1e-4
"""Voxels: a corner that is no farther from a voxel's centre than this lies on it."""


def cropped(density_map: DensityMap, low: Array, high: Array) -> tuple[DensityMap, bool]:
    """The voxels of a map from corner ``low`` (3,) to corner ``high`` (3,) in Å, at their places; and whether all of that was there.

    Corners between voxels go outwards. A map that repeats is continued beyond its faces; any other ends at them.

    Raises
    ------
    UserError
        If fewer than two voxels along an axis are left.
    """
    whole = reaching(density_map, low, high)
    first = np.floor(position_to_index(low, whole.voxel_size, whole.origin) + _WHOLE).astype(np.int64)
    last = np.ceil(position_to_index(high, whole.voxel_size, whole.origin) - _WHOLE).astype(np.int64)
    begin, end = np.maximum(first, 0), np.minimum(last, whole.shape_xyz - 1)
    if (end - begin < 1).any():
        near, far = whole.origin, whole.origin + (whole.shape_xyz - 1) * whole.voxel_size
        raise UserError(
            f"{density_map.path or density_map.name}: what is kept must be at least 2 voxels along x, y and z of the map, which lies from "
            f"{_corner(near)} to {_corner(far)} Å, got {_corner(low)} to {_corner(high)} Å"
        )
    inside = bool((first >= 0).all() and (last <= whole.shape_xyz - 1).all())
    x, y, z = (slice(int(a), int(b) + 1) for a, b in zip(begin, end, strict=True))
    values = np.ascontiguousarray(whole.values[z, y, x])
    return replace(whole, values=values, origin=whole.origin + begin * whole.voxel_size, lattice=None, evidence=None), inside


def box_above(density_map: DensityMap, level: float) -> tuple[Array, Array]:
    """Lowest and highest corner (3,) in Å of the voxels at or above a level.

    Raises
    ------
    UserError
        If there are none.
    """
    highest = float(density_map.values.max())
    if not level <= highest:
        raise UserError(
            f"{density_map.path or density_map.name}: the level must be one that density reaches, at most {highest:.4g}, got {level:g}"
        )
    above = density_map.values >= level
    ends: list[tuple[int, int]] = []
    for axis in (2, 1, 0):
        there = np.flatnonzero(above.any(axis=tuple(other for other in range(3) if other != axis)))
        ends.append((int(there[0]), int(there[-1])))
    low, high = (np.array([end[i] for end in ends], np.float64) for i in (0, 1))
    return density_map.origin + low * density_map.voxel_size, density_map.origin + high * density_map.voxel_size


def _corner(point: Array) -> str:
    return ", ".join(f"{number:.5g}" for number in point)
