"""What a line of sight meets: the surface or a slice of a map, an atom of a model."""

import numpy as np
from numpy.typing import NDArray

from difffit_app.styles import MapStyle
from difffit_core.conventions import position_to_index, reverse_axes
from difffit_core.density_map import DensityMap

Array = NDArray[np.float64]

_SAMPLES_A_VOXEL = 2


def density_at(density: DensityMap, points: Array) -> Array:
    """Values (n,) at points (n, 3) in Å, trilinear; NaN outside the box."""
    from scipy.ndimage import map_coordinates

    index = np.asarray(reverse_axes(position_to_index(points, density.voxel_size, density.origin)), np.float64)
    return np.asarray(map_coordinates(density.values, index.T, np.float64, order=1, mode="constant", cval=np.nan))


def slice_numbers(style: MapStyle, density: DensityMap) -> tuple[int, int, int]:
    """Voxel numbers (x, y, z) of a map's slices, within the map."""
    last = density.shape_xyz - 1
    numbers = last // 2 if style.slices is None else np.clip(style.slices, 0, last)
    return int(numbers[0]), int(numbers[1]), int(numbers[2])


def on_surface(density: DensityMap, level: float, start: Array, direction: Array) -> float | None:
    """Distance in Å along a ray (unit ``direction``) to where the map first comes up to the level; None if it never does."""
    span = _within_box(density, start, direction)
    if span is None:
        return None
    enter, leave = span
    spacing = float(density.voxel_size.min()) / _SAMPLES_A_VOXEL
    distance = np.linspace(enter, leave, max(2, int((leave - enter) / spacing) + 1))
    values = np.nan_to_num(density_at(density, start + distance[:, None] * direction), nan=-np.inf)
    above = values >= level
    if not above.any():
        return None
    first = int(np.argmax(above))
    if first == 0 or not np.isfinite(values[first - 1]):
        return float(distance[first])
    share = (level - values[first - 1]) / (values[first] - values[first - 1])
    return float(distance[first - 1] + share * (distance[first] - distance[first - 1]))


def on_slice(density: DensityMap, axis: int, number: int, start: Array, direction: Array) -> float | None:
    """Distance in Å along a ray to the slice with that voxel number along an axis (0 for x); None if it passes by."""
    if direction[axis] == 0:
        return None
    place = density.origin[axis] + number * density.voxel_size[axis]
    distance = float((place - start[axis]) / direction[axis])
    point = start + distance * direction
    last = density.origin + (density.shape_xyz - 1) * density.voxel_size
    others = np.arange(3) != axis
    inside = (point >= density.origin)[others].all() and (point <= last)[others].all()
    return distance if inside and distance > 0 else None


def on_atoms(coordinates: Array, reach: float, start: Array, direction: Array) -> tuple[int, float] | None:
    """The first of the atoms (n, 3) that a ray passes within ``reach`` Å, and the distance to it."""
    to_atom = coordinates - start
    along = to_atom @ direction
    off = np.einsum("ij,ij->i", to_atom, to_atom) - along**2
    met = np.flatnonzero((off <= reach**2) & (along > 0))
    if len(met) == 0:
        return None
    nearest = int(met[np.argmin(along[met])])
    return nearest, float(along[nearest])


def _within_box(density: DensityMap, start: Array, direction: Array) -> tuple[float, float] | None:
    """Where a ray enters and leaves the box between the outermost voxel centres."""
    last = density.origin + (density.shape_xyz - 1) * density.voxel_size
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([(density.origin - start) / direction, (last - start) / direction])
    ends = np.where(np.isnan(ends), [[-np.inf], [np.inf]], ends)
    enter, leave = max(float(ends.min(axis=0).max()), 0.0), float(ends.max(axis=0).min())
    return (enter, leave) if leave > enter else None
