"""Smaller versions of a map, made when it is read, so that drawing it at first takes no time."""

from dataclasses import dataclass

import numpy as np

from difffit_core.density_map import DensityMap

QUICK_VOXELS = 4_000_000
"""Voxels that are contoured in a fraction of a second."""
SMALL_VOXELS = 250_000
_VALUES_FOR_SHADES = 1_000_000
_DARKEST, _BRIGHTEST = 0.02, 0.999
"""Shares of the voxels that are darker than black, and no brighter than white."""


@dataclass(frozen=True, eq=False)
class Overview:
    """What is drawn of a map in place of all of it.

    Attributes
    ----------
    coarse : every so many voxels, quick to contour; the map itself if that is small
    small : the mean of blocks of voxels, for a faint surface among other things; the map itself if that is small
    shades : the values that are black and white in a slice
    """

    coarse: DensityMap
    small: DensityMap
    shades: tuple[float, float]

    @classmethod
    def of(cls, density: DensityMap, quick: int = QUICK_VOXELS, small: int = SMALL_VOXELS) -> "Overview":
        voxels = density.values.size
        return cls(every(density, step_for(voxels, quick)), _averaged(density, step_for(voxels, small)), _shades(density))


def step_for(voxels: int, most: int) -> int:
    """The least step that leaves no more than so many voxels."""
    step = 1
    while voxels / step**3 > most:
        step += 1
    return step


def every(density: DensityMap, step: int) -> DensityMap:
    """Every ``step``-th voxel along each axis; the map itself for a step of 1."""
    return density if step == 1 else DensityMap(density.values[::step, ::step, ::step], density.voxel_size * step, density.origin)


def _averaged(density: DensityMap, step: int) -> DensityMap:
    """The mean of every block of ``step`` voxels a side; what is left over at the far faces is dropped."""
    if step == 1 or min(density.values.shape) < 2 * step:
        return density
    nz, ny, nx = (n // step for n in density.values.shape)
    blocks = density.values[: nz * step, : ny * step, : nx * step].reshape(nz, step, ny, step, nx, step)
    middle = density.origin + (step - 1) / 2 * density.voxel_size
    return DensityMap(blocks.mean(axis=(1, 3, 5)), density.voxel_size * step, middle)


def _shades(density: DensityMap) -> tuple[float, float]:
    flat = density.values.reshape(-1)
    sample = flat[:: max(1, flat.size // _VALUES_FOR_SHADES)]
    low, high = (float(value) for value in np.quantile(sample, [_DARKEST, _BRIGHTEST]))
    return (low, high) if high > low else (low, low + 1.0)
