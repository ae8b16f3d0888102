"""Detail beyond the stated resolution: taken out where there is much, said, and nothing touched where there is little."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import fft

from difffit_core.density_map import DensityMap
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.search.detail import TOO_MUCH, as_resolved, warning_of, without_finer
from difffit_core.fit.search.field import cut_density
from difffit_core.fit.settings import FitSettings
from difffit_core.target import Target

VOXEL = np.array([1.0, 1.3, 0.9])


def waves(shape: tuple[int, int, int], *lengths: float) -> np.ndarray:
    """Plane waves of these lengths in Å along x."""
    x = np.arange(shape[2]) * VOXEL[0]
    return sum(np.cos(2 * np.pi * x / length) for length in lengths) * np.ones(shape)


def spectrum_at(values: np.ndarray, length: float) -> float:
    line = np.abs(fft.rfft(values.mean(axis=(0, 1)) * np.hanning(values.shape[2])))
    return float(line[np.argmin(np.abs(fft.rfftfreq(values.shape[2], VOXEL[0]) - 1 / length))])


def test_waves_finer_than_asked_go_and_coarser_ones_stay() -> None:
    values = waves((30, 32, 120), 12.0, 3.0).astype(np.float32)
    low, finer = without_finer(values, VOXEL, 5.0)
    assert 0.3 < finer < 0.55
    assert spectrum_at(low, 3.0) < 0.02 * spectrum_at(values, 3.0)
    assert spectrum_at(low, 12.0) == pytest.approx(spectrum_at(values, 12.0), rel=0.02)
    assert low.mean() == pytest.approx(values.mean(), abs=1e-3)


def test_little_fine_detail_is_left_as_it_is() -> None:
    values = (waves((20, 20, 100), 12.0) + 0.1 * waves((20, 20, 100), 3.0)).astype(np.float32)
    low, finer = without_finer(values, VOXEL, 5.0)
    assert low is values
    assert 0 < finer < TOO_MUCH
    assert without_finer(values, VOXEL, 1.5)[0] is values


def sharpened(density_map: DensityMap, b_factor: float) -> DensityMap:
    """Amplitudes raised by a B factor of minus so many Å², with no low-pass."""
    axes = [fft.fftfreq(n, v) for n, v in zip(density_map.values.shape, density_map.voxel_size[::-1], strict=True)]
    s2 = sum(a**2 for a in np.meshgrid(*axes, indexing="ij", sparse=True))
    noise = np.random.default_rng(1).normal(scale=0.01, size=density_map.values.shape)
    raised = fft.ifftn(fft.fftn(density_map.values + noise) * np.exp(b_factor * s2 / 4)).real
    return density_map.with_values(raised.astype(np.float32))


def test_an_oversharpened_map_is_fitted_and_said_to_be_one(example: Any) -> None:
    request = FitRequest(Target(example.density_map, 4.0, 0.4), example.model, FitSettings.preset("fast"), 1, "cpu")
    plain = run_fit(request)
    assert [one for one in plain.warnings if one.kind == "resolution"] == []
    sharp = sharpened(example.density_map, 150.0)
    level = float(np.quantile(sharp.values, 0.98))
    found = run_fit(replace(request, target=Target(sharp, request.resolution, level)))
    best, right = found.placements[0].pose, plain.placements[0].pose
    points = example.model.fit_coordinates
    assert np.sqrt(((best.apply(points) - right.apply(points)) ** 2).sum(axis=1).mean()) < 1.5
    (warning,) = [one for one in found.warnings if one.kind == "resolution"]
    assert "finer than the stated 4 Å" in warning.message


def test_as_many_voxels_stay_above_the_level(example: Any) -> None:
    sharp = sharpened(example.density_map, 150.0)
    density = cut_density(sharp, float(np.quantile(sharp.values, 0.98)))
    resolved = as_resolved(density, 4.0, 0.9)
    assert abs(int(resolved.inside.sum()) - int(density.inside.sum())) <= 1
    assert resolved.finer > TOO_MUCH
    assert as_resolved(density, 4.0, 0.0) is density
    assert warning_of(density, 4.0) == ()
