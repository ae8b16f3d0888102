"""Where a fit may look: inside a sphere."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, position_to_index, reverse_axes
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError, shown
from difffit_core.pose import FARTHEST

EDGE = 3.0
"""Voxels over which density fades out beyond a mask, so that its rim is no feature of the map."""


@dataclass(frozen=True)
class Sphere:
    """``centre`` (x, y, z) and ``radius``, both in Å.

    Raises
    ------
    UserError
        If the centre is not three lengths within 1e9 Å, or the radius is not a length.
    """

    centre: tuple[float, float, float]
    radius: float

    def __post_init__(self) -> None:
        try:
            x, y, z = (float(value) for value in self.centre)
        except (TypeError, ValueError, OverflowError):
            x = y = z = math.nan
        if not all(abs(value) <= FARTHEST for value in (x, y, z)):
            raise UserError(f"the centre of a sphere must be three finite lengths within {FARTHEST:g} Å, got {shown(self.centre)}")
        radius: Any = self.radius
        if not (isinstance(radius, int | float) and 0 < radius <= 1e5):
            raise UserError(f"the radius of a sphere must lie between 0 and 100 000 Å, got {shown(self.radius)}")

    def holds(self, points: Array) -> NDArray[np.bool_]:
        """Which points (N, 3) in Å lie inside, (N,)."""
        inside: NDArray[np.bool_] = np.linalg.norm(np.asarray(points) - np.array(self.centre), axis=-1) <= self.radius
        return inside

    def __str__(self) -> str:
        x, y, z = self.centre
        return f"the sphere of {self.radius:.4g} Å around ({x:.4g}, {y:.4g}, {z:.4g})"


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
