"""The Fourier shell correlation of half maps, without and with a mask, and the resolution that it says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from difffit_core.contour import suggest_level
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.halves.pair import HalfMaps
from difffit_core.ops.mask import soft_mask
from difffit_core.ops.spectrum import ShellCorrelation, Shells, low_passed, masked, of_transforms, shell_correlation

THRESHOLD = 0.143
"""Of the correlation of half maps, at which that of the map with a perfect one is a half (Rosenthal and Henderson 2003)."""
_RANDOM_FROM = 0.8
"""Where the halves' correlation without a mask first falls below this, phases are made random from there on (Chen et al. 2013)."""
_COARSE = 15.0
"""Å to which a map is smoothed at least before a mask is drawn round it, so that the mask knows nothing of the noise."""


@dataclass(frozen=True, eq=False)
class Curves:
    """Shell correlations (S,) of the halves at ``frequency`` (S,) in 1/Å.

    Attributes
    ----------
    unmasked : of the whole boxes
    masked : of what a soft mask leaves
    randomised : the same of maps whose phases beyond ``random_from`` (1/Å) are random: what the mask alone makes agree
    corrected : ``masked`` without that
    """

    unmasked: ShellCorrelation
    masked: ShellCorrelation
    randomised: ShellCorrelation
    corrected: ShellCorrelation
    random_from: float

    @property
    def resolution(self) -> float | None:
        """In Å, of the masked and corrected curve at 0.143; None where it never falls so low."""
        return ends(self.corrected)


def ends(curve: ShellCorrelation, threshold: float = THRESHOLD) -> float | None:
    """Resolution in Å at which a curve falls below ``threshold`` and stays there for two shells: one alone may do so by chance."""
    return curve.resolution(threshold, shells=2)


def draw_mask(halves: HalfMaps, resolution: float, level: float | None = None) -> Array:
    """A soft mask [z, y, x] round the density, from the mean without its detail; ``resolution`` in Å, ``level`` of that, or suggested."""
    mean, width = halves.mean, max(_COARSE, 3 * resolution)
    smooth = low_passed(mean.values, mean.voxel_size, width)
    chosen = suggest_level(DensityMap(smooth, mean.voxel_size, mean.origin, mean.name)).level if level is None else level
    return soft_mask(smooth > chosen, mean.voxel_size, max(resolution, 3 * float(mean.voxel_size.max())))


def correlate(halves: HalfMaps, mask: Array, seed: int = 0) -> Curves:
    """The curves of a pair with a ``mask`` [z, y, x], 0 to 1."""
    one, two, voxel = halves.first.values, halves.second.values, halves.first.voxel_size
    shells = Shells.make(one.shape, voxel)
    unmasked = shell_correlation(one, two, voxel)
    with_mask = shell_correlation(one, two, voxel, mask)
    below = np.flatnonzero((unmasked.correlation < _RANDOM_FROM) & (unmasked.frequency > 0))
    first = int(below[0]) if len(below) else len(shells.frequency)
    rng = np.random.default_rng([seed, 40])
    random = [masked(_random_phases(values, shells, first, rng), mask) for values in (one, two)]
    randomised = of_transforms(fft.rfftn(random[0]), fft.rfftn(random[1]), shells)
    by_mask = np.where(np.arange(len(shells.frequency)) >= first + 2, randomised.correlation, 0.0)
    by_mask = np.clip(by_mask, 0, 0.99)
    right = (with_mask.correlation - by_mask) / (1 - by_mask)
    corrected = ShellCorrelation(with_mask.frequency, right, with_mask.coefficients)
    start = float(shells.frequency[first]) if first < len(shells.frequency) else float("inf")
    return Curves(unmasked, with_mask, randomised, corrected, start)


def _random_phases(values: NDArray[np.float32], shells: Shells, first: int, rng: np.random.Generator) -> Array:
    """A map whose phases are random from shell ``first`` on, and whose amplitudes are as they were."""
    transform = fft.rfftn(np.asarray(values, np.float64))
    noise = fft.rfftn(rng.normal(size=values.shape))
    turned = np.where(shells.of >= first, np.abs(transform) * noise / np.maximum(np.abs(noise), 1e-30), transform)
    return np.asarray(fft.irfftn(turned, s=values.shape))
