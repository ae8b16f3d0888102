"""Maps of whole crystallographic cells: what lies beyond the box is what lies in it, a cell away."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, position_to_index, reverse_axes
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.lattice import Lattice

_LARGEST = 1 << 29
_WHOLE = 1e-3


def reaching(density_map: DensityMap, low: Array, high: Array) -> DensityMap:
    """A periodic map continued until it reaches from ``low`` (3,) to ``high`` (3,) in Å; one that does, or is not periodic, as it is.

    Where the cell's axes are x, y and z, voxels are repeated; otherwise they are interpolated (cubic) from those a cell away.

    Raises
    ------
    UserError
        If it would have more than half a thousand million voxels.
    """
    lattice = density_map.lattice
    if lattice is None:
        return density_map
    voxel, begin = density_map.voxel_size, density_map.origin
    first = np.minimum(np.floor(position_to_index(low, voxel, begin) + _WHOLE), 0).astype(int)
    last = np.maximum(np.ceil(position_to_index(high, voxel, begin) - _WHOLE), density_map.shape_xyz - 1).astype(int)
    size = last - first + 1
    if (size == density_map.shape_xyz).all():
        return density_map
    if np.prod(size.astype(float)) > _LARGEST:
        name, wanted = density_map.path or density_map.name, " x ".join(map(str, size))
        raise UserError(
            f"{name}: the map is periodic, and continued by what a model of this size needs it must have at most {_LARGEST} voxels, "
            f"got {wanted}; cut out the part to be fitted"
        )
    origin = density_map.origin + first * density_map.voxel_size
    whole = _whole_voxels(density_map, lattice)
    values = _interpolated(density_map, lattice, first, size) if whole is None else _repeated(density_map, lattice, first, size, whole)
    said = f"The map is periodic and was wrapped: continued beyond its faces to {' x '.join(map(str, size))} voxels."
    notes = tuple(note for note in density_map.notes if not note.startswith(said[:40]))
    return replace(density_map, values=values, origin=origin, notes=(*notes, said))


def around(density_map: DensityMap, points: Array, margin: float) -> DensityMap:
    """A periodic map continued to ``margin`` Å beyond ``points`` (N, 3) in Å; any other as it is."""
    if density_map.lattice is None:
        return density_map
    return reaching(density_map, points.min(0) - margin, points.max(0) + margin)


def _whole_voxels(density_map: DensityMap, lattice: Lattice) -> NDArray[np.int64] | None:
    """Voxels (x, y, z) of a cell, where its axes are those of the grid."""
    counts = np.diag(lattice.vectors) / density_map.voxel_size
    upright = np.abs(lattice.vectors - np.diag(np.diag(lattice.vectors))).max() < _WHOLE
    return np.round(counts).astype(np.int64) if upright and np.abs(counts - np.round(counts)).max() < 0.01 else None


def _repeated(
    density_map: DensityMap, lattice: Lattice, first: NDArray[np.int64], size: NDArray[np.int64], whole: NDArray[np.int64]
) -> NDArray[np.float32]:
    corner = np.round(position_to_index(lattice.corner, density_map.voxel_size, density_map.origin)).astype(np.int64)
    x, y, z = (corner[i] + (first[i] + np.arange(size[i]) - corner[i]) % whole[i] for i in range(3))
    return density_map.values[np.ix_(z, y, x)]


def _interpolated(density_map: DensityMap, lattice: Lattice, first: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.float32]:
    from scipy.ndimage import map_coordinates, spline_filter

    values = np.empty(tuple(reverse_axes(size)), np.float32)
    filtered = spline_filter(density_map.values, 3, np.float32, mode="nearest")
    origin, voxel = density_map.origin, density_map.voxel_size
    inner = tuple(slice(-begin, -begin + count) for begin, count in zip(reverse_axes(first), density_map.values.shape, strict=True))
    columns, rows = (first[i] + np.arange(size[i]) for i in (0, 1))
    for section in range(len(values)):
        grid = np.stack(np.meshgrid(columns, rows, [first[2] + section], indexing="ij"), -1)[:, :, 0].transpose(1, 0, 2)
        there = position_to_index(lattice.home(origin + grid * voxel), voxel, origin)
        values[section] = map_coordinates(filtered, np.moveaxis(there, -1, 0)[::-1], order=3, mode="nearest", prefilter=False)
    values[inner] = density_map.values
    return values
