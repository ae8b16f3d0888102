"""A map on voxels of another size."""

from dataclasses import replace

import numpy as np

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.low_pass import low_passed
from difffit_core.periodic import reaching

_LARGEST = 1 << 29
_COARSER = 1.001


def resampled(density_map: DensityMap, voxel_size: float) -> DensityMap:
    """The map on cubic voxels of ``voxel_size`` Å: the first stays where it is, and as many follow as reach no farther than they did.

    Values between voxels are those of a cubic spline. Where voxels become wider, detail that they cannot hold is left out before.

    Raises
    ------
    UserError
        If fewer than 2 voxels along an axis would be left, or there would be more than half a thousand million.
    """
    from scipy.ndimage import affine_transform

    density_map = reaching(density_map, density_map.origin, density_map.origin + density_map.box)  # the whole cell, where it repeats
    ratio = voxel_size / density_map.voxel_size
    count = np.floor((density_map.shape_xyz - 1) / ratio + 1e-6).astype(np.int64) + 1
    name = density_map.path or density_map.name
    if count.min() < 2:
        most = float((density_map.box - density_map.voxel_size).min())
        raise UserError(f"{name}: voxels must be at most {most:.4g} Å, for two to be left along each axis, got {voxel_size:g}")
    if np.prod(count.astype(float)) > _LARGEST:
        raise UserError(f"{name}: there must be at most {_LARGEST} voxels, got {' x '.join(map(str, count))} of {voxel_size:g} Å")
    values = density_map.values
    if is_coarser(density_map, voxel_size):
        values = low_passed(values, density_map.voxel_size, 2 * voxel_size)
    shape = tuple(count[::-1].tolist())
    there = affine_transform(values, ratio[::-1].copy(), output_shape=shape, order=3, mode="nearest", output=np.float32)
    return replace(density_map, values=there, voxel_size=np.full(3, float(voxel_size)), evidence=None)


def is_coarser(density_map: DensityMap, voxel_size: float) -> bool:
    """Whether voxels of ``voxel_size`` Å hold less detail along an axis."""
    return bool((voxel_size > _COARSER * density_map.voxel_size).any())
