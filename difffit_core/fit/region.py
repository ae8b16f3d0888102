"""Where a fit may look: inside a sphere."""

import numpy as np

from difffit_core.conventions import position_to_index, reverse_axes
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.sphere import Sphere

EDGE = 3.0
"""Voxels over which density fades out beyond a mask, so that its rim is no feature of the map."""


def masked(density_map: DensityMap, sphere: Sphere, level: float, at_least: float = 0.0) -> DensityMap:
    """The part of a map inside a sphere; beyond it density fades into the median of what lies below the contour ``level``.

    A sphere of a radius below ``at_least`` Å is taken as one of that radius.

    Raises
    ------
    UserError
        If no voxel of the map lies inside.
    """
    middle, edge = np.array(sphere.centre), EDGE * float(density_map.voxel_size.mean())
    reach = max(sphere.radius, at_least) + edge
    low, high = (position_to_index(middle + sign * reach, density_map.voxel_size, density_map.origin) for sign in (-1, 1))
    shape = density_map.shape_xyz
    start, stop = np.clip(np.ceil(low), 0, shape).astype(int), np.clip(np.floor(high) + 1, 0, shape).astype(int)
    if (start >= stop).any():
        raise UserError(f"{density_map.path or density_map.name}: no part of the map lies in {sphere}")
    box = tuple(slice(a, b) for a, b in zip(reverse_axes(start), reverse_axes(stop), strict=True))
    values = density_map.values[box]
    origin = density_map.origin + start * density_map.voxel_size
    axes = [(origin[i] + density_map.voxel_size[i] * np.arange(stop[i] - start[i]) - middle[i]) ** 2 for i in range(3)]
    distance = np.sqrt(axes[2][:, None, None] + axes[1][:, None] + axes[0]).astype(np.float32)
    fading = np.clip(1 - (reach - distance) / edge, 0, 1)
    low_values = values[values <= level]
    ground = np.float32(np.median(low_values) if low_values.size else level)
    return DensityMap(values + fading * (ground - values), density_map.voxel_size, origin, density_map.name, density_map.path)
