"""A pair of half maps, read and found to be one."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.halves.agree import CHANCE, agreement, check_agree, check_alike, check_of_one, check_place

_SAME_VOXEL, _SAME_ORIGIN = 1e-3, 0.1
_SAME_SCALE = 0.1


@dataclass(frozen=True, eq=False)
class HalfMaps:
    """Two half maps on one grid, each with the noise of its own half of the data.

    ``notes`` say what had to be done to them. Their mean is the map, half their difference is the noise of that mean.
    """

    first: DensityMap
    second: DensityMap
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, first: DensityMap, second: DensityMap, whole: DensityMap | None = None) -> "HalfMaps":
        """A pair, checked; with the ``whole`` map of which they are said to be halves, they may be so noisy that they agree in nothing.

        Raises
        ------
        UserError
            If they are no two halves of one map, with the reason.
        """
        _check_grid(first, second)
        names = _named(first), _named(second)
        check_alike(first, second, *names)
        check_place(first, second, *names)
        check_of_one(first, second, *names)
        if whole is None:
            check_agree(first, second, *names)
        else:
            _check_whole(first, second, whole)
        gain = float(first.values.std(dtype=np.float64) / second.values.std(dtype=np.float64))
        if abs(gain - 1) < _SAME_SCALE:
            return cls(first, second)
        mean = float(second.values.mean(dtype=np.float64))
        scaled = ((second.values - np.float32(mean)) * np.float32(gain) + np.float32(first.values.mean(dtype=np.float64))).astype(
            np.float32
        )
        note = f"{names[1]} was scaled by {gain:.3g}: its values spread by {1 / gain:.3g} times as much as those of {names[0]}"
        return cls(first, second.with_values(scaled), (note,))

    @cached_property
    def mean(self) -> DensityMap:
        """The map."""
        values = (self.first.values + self.second.values) / np.float32(2)
        return DensityMap(values, self.first.voxel_size, self.first.origin, f"mean of {self.first.name} and {self.second.name}")

    @cached_property
    def noise(self) -> NDArray[np.float32]:
        """Noise [z, y, x] as strong as the mean's, with nothing of the map in it."""
        return (self.first.values - self.second.values) / np.float32(2)


def read_pair(first: Path, second: Path) -> HalfMaps:
    """Read two files as a pair; `UserError` as of `HalfMaps.of`, or if one cannot be read."""
    from difffit_core.io.maps import read_map

    check_two(first, second)
    return HalfMaps.of(read_map(first), read_map(second))


def check_two(first: Path, second: Path) -> None:
    """Refuse one file twice."""
    if first == second or (first.exists() and second.exists() and first.samefile(second)):
        raise UserError(f"half maps must be two files, got {first} twice")


def _check_whole(first: DensityMap, second: DensityMap, whole: DensityMap) -> None:
    """Refuse halves of which a map is not the mean, whatever was done to its amplitudes."""
    names = f"{_named(first)} and {_named(second)}"
    for told, one, other, differ in _grid_differences(first, whole):
        if differ:
            raise UserError(f"{names}: half maps of {_named(whole)} must have its {told}, {other}, got {one}")
    mean = whole.with_values((first.values + second.values) / np.float32(2))
    found = agreement(mean, whole)
    if found < CHANCE:
        raise UserError(
            f"{names}: half maps must be those of {_named(whole)}, got a pair whose mean agrees with it by {found:.1f} σ, which is chance"
        )


def _named(one: DensityMap) -> str:
    return str(one.path or one.name)


def _check_grid(first: DensityMap, second: DensityMap) -> None:
    names = f"{_named(first)} and {_named(second)}"
    for told, one, other, differ in _grid_differences(first, second):
        if differ:
            raise UserError(f"{names}: half maps must have the same {told}, got {one} and {other}")
    for part in (first, second):
        if part.values.min() == part.values.max():
            raise UserError(f"{_named(part)}: a half map needs density that varies, got {float(part.values.flat[0]):g} in every voxel")


def _grid_differences(first: DensityMap, second: DensityMap) -> tuple[tuple[str, str, str, bool], ...]:
    """Of box, voxel size and origin: its name, what it is in either, and whether they differ."""
    return (
        ("box", _shape(first), _shape(second), first.values.shape != second.values.shape),
        (
            "voxel size", _lengths(first.voxel_size), _lengths(second.voxel_size),
            not np.allclose(first.voxel_size, second.voxel_size, rtol=_SAME_VOXEL, atol=0),
        ),
        (
            "origin", _lengths(first.origin), _lengths(second.origin),
            bool((np.abs(first.origin - second.origin) > _SAME_ORIGIN * first.voxel_size).any()),
        ),
    )  # fmt: skip


def _shape(one: DensityMap) -> str:
    return " × ".join(str(n) for n in one.shape_xyz) + " voxels"


def _lengths(three: NDArray[np.float64]) -> str:
    return ", ".join(f"{value:.5g}" for value in three) + " Å"
