"""Maps by frequency: shells, Fourier shell correlation, a low-pass, and one map scaled like another."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from difffit_core import low_pass
from difffit_core.conventions import Array
from difffit_core.low_pass import frequencies

Values = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Shells:
    """Shells of equal width in frequency, one a sample of the box's longest side, up to the Nyquist frequency.

    Attributes
    ----------
    frequency : (S,) in 1/Å, the middle of each; the first is the mean of the map alone
    of : int (nz, ny, nx // 2 + 1), the shell of each coefficient of `rfftn`; S beyond the last
    weight : (1, 1, nx // 2 + 1), how many coefficients of the whole transform each stands for
    """

    frequency: Array
    of: NDArray[np.int64]
    weight: Array

    @classmethod
    def make(cls, shape: tuple[int, ...], voxel_size: Array) -> "Shells":
        """The shells of a grid of ``shape`` (nz, ny, nx) and ``voxel_size`` (x, y, z) in Å."""
        width = 1 / float((np.array(shape[::-1]) * voxel_size).max())
        count = int(np.floor(0.5 / float(voxel_size.max()) / width)) + 1
        of = np.minimum(np.round(frequencies(shape, voxel_size) / width).astype(np.int64), count)
        weight = np.full(shape[2] // 2 + 1, 2.0)
        weight[0] = 1
        if shape[2] % 2 == 0:
            weight[-1] = 1
        return cls(np.asarray(np.arange(count) * width, np.float64), of, weight[None, None])

    def total(self, values: Array) -> Array:
        """Sum (S,) over each shell of a real quantity of every coefficient."""
        sums = np.bincount(self.of.ravel(), (values * self.weight).ravel(), minlength=len(self.frequency) + 1)
        return np.asarray(sums[: len(self.frequency)])

    def spread(self, per_shell: Array) -> Array:
        """A value (S,) of each shell at every coefficient; beyond the last that of the last."""
        return np.asarray(np.append(per_shell, per_shell[-1])[self.of])


@dataclass(frozen=True, eq=False)
class ShellCorrelation:
    """Fourier shell correlation (S,) at ``frequency`` (S,) in 1/Å, and how many independent coefficients each rests on, (S,)."""

    frequency: Array
    correlation: Array
    coefficients: Array

    def resolution(self, threshold: float, shells: int = 1) -> float | None:
        """Resolution in Å at which it first falls below ``threshold``, between shells by a straight line; None where it never does.

        It must stay there for so many ``shells``, or to the end. Those of fewer than ten coefficients, at the lowest frequencies, are
        passed over: they are noise.
        """
        usable = (self.frequency > 0) & (self.coefficients >= 10)
        frequency, curve = self.frequency[usable], self.correlation[usable]
        under = np.append(curve < threshold, np.ones(shells, bool))
        stays = np.all([under[i : i + len(curve)] for i in range(shells)], axis=0)
        below = np.flatnonzero(stays & (curve < threshold))
        if len(below) == 0 or len(curve) == 0:
            return None
        i = int(below[0])
        if i == 0:
            return float(1 / frequency[0])
        share = (curve[i - 1] - threshold) / (curve[i - 1] - curve[i])
        return float(1 / (frequency[i - 1] + share * (frequency[i] - frequency[i - 1])))


def shell_correlation(one: Values, other: Values, voxel_size: Array, mask: Array | None = None) -> ShellCorrelation:
    """Fourier shell correlation of two maps [z, y, x] on one grid of ``voxel_size`` (x, y, z) in Å, each times ``mask`` if there is one.

    Their means, over what the mask holds, are taken off first, so that the mask's own edge does not correlate.
    """
    first, second = (fft.rfftn(masked(values, mask)) for values in (one, other))
    return of_transforms(first, second, Shells.make(one.shape, voxel_size))


def of_transforms(first: NDArray[np.complexfloating], second: NDArray[np.complexfloating], shells: Shells) -> ShellCorrelation:
    """The same of two transforms by `rfftn`."""
    common = shells.total((first * second.conj()).real)
    power = shells.total(np.abs(first) ** 2) * shells.total(np.abs(second) ** 2)
    curve = np.divide(common, np.sqrt(power), out=np.zeros_like(common), where=power > 0)
    counts = shells.total(np.ones(first.shape)) / 2
    return ShellCorrelation(shells.frequency, curve, counts)


def masked(values: Values, mask: Array | None) -> Array:
    """Values [z, y, x] about their mean over the mask, times the mask; without one about their mean."""
    flat = np.asarray(values, np.float64)
    if mask is None:
        return np.asarray(flat - float(flat.mean()), np.float64)
    return np.asarray((flat - float((flat * mask).sum()) / max(float(mask.sum()), 1e-12)) * mask, np.float64)


def low_passed(values: Values, voxel_size: Array, resolution: float) -> NDArray[np.float32]:
    """Values [z, y, x] without detail finer than ``resolution`` (Å), with a soft edge; as they are where the grid holds none."""
    flat = np.asarray(values, np.float32)
    if resolution <= 2 * float(voxel_size.min()):
        return flat
    return low_pass.low_passed(flat, voxel_size, resolution)


def filtered(values: NDArray[np.floating], voxel_size: Array, factor: Callable[[Array], Array], pad: int = 8) -> NDArray[np.float32]:
    """Values [z, y, x] with every coefficient times ``factor`` of its frequency in 1/Å; the border goes on for ``pad`` voxels outside."""
    padded = np.pad(np.asarray(values, np.float32), pad, mode="edge")
    middle = np.float32(padded.mean())
    spectrum = fft.rfftn(padded - middle)
    spectrum *= factor(frequencies(padded.shape, voxel_size)).astype(np.float32)
    result = fft.irfftn(spectrum, s=padded.shape) + middle
    inner = slice(pad, -pad) if pad else slice(None)
    return np.ascontiguousarray(result[inner, inner, inner], np.float32)


def amplitude_ratio(one: Values, other: Values, voxel_size: Array, mask: Array | None = None) -> tuple[Array, Array]:
    """Frequencies (S,) in 1/Å and by how much ``one``'s amplitudes are above ``other``'s there, (S,); both [z, y, x] on one grid."""
    shells = Shells.make(one.shape, voxel_size)
    powers = [shells.total(np.abs(fft.rfftn(masked(values, mask))) ** 2) for values in (one, other)]
    floor = 1e-9 * float(powers[1].max())
    return shells.frequency, np.asarray(np.sqrt(powers[0] / np.maximum(powers[1], floor)))
