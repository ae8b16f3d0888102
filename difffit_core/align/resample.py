"""A map moved onto another's grid."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates, spline_filter

from difffit_core.conventions import position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.ops.spectrum import low_passed
from difffit_core.pose import Pose

_FINER = 1.05


def resampled(moving: DensityMap, pose: Pose, grid: DensityMap) -> tuple[DensityMap, NDArray[np.bool_]]:
    """``moving`` after ``pose`` on the voxels of ``grid``, by cubic splines; and bool [z, y, x], which of them lie in its box.

    Beyond its box the map goes on with the median of its outermost voxels, which is its solvent. Detail that the grid's voxels cannot hold
    is taken out first.
    """
    values = moving.values
    coarsest = float(grid.voxel_size.max())
    if coarsest > _FINER * float(moving.voxel_size.min()):
        values = low_passed(values, moving.voxel_size, 2 * coarsest)
    outside = _solvent(moving.values)
    filtered = spline_filter(values, 3, np.float32, mode="mirror")
    result = np.full(grid.values.shape, np.float32(outside))
    there = np.zeros(grid.values.shape, bool)
    back = pose.invert()
    last = moving.shape_xyz - 1 + 1e-6
    nz, ny, nx = grid.values.shape
    y, x = np.meshgrid(np.arange(ny), np.arange(nx), indexing="ij")
    for z in range(nz):
        index = np.stack([x, y, np.full_like(x, z)], axis=-1)
        place = back.apply(grid.origin + index * grid.voxel_size)
        at = position_to_index(place, moving.voxel_size, moving.origin)
        inside = ((at >= -1e-6) & (at <= last)).all(axis=-1)
        if inside.any():
            result[z][inside] = map_coordinates(filtered, at[inside][:, ::-1].T, np.float32, order=3, mode="mirror", prefilter=False)
            there[z] = inside
    name = f"{moving.name} on {grid.name}"
    return DensityMap(result, grid.voxel_size, grid.origin, name), there


def _solvent(values: NDArray[np.float32]) -> float:
    faces = [np.take(values, side, axis=axis).ravel() for axis in range(3) for side in (0, -1)]
    return float(np.median(np.concatenate(faces)))
