"""Resolution and noise of pairs whose answer is known, and beside a second way of computing them."""

from pathlib import Path

import mrcfile
import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.halves.noise import Noise
from difffit_core.halves.pair import HalfMaps
from difffit_core.halves.run import run_halves
from difffit_core.io.maps import write_map

from .conftest import RESOLUTION, VOXEL, filtered, noisy, thing

Pair = tuple[DensityMap, DensityMap]


def plain_correlation(one: Path, two: Path, mask: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Frequencies in 1/Å and the shell correlation by plain numpy, of files as mrcfile reads them, shell by shell."""
    values = []
    for path in (one, two):
        with mrcfile.open(path) as file:
            values.append(np.array(file.data, np.float64))
            voxel = float(file.voxel_size.x)
    size = values[0].shape[0]
    if mask is not None:
        values = [(v - (v * mask).sum() / mask.sum()) * mask for v in values]
    first, second = (np.fft.fftn(v) for v in values)
    axes = np.meshgrid(*[np.fft.fftfreq(size) * size] * 3, indexing="ij")
    radius = np.sqrt(sum(axis**2 for axis in axes))
    curve = []
    for shell in range(1, size // 2):
        here = (radius >= shell - 0.5) & (radius < shell + 0.5)
        a, b = first[here], second[here]
        curve.append((a @ b.conj()).real / np.sqrt((np.abs(a) ** 2).sum() * (np.abs(b) ** 2).sum()))
    return np.arange(1, size // 2) / (size * voxel), np.array(curve)


def test_the_shell_correlation_is_that_of_another_route(halves: Pair, tmp_path: Path) -> None:
    files = tmp_path / "a.mrc", tmp_path / "b.mrc"
    for path, one in zip(files, halves, strict=True):
        write_map(path, one)
    found = run_halves(HalfMaps.of(*halves), RESOLUTION, by_place=False)
    for curve, mask in ((found.curves.unmasked, None), (found.curves.masked, found.mask)):
        frequency, wanted = plain_correlation(*files, mask)
        at = np.interp(frequency, curve.frequency, curve.correlation)
        assert np.abs(at - wanted).max() < 0.02
    assert found.resolution is not None
    frequency, wanted = plain_correlation(*files, found.mask)
    crossing = 1 / frequency[np.flatnonzero(wanted < 0.143)[0]]
    assert found.curves.masked.resolution(0.143) == pytest.approx(crossing, rel=0.06)


def test_noise_is_measured_by_frequency_and_by_place() -> None:
    rng = np.random.default_rng(4)
    shape = (48, 48, 48)
    strength = np.where(np.arange(48) < 24, 0.2, 0.6)[None, None, :]
    pair = HalfMaps.of(*(noisy(thing(3) + rng.normal(size=shape) * strength, seed, 0.0) for seed in (1, 2)))
    noise = Noise.of(pair, 4.0)
    root = np.sqrt(2)
    assert np.median(noise.by_place[:, :, 4:16]) == pytest.approx(0.2 / root, rel=0.05)
    assert np.median(noise.by_place[:, :, 32:44]) == pytest.approx(0.6 / root, rel=0.05)
    spectra = noise.spectra
    white = (0.2**2 + 0.6**2) / 2 / 2 * np.prod(shape)
    assert spectra.noise[5:20] == pytest.approx(np.full(15, white), rel=0.2)
    known = np.abs(np.fft.rfftn(thing(3) - thing(3).mean())) ** 2
    assert spectra.signal[1:3].mean() == pytest.approx(known[known > known.max() / 50].mean(), rel=1.5)


def test_resolution_by_place_tells_the_sharp_side_from_the_dull_one() -> None:
    sharp, dull = filtered(thing(3, 0.6, 64), 5.0), filtered(thing(3, 0.6, 64), 14.0)
    values = np.where(np.arange(64)[None, None, :] < 32, sharp, dull)
    pair = HalfMaps.of(noisy(values, 1, 0.4), noisy(values, 2, 0.4))
    found = run_halves(pair, 6.0)
    assert found.local is not None
    local, near = found.local.values, np.indices(values.shape)[2]
    inside = (local > 0) & (found.mask > 0.95)
    assert np.median(local[inside & (near < 24)]) < 6.5
    assert 9.5 < np.median(local[inside & (near > 40)]) < 17
    spread = found.local_spread()
    assert spread is not None
    assert spread["best"] < spread["median"] < spread["worst"]


@pytest.mark.parametrize(("stated", "said"), [(6.0, "takes them at their word"), (20.0, "goes unused"), (10.0, "")])
def test_a_stated_resolution_is_compared(stated: float, said: str) -> None:
    values = filtered(thing(3, 0.6), 10.0)
    found = run_halves(HalfMaps.of(noisy(values, 1, 0.5), noisy(values, 2, 0.5)), stated, by_place=False)
    assert found.resolution == pytest.approx(10.0, rel=0.15)
    assert said in " ".join(found.warnings)
    assert bool(said) == bool(found.warnings)


def test_a_mask_alone_makes_nothing_agree() -> None:
    values = filtered(thing(3), 20.0)
    pair = HalfMaps.of(noisy(values, 1, 0.4), noisy(values, 2, 0.4))
    tight = DensityMap((np.random.default_rng(0).random(values.shape) < 0.3).astype(np.float32), VOXEL, pair.first.origin)
    found = run_halves(pair, 20.0, mask=tight, by_place=False)
    beyond = found.curves.unmasked.frequency > 1 / 12
    assert found.curves.masked.correlation[beyond].mean() > 0.1
    assert abs(found.curves.corrected.correlation[beyond].mean()) < 0.08


def test_a_mask_of_another_grid_or_of_other_values_is_refused(halves: Pair) -> None:
    pair = HalfMaps.of(*halves)
    for mask, reason in ((np.ones((4, 4, 4)), "must have the half maps' box"), (np.full((48,) * 3, 7.0), "from 0 to 1")):
        with pytest.raises(UserError, match=reason):
            run_halves(pair, mask=DensityMap(mask.astype(np.float32), VOXEL, pair.first.origin), by_place=False)
