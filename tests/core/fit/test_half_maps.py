"""Fits of maps with half maps: how frequencies are weighed, the scan of all places, and what a fit makes of them."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.run import run_fit
from difffit_core.fit.scan import scan
from difffit_core.fit.search.subject import fitted_weights, prepare_map, prepare_model, weighting_of
from difffit_core.fit.weighting import Weighting
from difffit_core.half_evidence import HalfEvidence
from difffit_core.halves.attach import with_pair
from difffit_core.target import Target

from .conftest import RESOLUTION, Problem

F = np.linspace(0, 0.25, 51)
COUNTS = np.maximum(4 * np.pi * np.arange(51) ** 2, 1).astype(float)


def evidence(noise: np.ndarray, signal: np.ndarray) -> HalfEvidence:
    return HalfEvidence(("a", "b"), F, signal, noise, COUNTS, 0.1, 1.0, None)


def simulated(b: float) -> np.ndarray:
    return np.exp(-4 * np.pi**2 * (0.225 * 6) ** 2 * F**2 - b * F**2 / 2)


def halved(problem: Problem, noise: float, smooth: float = 0.0, scale: float = 1.0) -> DensityMap:
    """The problem's map in noise, of so many times its mean density, with its half maps."""
    clean, level = problem.density_map, problem.level
    rng = np.random.default_rng(7)
    strength = noise * float(clean.values[clean.values > level].mean()) * np.sqrt(2)
    halves = []
    for name in "ab":
        grain = gaussian_filter(rng.normal(size=clean.values.shape), smooth) if smooth else rng.normal(size=clean.values.shape)
        grain = grain / grain.std() * strength
        halves.append(replace(clean, values=(clean.values + grain).astype(np.float32), name=f"half {name}"))
    mean = clean.with_values(np.float32(scale) * (halves[0].values + halves[1].values) / 2)
    return with_pair(mean, halves[0], halves[1], problem.resolution)


def test_noise_alone_is_not_sharpened_and_a_clean_map_is_flattened() -> None:
    band = (F > 0.03) & (F < 0.14)
    noisy = Weighting.of(evidence(np.full(51, 1e6), 1e3 * simulated(300)), 6.0)
    clean = Weighting.of(evidence(np.full(51, 1e-9), 1e3 * simulated(300)), 6.0)
    assert np.ptp(noisy.of_map[band]) < 0.02 * noisy.of_map[band].mean()
    assert (np.diff(noisy.of_template[band]) < 0).all()
    np.testing.assert_allclose(clean.of_map[band] * np.sqrt(simulated(300)[band]), np.full(band.sum(), 1), rtol=0.2, atol=0.4)
    coloured = Weighting.of(evidence(1e6 * np.exp(-80 * F), 1e3 * simulated(300)), 6.0)
    assert coloured.of_map[25] > 2 * coloured.of_map[10]
    for one in (noisy, clean, coloured):
        assert one.information.sum() == pytest.approx(1)
        assert one.of_map[-1] == one.of_template[-1] == 0
    assert noisy.finest(0.9) > clean.finest(0.9)


def test_evidence_is_in_the_units_of_the_map(problem: Problem) -> None:
    one, three = halved(problem, 0.5), halved(problem, 0.5, scale=3.0)
    assert one.evidence is not None
    assert three.evidence is not None
    level = problem.level
    wanted = 0.5 * float(problem.density_map.values[problem.density_map.values > level].mean())
    assert one.evidence.sigma == pytest.approx(wanted, rel=0.05)
    assert three.evidence.sigma == pytest.approx(3 * wanted, rel=0.05)
    ratio = three.evidence.noise[3:20] / one.evidence.noise[3:20]
    assert ratio == pytest.approx(np.full(len(ratio), 9.0), rel=0.05)
    assert suggest_level(one).noise_sigma == one.evidence.sigma
    assert one.half_maps == ("half a", "half b")
    assert any("noise σ" in note for note in one.notes)
    assert one.rescaled(2.0).evidence.frequency[3] == pytest.approx(one.evidence.frequency[3] / 2)  # type: ignore[union-attr]


@pytest.mark.slow
def test_the_scan_finds_the_place_on_its_grid(problem: Problem) -> None:
    density_map = halved(problem, 1.5)
    request = problem.request().in_map(density_map)
    model, density = prepare_model(request), prepare_map(Target(density_map, RESOLUTION, problem.level), request.settings, "cpu")
    weighting = weighting_of(density_map, RESOLUTION)
    assert weighting is not None
    points = np.column_stack(model.atoms.columns).astype(float)
    told: list[float] = []
    found = scan(density.density, weighting, points, fitted_weights(request), 0, lambda share: told.append(share) is None)
    truth = problem.truth.apply(model.centre)
    assert np.linalg.norm(found.centres[0] - truth) < 4
    assert (np.diff(found.scores) <= 0).all()
    assert told == sorted(told)
    few = scan(density.density, weighting, points, fitted_weights(request), 0, lambda share: False)
    assert len(few.scores) == 3


@pytest.mark.slow
def test_a_fit_with_half_maps_finds_what_noise_hides(problem: Problem) -> None:
    density_map = halved(problem, 1.0, smooth=1.0)
    request = problem.request("balanced", starts=200, candidates=20, further=1).in_map(density_map)
    result = run_fit(request)
    assert problem.error(result.placements[0].pose) < 3
    again = run_fit(request)
    np.testing.assert_array_equal(again.placements[0].pose.rotation, result.placements[0].pose.rotation)
    assert FitRecipe.of(request, map="m", model="x", models="").half_maps == ("half a", "half b")


def test_a_clean_map_with_half_maps_is_fitted_as_well(problem: Problem) -> None:
    density_map = halved(problem, 0.02)
    result = run_fit(problem.request().in_map(density_map))
    assert problem.error(result.placements[0].pose) < 0.5
    assert not result.placements[0].verdict.is_chance


def test_a_fit_can_be_cancelled_while_it_looks_everywhere(problem: Problem) -> None:
    cancel = threading.Event()
    stages: set[str] = set()

    def tell(progress: object) -> None:
        stages.add(progress.stage)  # type: ignore[attr-defined]
        if "looking everywhere" in progress.stage:  # type: ignore[attr-defined]
            cancel.set()

    density_map = halved(problem, 8.0)
    result = run_fit(problem.request("fast", further=1, starts=60).in_map(density_map), tell, cancel)
    assert any("looking everywhere" in stage for stage in stages)
    assert result.cancelled
    assert len(result.placements) > 0


def test_half_maps_of_another_map_are_refused(problem: Problem) -> None:
    whole, rng = problem.density_map, np.random.default_rng(3)
    one, two, other = (rng.normal(size=whole.values.shape).astype(np.float32) for _ in range(3))
    with pytest.raises(UserError, match="must be those of"):
        with_pair(whole.with_values(other), whole.with_values(whole.values + one), whole.with_values(whole.values + two), RESOLUTION)
