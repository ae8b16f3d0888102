"""A map put right: which options make it, and that nothing else of it changes."""

import numpy as np
import pytest

from difffit_core.correction import Correction
from difffit_core.density_map import DensityMap
from difffit_core.low_pass import Spectrum, low_passed
from difffit_core.map_edit.corrected import corrected


@pytest.fixture
def noise() -> DensityMap:
    values = np.random.default_rng(1).normal(2, 1, (30, 34, 28)).astype(np.float32)
    return DensityMap(values, np.array([1.5, 1.4, 1.6]), np.array([3.0, -4, 5]))


@pytest.mark.parametrize(
    ("correction", "options"),
    [
        (Correction(), ""),
        (Correction(mirror=True), "--mirror"),
        (Correction(voxel_scale=0.97087), "--voxel-scale 0.9709"),
        (Correction(low_pass=4.0), "--low-pass 4"),
        (Correction(True, 1.03, 3.15), "--low-pass 3.15 --mirror --voxel-scale 1.0300"),
    ],
)
def test_its_options(correction: Correction, options: str) -> None:
    assert str(correction) == options
    assert bool(correction) == bool(options)


def test_each_does_one_thing(noise: DensityMap) -> None:
    assert corrected(noise, Correction()) is noise
    mirrored = corrected(noise, Correction(mirror=True))
    np.testing.assert_array_equal(mirrored.values, noise.values[:, :, ::-1])
    np.testing.assert_array_equal(mirrored.origin, noise.origin)
    np.testing.assert_allclose(corrected(noise, Correction(voxel_scale=1.1)).voxel_size, 1.1 * noise.voxel_size)
    low = corrected(noise, Correction(low_pass=8.0))
    assert low.values.std() < 0.3 * noise.values.std()
    assert low.values.mean() == pytest.approx(noise.values.mean(), abs=0.05)


def test_a_wave_is_kept_or_lost_by_its_length(noise: DensityMap) -> None:
    x = np.arange(96) * 1.5
    for length, kept in ((12.0, 1.0), (5.0, 0.0)):
        wave = np.broadcast_to(np.sin(2 * np.pi * x / length), (40, 40, 96)).astype(np.float32)
        low = low_passed(wave, np.full(3, 1.5), 8.0)[:, :, 20:-20]
        assert low.std() / wave.std() == pytest.approx(kept, abs=0.05)


def test_the_share_of_finer_detail_is_what_is_lost(noise: DensityMap) -> None:
    spectrum = Spectrum.of(noise.values, noise.voxel_size)
    shares = [spectrum.finer_than(finest) for finest in (3.0, 5.0, 8.0, 20.0)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.6
    assert shares[-1] > 0.9
