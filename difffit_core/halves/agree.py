"""Whether two maps can be halves of one: neither the same, nor moved or mirrored, nor of different things."""

from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from difffit_core.contour import suggest_level
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.low_pass import frequencies
from difffit_core.ops.spectrum import Shells, filtered, low_passed, masked, of_transforms

Complex = NDArray[np.complexfloating]

_COPY = 0.999
"""Halves of one map differ at high frequencies; what agrees by more than this at all of them holds one noise."""
_CLEARLY = 10.0
"""Standard deviations by which another position must agree better than the one the files give."""
CHANCE = 3.5
"""Standard deviations by which halves of one map agree at least, where they hold anything but noise."""
_SMALL = 48
_UP_TO = 2 / 3
"""Share of the Nyquist frequency to which phases are compared."""
_BAND = (3.0, 6.0)
"""Frequencies, in units of one over the density's diameter, where all compact things of one size are no longer alike."""
_SIGNAL, _SHARED = 0.5, 0.2


def check_alike(first: DensityMap, second: DensityMap, name: str, other: str) -> None:
    """Refuse two maps with one noise."""
    one, two = (fft.rfftn(masked(values, None)) for values in (first.values, second.values))
    curve = of_transforms(one, two, Shells.make(first.values.shape, first.voxel_size))
    usable = (curve.frequency > 0) & (curve.coefficients >= 10)
    if usable.any() and curve.correlation[usable].min() > _COPY:
        raise UserError(
            f"{name} and {other}: half maps must hold each its own noise, got one map twice: they agree to "
            f"{curve.correlation[usable].min():.5f} or better at every frequency"
        )


@dataclass(frozen=True)
class _Phases:
    """How well phases agree where one map is laid ``shift`` (x, y, z) voxels beside the other, in σ of chance; and where it is not."""

    here: float
    best: float
    shift: tuple[int, int, int]


def check_place(first: DensityMap, second: DensityMap, name: str, other: str) -> None:
    """Refuse a map that is the other one shifted, turned about its axes, or mirrored."""
    small = [_cropped(values) for values in (first.values, second.values)]
    best = max((_turned(small, order, flips) for order, flips in _orders(small[0].shape)), key=lambda found: found[0].best)
    unturned = _turned(small, (0, 1, 2), (1, 1, 1))[0]
    if best[0].best > unturned.best + _CLEARLY:
        what = "of the other hand (mirrored)" if best[1] else "turned"
        raise UserError(
            f"{name} and {other}: half maps must be of one hand and orientation, got one that is the other {what}: phases agree by "
            f"{best[0].best:.0f} σ then, and by {unturned.best:.0f} σ as they are"
        )
    one, two = (fft.rfftn(masked(values, None)) for values in (first.values, second.values))
    frequency = frequencies(first.values.shape, first.voxel_size)
    as_is = _phases(one, two, frequency * float(first.voxel_size.max()) * 2 <= _UP_TO, first.values.shape)
    if as_is.best > as_is.here + _CLEARLY:
        told = ", ".join(str(n) for n in as_is.shift)
        raise UserError(
            f"{name} and {other}: half maps must lie in one place, got one that agrees with the other once it is shifted by {told} voxels "
            "(x, y, z)"
        )


def _orders(shape: tuple[int, ...]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Ways to lay a box onto itself by its axes: their order, and which are reversed; that which changes nothing not among them."""
    found = []
    for order, flips in product(permutations(range(3)), product((1, -1), repeat=3)):
        if tuple(shape[i] for i in order) == shape and not (order == (0, 1, 2) and flips == (1, 1, 1)):
            found.append((order, flips))
    return found


def _turned(small: list[NDArray[np.floating]], order: tuple[int, ...], flips: tuple[int, ...]) -> tuple[_Phases, bool]:
    moved = np.transpose(small[1], order)[tuple(slice(None, None, flip) for flip in flips)]
    one, two = (fft.rfftn(values - values.mean()) for values in (small[0], moved))
    allowed = frequencies(small[0].shape, np.ones(3)) * 2 <= _UP_TO
    parity = round(float(np.linalg.det(np.eye(3)[list(order)]))) * flips[0] * flips[1] * flips[2]
    return _phases(one, two, allowed, small[0].shape), parity < 0


def _phases(one: Complex, two: Complex, allowed: NDArray[np.bool_], shape: tuple[int, ...]) -> _Phases:
    cross = one * two.conj()
    unit = np.where(allowed, cross / np.maximum(np.abs(cross), 1e-30), 0).astype(np.complex64)
    unit[0, 0, 0] = 0
    size = int(np.prod(shape))
    weight = np.full(unit.shape[2], 2.0)
    weight[0] = 1
    scale = size / np.sqrt(max(float((allowed * weight).sum()), 1.0))
    surface = fft.irfftn(unit, s=shape) * scale
    top = np.unravel_index(int(np.argmax(surface)), shape)
    z, y, x = (int(i) if i <= n // 2 else int(i) - n for i, n in zip(top, shape, strict=True))
    return _Phases(float(surface[0, 0, 0]), float(surface[top]), (x, y, z))


def _cropped(values: NDArray[np.float32]) -> NDArray[np.floating]:
    """The map with so little detail that it needs no more than `_SMALL` voxels a side: its lowest frequencies."""
    old = np.array(values.shape)
    new = np.where(old > _SMALL, np.maximum((old * _SMALL / old.max()).astype(int), 8), old)
    full, kept = fft.fftn(masked(values, None)), np.zeros(tuple(new), np.complex128)
    index = [np.arange(-((m - 1) // 2), (m - 1) // 2 + 1) for m in new]
    kept[np.ix_(*index)] = full[np.ix_(*index)]
    return np.asarray(fft.ifftn(kept).real)


def check_agree(first: DensityMap, second: DensityMap, name: str, other: str) -> None:
    """Refuse two maps that have no more in common than chance."""
    found = agreement(first, second)
    if found < CHANCE:
        raise UserError(
            f"{name} and {other}: half maps must agree beyond chance, got {found:.1f} σ at the frequencies where they agree best: "
            "they are not of one map, or hold nothing but noise"
        )


def agreement(first: DensityMap, second: DensityMap) -> float:
    """By how many standard deviations two maps on one grid agree beyond chance, from the coarsest shells to those where that is most."""
    one, two = (fft.rfftn(masked(part.values, None)) for part in (first, second))
    curve = of_transforms(one, two, Shells.make(first.values.shape, first.voxel_size))
    part = slice(1, int(_UP_TO * len(curve.frequency)) + 1)
    counts = np.maximum(curve.coefficients[part], 1)
    common = np.arctanh(np.clip(curve.correlation[part], -0.999, 0.999)) * counts
    return float((common.cumsum() / np.sqrt(counts.cumsum())).max(initial=0.0))


def check_of_one(first: DensityMap, second: DensityMap, name: str, other: str) -> None:
    """Refuse two maps that have no more in common than two things of one size have."""
    mean = (first.values + second.values) / np.float32(2)
    width = 6 * float(first.voxel_size.max())
    smooth = low_passed(mean, first.voxel_size, width)
    whole = DensityMap(smooth, first.voxel_size, first.origin)
    inside = smooth > suggest_level(whole).level
    if inside.sum() < 100 or (~inside).sum() < 100:
        return
    diameter = 2 * float((3 * inside.sum() * first.voxel_volume / (4 * np.pi)) ** (1 / 3))
    low, high = _BAND[0] / diameter, _BAND[1] / diameter
    if high * 2 * float(first.voxel_size.max()) > 1:
        return

    def band(f: Array) -> Array:
        return ((f > low) & (f < high)).astype(np.float64)

    detail = [filtered(one.values, first.voxel_size, band) for one in (first, second)]
    held = [1 - float(one[~inside].var()) / max(float(one[inside].var()), 1e-30) for one in detail]
    shared = float(np.corrcoef(detail[0][inside], detail[1][inside])[0, 1])
    if min(held) > _SIGNAL and shared < _SHARED * min(held):
        raise UserError(
            f"{name} and {other}: half maps must be of one thing, got two that share no more than their outline: between {1 / low:.3g} and "
            f"{1 / high:.3g} Å, where each has far more than noise, they correlate by {shared:.2f}"
        )
