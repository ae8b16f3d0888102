"""A pair of half maps is taken, and what is none is refused with the reason."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.halves.pair import HalfMaps, read_pair
from difffit_core.io.maps import write_map

from .conftest import ORIGIN, VOXEL, filtered, noisy, thing

Pair = tuple[DensityMap, DensityMap]


def test_mean_and_noise_of_a_pair(halves: Pair) -> None:
    pair = HalfMaps.of(*halves)
    assert pair.notes == ()
    np.testing.assert_allclose(pair.mean.values, (halves[0].values + halves[1].values) / 2, atol=1e-6)
    assert pair.noise.std() == pytest.approx(0.25 / np.sqrt(2), rel=0.02)
    assert (pair.mean.values - thing(3)).std() == pytest.approx(0.25 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize("sigma", [0.02, 1.0, 2.5])
def test_true_halves_are_taken_at_any_noise_and_resolution(sigma: float) -> None:
    for cut in (4.0, 12.0):
        values = filtered(thing(5), cut)
        HalfMaps.of(noisy(values, 1, sigma), noisy(values, 2, sigma))


def moved(one: DensityMap, change: str) -> DensityMap:
    values = one.values
    if change == "shifted":
        return one.with_values(np.roll(values, (1, 0, 0), (2, 1, 0)))
    if change == "far":
        return one.with_values(np.roll(values, (0, -4, 3), (2, 1, 0)))
    if change == "turned":
        return one.with_values(np.rot90(values, 1, (1, 2)).copy())
    return one.mirrored() if change == "mirrored" else one.with_values(values.transpose(1, 0, 2).copy())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("shifted", r"shifted by -1, 0, 0 voxels"), ("far", "shifted by 0, 4, -3 voxels"), ("turned", "the other turned"),
        ("mirrored", "of the other hand"), ("transposed", "of the other hand"),
    ],
)  # fmt: skip
def test_a_map_that_is_the_other_moved_is_refused(halves: Pair, change: str, reason: str) -> None:
    for pair in (halves, halves[::-1]):
        changed = moved(pair[1], change)
        with pytest.raises(UserError, match=reason):
            HalfMaps.of(pair[0], changed)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"origin": ORIGIN + np.array([0, 0.5, 0])}, "same origin"), ({"voxel_size": VOXEL * 1.01}, "same voxel size"),
        ({"values": np.zeros((48, 48, 40), np.float32)}, "same box, got 48 × 48 × 48 voxels and 40 × 48 × 48"),
        ({"values": np.zeros((48, 48, 48), np.float32)}, "needs density that varies"),
    ],
)  # fmt: skip
def test_another_grid_is_refused(halves: Pair, other: dict[str, np.ndarray], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        HalfMaps.of(halves[0], replace(halves[1], **other))


def test_one_map_twice_is_refused_scaled_or_not_and_as_a_file(halves: Pair, tmp_path: Path) -> None:
    first = halves[0]
    for copy in (first, first.with_values(3 * first.values + np.float32(0.5))):
        with pytest.raises(UserError, match="one map twice"):
            HalfMaps.of(first, copy)
    file, link = tmp_path / "half.mrc", tmp_path / "other.mrc"
    write_map(file, first)
    link.symlink_to(file)
    for second in (file, link):
        with pytest.raises(UserError, match="must be two files"):
            read_pair(file, second)


@pytest.mark.parametrize("sigma", [0.02, 0.3])
def test_maps_of_two_things_are_refused_though_their_outlines_agree(sigma: float) -> None:
    with pytest.raises(UserError, match="share no more than their outline"):
        HalfMaps.of(noisy(thing(3), 1, sigma), noisy(thing(8), 2, sigma))


def test_noise_alone_is_refused_unless_the_map_is_its_mean() -> None:
    one, two = (noisy(np.zeros((48,) * 3), seed) for seed in (1, 2))
    with pytest.raises(UserError, match="agree beyond chance"):
        HalfMaps.of(one, two)
    whole = one.with_values((one.values + two.values) / 2)
    assert HalfMaps.of(one, two, whole).notes == ()
    with pytest.raises(UserError, match="must be those of half 7"):
        HalfMaps.of(one, two, noisy(np.zeros((48,) * 3), 7))
    with pytest.raises(UserError, match="must have its origin"):
        HalfMaps.of(one, two, replace(whole, origin=ORIGIN + 3))


def test_another_scale_is_mended_and_told(halves: Pair) -> None:
    first, second = halves
    pair = HalfMaps.of(first, second.with_values(4 * second.values + np.float32(2)))
    assert "was scaled by 0.25" in pair.notes[0]
    np.testing.assert_allclose(pair.mean.values, HalfMaps.of(first, second).mean.values, atol=0.02)
