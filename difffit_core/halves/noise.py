"""The noise of a map as its halves show it: how strong, at which frequencies, and where."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import gaussian_filter

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.halves.pair import HalfMaps
from difffit_core.ops.spectrum import Shells, masked

_WINDOW = 1.5
"""Standard deviation, in resolutions, of the window over which noise by place is taken."""


@dataclass(frozen=True, eq=False)
class Spectra:
    """Mean power (S,) of a coefficient of the mean map at ``frequency`` (S,) in 1/Å, and of how many independent ones it is, (S,).

    ``signal`` is what the halves share; it scatters about nothing where they share nothing. ``noise`` is what they do not.
    """

    frequency: Array
    signal: Array
    noise: Array
    coefficients: Array


@dataclass(frozen=True, eq=False)
class Noise:
    """The noise of the mean of a pair, in the map's units.

    Attributes
    ----------
    halves : the pair
    sigma : standard deviation over the whole box
    by_place : (nz, ny, nx), the standard deviation round each voxel
    """

    halves: HalfMaps
    sigma: float
    by_place: NDArray[np.float32]

    @classmethod
    def of(cls, halves: HalfMaps, resolution: float) -> "Noise":
        """Of a pair; places are told apart by one and a half resolutions (Å)."""
        noise = halves.noise
        about = noise - np.float32(noise.mean(dtype=np.float64))
        width = np.maximum(_WINDOW * resolution / halves.first.voxel_size[::-1], 1.5)
        by_place = np.sqrt(np.maximum(gaussian_filter(about**2, width, mode="nearest"), 0))
        return cls(halves, float(about.std(dtype=np.float64)), by_place)

    def inside(self, where: NDArray[np.bool_]) -> float:
        """Standard deviation over some voxels [z, y, x]; 0 where there are none."""
        return float(np.sqrt((self.halves.noise[where].astype(np.float64) ** 2).mean())) if where.any() else 0.0

    @cached_property
    def spectra(self) -> Spectra:
        """By frequency, of the whole box."""
        return spectra_of(self.halves)

    def map(self) -> DensityMap:
        """Noise by place as a map."""
        mean = self.halves.mean
        return DensityMap(self.by_place, mean.voxel_size, mean.origin, f"noise of {mean.name}")


def spectra_of(halves: HalfMaps) -> Spectra:
    """Signal and noise of the mean of a pair by frequency."""
    one, two = (fft.rfftn(masked(part.values, None)) for part in (halves.first, halves.second))
    shells = Shells.make(halves.first.values.shape, halves.first.voxel_size)
    counts = shells.total(np.ones(one.shape))
    signal = shells.total((one * two.conj()).real) / counts
    noise = shells.total(np.abs(one - two) ** 2) / counts / 4
    return Spectra(shells.frequency, signal, noise, counts / 2)
