"""Two maps on one grid: how alike they are, by place and by frequency, and where they differ."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, label
from scipy.ndimage import sum_labels as sums

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.ops.mask import soft_mask
from difffit_core.ops.spectrum import ShellCorrelation, amplitude_ratio, filtered, low_passed, shell_correlation

_STANDS_OUT = 4.0
"""Standard deviations of the difference beyond which a region is one that only one map has."""
_NOTABLE = 0.5
"""What stands out is as large, too, as this share of the fixed map's own spread where there is density: like maps have next to no σ."""
_MOST_REGIONS = 10
_PAD = 8


@dataclass(frozen=True)
class Region:
    """Density that only one of the maps has: ``only_in`` which, the ``centre`` (x, y, z) in Å of the fixed map, and Å³."""

    only_in: str
    centre: tuple[float, float, float]
    volume: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """How alike two maps are where they overlap.

    Attributes
    ----------
    correlation : about the mean, over the voxels where either has density
    overlap : share of the moving map's density that lies in the fixed map's
    fixed_overlap : share of the fixed map's density that lies in the moving map's
    masked, unmasked : Fourier shell correlation round the moving map's density, and of the whole box
    aligned : the moving map on the fixed map's grid
    difference : fixed minus moving, whose amplitudes were made the fixed map's frequency by frequency; in the fixed map's units
    sigma : robust standard deviation of the difference where there is density
    regions : where the difference stands out, the largest first
    """

    correlation: float
    overlap: float
    fixed_overlap: float
    masked: ShellCorrelation
    unmasked: ShellCorrelation
    aligned: DensityMap
    difference: DensityMap
    sigma: float
    regions: tuple[Region, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, as `alignment.json` holds them."""
        curve = self.masked
        return {
            "correlation": self.correlation,
            "overlap": self.overlap,
            "fixed_overlap": self.fixed_overlap,
            "fsc": {
                "frequency": curve.frequency.tolist(),
                "masked": curve.correlation.tolist(),
                "unmasked_frequency": self.unmasked.frequency.tolist(),
                "unmasked": self.unmasked.correlation.tolist(),
                "resolution_0.5": curve.resolution(0.5),
                "resolution_0.143": curve.resolution(0.143),
            },
            "difference_sigma": self.sigma,
            "regions": [asdict(one) for one in self.regions],
        }


def compare(fixed: DensityMap, aligned: DensityMap, there: NDArray[np.bool_], levels: tuple[float, float], resolution: float) -> Comparison:
    """Compare a fixed map with one resampled on its grid.

    Parameters
    ----------
    fixed, aligned : on one grid
    there : bool [z, y, x], where ``aligned`` has data
    levels : contour level of each, in its own units
    resolution : in Å, beyond which they are not compared
    """
    first, second = (fixed.values > levels[0]) & there, (aligned.values > levels[1]) & there
    either, both = first | second, first & second
    soft = soft_mask(second, fixed.voxel_size, resolution) * there
    masked_fsc = _masked_correlation(fixed, aligned, soft)
    unmasked = shell_correlation(fixed.values, np.where(there, aligned.values, np.median(aligned.values)), fixed.voxel_size)
    difference = _difference(fixed, aligned, soft_mask(either, fixed.voxel_size, resolution) * there, resolution)
    inside = difference.values[either] if either.any() else difference.values.ravel()
    sigma = float(1.4826 * np.median(np.abs(inside - np.median(inside))))
    return Comparison(
        _correlation(fixed.values[either], aligned.values[either]),
        float(both.sum() / max(second.sum(), 1)),
        float(both.sum() / max((fixed.values > levels[0]).sum(), 1)),
        masked_fsc,
        unmasked,
        aligned,
        difference,
        sigma,
        _regions(difference, max(_STANDS_OUT * sigma, _NOTABLE * float(fixed.values[either].std()) if either.any() else 0.0), resolution),
    )


def _boxed(mask: Array) -> tuple[slice, ...]:
    parts = []
    for axis in range(3):
        occupied = np.flatnonzero(mask.any(axis=tuple(a for a in range(3) if a != axis)))
        parts.append(slice(max(int(occupied[0]) - _PAD, 0), int(occupied[-1]) + 1 + _PAD))
    return tuple(parts)


def _masked_correlation(fixed: DensityMap, aligned: DensityMap, mask: Array) -> ShellCorrelation:
    if not mask.any():
        return ShellCorrelation(np.zeros(0), np.zeros(0), np.zeros(0))
    box = _boxed(mask)
    return shell_correlation(fixed.values[box], aligned.values[box], fixed.voxel_size, mask[box])


def _difference(fixed: DensityMap, aligned: DensityMap, mask: Array, resolution: float) -> DensityMap:
    values = np.zeros(fixed.values.shape, np.float32)
    if mask.any():
        box = _boxed(mask)
        one, other, part = fixed.values[box].astype(np.float64), aligned.values[box].astype(np.float64), mask[box]
        one, other = (x - (x * part).sum() / part.sum() for x in (one, other))
        frequency, ratio = amplitude_ratio(one, other, fixed.voxel_size, part)
        scaled = filtered(other * part, fixed.voxel_size, lambda f: np.interp(f, frequency, ratio))
        values[box] = low_passed(one * part - scaled, fixed.voxel_size, resolution) * part
    return DensityMap(values, fixed.voxel_size, fixed.origin, f"{fixed.name} minus {aligned.name}")


def _correlation(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    if len(one) < 2 or one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _regions(difference: DensityMap, limit: float, resolution: float) -> tuple[Region, ...]:
    """Connected voxels beyond a limit on either side, of the volume of a resolution element at least."""
    if limit == 0:
        return ()
    found = []
    for only_in, sign in (("fixed", 1), ("moving", -1)):
        beyond = sign * difference.values > limit
        groups, count = label(binary_dilation(beyond))
        volumes = np.atleast_1d(sums(beyond, groups, np.arange(1, count + 1))) * difference.voxel_volume
        for number in np.argsort(-volumes)[:_MOST_REGIONS]:
            if volumes[number] < resolution**3:
                break
            centre = difference.positions(np.argwhere((groups == number + 1) & beyond)).mean(axis=0)
            found.append(Region(only_in, (float(centre[0]), float(centre[1]), float(centre[2])), float(volumes[number])))
    return tuple(sorted(found, key=lambda one: -one.volume)[:_MOST_REGIONS])
