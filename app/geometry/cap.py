"""Where a plane cuts a map: the part of the plane that lies above the level."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.filled import filled
from difffit_app.geometry.pick import density_at
from difffit_core.density_map import DensityMap

Array = NDArray[np.float64]

_FINEST = 0.7
"""Of a voxel: what is finer shows no more."""
_WITHIN = 1e-6
"""Å that samples at the ends keep to the box."""


def cap(density: DensityMap, level: float, point: Array, normal: Array, most: int) -> tuple[Array, NDArray[np.int64]] | None:
    """Points (n, 3) in Å and triangles (m, 3) of a plane through a ``point``, sampled ``most`` times along each side at most.

    None where the plane passes by the box.
    """
    corners = _crossings(density, point, normal)
    if corners is None:
        return None
    across = np.cross(normal, np.eye(3)[np.argmin(np.abs(normal))])
    axes = np.stack([across / np.linalg.norm(across), np.cross(normal, across / np.linalg.norm(across))])
    flat = (corners - point) @ axes.T
    low, size = flat.min(axis=0) + _WITHIN, np.maximum(np.ptp(flat, axis=0) - 2 * _WITHIN, _WITHIN)
    rows, columns = (np.ceil(size / max(_FINEST * float(density.voxel_size.min()), float(size.max()) / most)).astype(int) + 1).tolist()
    step = size / (rows - 1, columns - 1)
    grid = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=-1).reshape(-1, 2)
    values = density_at(density, point + (low + step * grid) @ axes)
    values = np.nan_to_num(values, nan=_below(level)).reshape(rows, columns)
    places, triangles = filled(values, level)
    return point + (low + step * places) @ axes, triangles


def _below(level: float) -> float:
    """So far below the level that what is in the box goes to its end."""
    return level - 1e6 * max(abs(level), 1.0)


def _crossings(density: DensityMap, point: Array, normal: Array) -> Array | None:
    """Where a plane crosses the edges of the box (n, 3)."""
    ends = np.stack([density.origin, density.origin + (density.shape_xyz - 1) * density.voxel_size])
    found = []
    for axis, (i, j) in product(range(3), product(range(2), repeat=2)):
        others = [other for other in range(3) if other != axis]
        first, last = ends[0].copy(), ends[1].copy()
        first[others], last[others] = (ends[(i, j), others],) * 2
        before, after = (first - point) @ normal, (last - point) @ normal
        if (before >= 0) != (after >= 0):
            found.append(first + before / (before - after) * (last - first))
    return np.array(found) if len(found) > 2 else None
