"""Sharpening and blurring by a B factor, and the plot of Guinier that tells by how much."""

from dataclasses import dataclass, replace

import numpy as np

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError

GUINIER_FROM = 10.0
"""Å: from here on to finer detail the logarithm of a protein's amplitudes falls along a line (Rosenthal and Henderson 2003)."""
_LEAST_SHELLS = 5
_COARSEST = 7.0
"""Å: a line from 10 Å to here is too short to tell of a B factor."""


@dataclass(frozen=True, eq=False)
class Amplitudes:
    """The amplitudes of a map by frequency, as a plot of Guinier shows them.

    Attributes
    ----------
    squared_frequency : (S,) in 1/Å², of shells, without that of the mean
    logarithm : (S,) natural logarithm of the root mean square amplitude of each
    """

    squared_frequency: Array
    logarithm: Array

    @classmethod
    def of(cls, density_map: DensityMap) -> "Amplitudes":
        """Of a map as it is."""
        from difffit_core.low_pass import Spectrum  # scipy, which the window does not need to come up
        from difffit_core.ops.spectrum import Shells

        spectrum = Spectrum.of(density_map.values, density_map.voxel_size)
        shells = Shells.make(spectrum.shape, density_map.voxel_size)
        power = shells.total(spectrum.coefficients.real**2 + spectrum.coefficients.imag**2)[1:]
        count = shells.total(np.ones(spectrum.coefficients.shape))[1:]
        there = (power > 0) & (count > 0)
        return cls(shells.frequency[1:][there] ** 2, 0.5 * np.log(power[there] / count[there]))

    def sharpened(self, b_factor: float) -> "Amplitudes":
        """Those of the map sharpened by B in Å²."""
        return Amplitudes(self.squared_frequency, self.logarithm - b_factor / 4 * self.squared_frequency)

    def b_factor(self, resolution: float) -> float | None:
        """B in Å² of the line from 10 Å to the resolution in Å; positive where amplitudes fall. None where that is too short a line."""
        within = (self.squared_frequency >= GUINIER_FROM**-2) & (self.squared_frequency <= resolution**-2)
        if resolution > _COARSEST or np.count_nonzero(within) < _LEAST_SHELLS:
            return None
        slope = np.polyfit(self.squared_frequency[within], self.logarithm[within], 1)[0]
        return float(-4 * slope)


def sharpened(density_map: DensityMap, b_factor: float) -> DensityMap:
    """The map with each amplitude times exp(-B s² / 4), s its frequency in 1/Å; B in Å², negative to sharpen, positive to blur.

    The mean stays. Beyond what the voxels hold along an axis, in the corners of the transform, detail is lifted no more than there.

    Raises
    ------
    UserError
        If that lifts noise beyond all numbers.
    """
    from scipy import fft

    from difffit_core.low_pass import Spectrum

    spectrum = Spectrum.of(density_map.values, density_map.voxel_size)
    frequency = np.minimum(spectrum.frequency, _end(density_map))
    raised = fft.irfftn(spectrum.coefficients * np.exp(-b_factor / 4 * frequency**2), s=spectrum.shape) + spectrum.mean
    with np.errstate(over="ignore"):
        values = np.ascontiguousarray(raised[spectrum.inner], np.float32)
    if not np.isfinite(values).all():
        raise UserError(f"{density_map.path or density_map.name}: B of {b_factor:g} Å² lifts detail beyond all numbers; sharpen by less")
    return replace(density_map.with_values(values), evidence=None)


def gain_at_the_end(density_map: DensityMap, b_factor: float) -> float:
    """How many times sharpening lifts the finest detail that the voxels hold along an axis."""
    return float(np.exp(min(-b_factor / 4 * _end(density_map) ** 2, 700.0)))


def _end(density_map: DensityMap) -> float:
    """The highest frequency in 1/Å that the voxels hold along every axis."""
    return 0.5 / float(density_map.voxel_size.max())
