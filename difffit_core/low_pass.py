"""A map without detail finer than a resolution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from difffit_core.conventions import Array

Values = NDArray[np.float32]

_EDGE = 0.15
"""Width of the filter's edge as a share of the frequency at which it falls to a half; it is zero beyond, so that nothing leaks through."""
_PAD = 8


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The Fourier coefficients of a map about its mean, padded so that its faces do not meet, to lengths that transform quickly.

    Attributes
    ----------
    coefficients : complex [z, y, x // 2 + 1]
    frequency : in 1/Å, of each
    mean : of the padded map
    shape : of the padded map [z, y, x]
    inner : where in it the map lies
    """

    coefficients: NDArray[np.complexfloating]
    frequency: Array
    mean: float
    shape: tuple[int, ...]
    inner: tuple[slice, ...]

    @classmethod
    def of(cls, values: Values, voxel_size: Array) -> "Spectrum":
        """Of ``values`` [z, y, x] on voxels of (x, y, z) Å."""
        ends = [fft.next_fast_len(n + 2 * _PAD, real=True) - n - _PAD for n in values.shape]
        padded = np.pad(values.astype(np.float64), [(_PAD, end) for end in ends], mode="edge")
        mean = float(padded.mean())
        inner = tuple(slice(_PAD, _PAD + n) for n in values.shape)
        return cls(fft.rfftn(padded - mean), frequencies(padded.shape, voxel_size), mean, padded.shape, inner)

    def finer_than(self, finest: float) -> float:
        """Share of the variance that `without` leaves out."""
        power = self.coefficients.real**2 + self.coefficients.imag**2
        power[..., 1:] *= 2
        total = float(power.sum())
        return float((power * (1 - kept(self.frequency, finest) ** 2)).sum()) / total if total > 0 else 0.0

    def without(self, finest: float) -> Values:
        """The map [z, y, x] without detail finer than ``finest`` Å."""
        low = fft.irfftn(self.coefficients * kept(self.frequency, finest), s=self.shape) + self.mean
        return np.ascontiguousarray(low[self.inner], np.float32)


def kept(frequency: Array, finest: float) -> Array:
    """Share (...) of coefficients of a ``frequency`` (...) in 1/Å that are kept where nothing finer than ``finest`` Å is."""
    share: Array = 0.5 * (1 + np.cos(np.pi * np.clip((frequency * finest - 1 + _EDGE) / (2 * _EDGE), 0, 1)))
    return share


def low_passed(values: Values, voxel_size: Array, finest: float) -> Values:
    """``values`` [z, y, x] on voxels of (x, y, z) Å without detail finer than ``finest`` Å."""
    return Spectrum.of(values, voxel_size).without(finest)


def frequencies(shape: tuple[int, ...], voxel_size: Array) -> Array:
    """Spatial frequency (nz, ny, nx // 2 + 1) in 1/Å of each coefficient of `rfftn`; voxel size (x, y, z) in Å."""
    z, y = fft.fftfreq(shape[0], voxel_size[2]), fft.fftfreq(shape[1], voxel_size[1])
    x = fft.rfftfreq(shape[2], voxel_size[0])
    frequency: Array = np.sqrt(z[:, None, None] ** 2 + y[None, :, None] ** 2 + x[None, None, :] ** 2)
    return frequency
