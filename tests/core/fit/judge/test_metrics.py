"""Metrics against their definitions in the paper, pose by pose, with numpy's own correlation and scipy's sampling."""

from typing import Any

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from difffit_core.conventions import position_to_index
from difffit_core.fit.judge.metrics import atom_metrics
from difffit_core.fit.request import FitResult
from difffit_core.fit.run import run_fit


def test_known_answers() -> None:
    density, simulated = np.array([[1.0, 2.0, 3.0, 6.0]]), np.array([2.0, 4.0, 6.0, 12.0])
    (found,) = atom_metrics(density, simulated, 2.0, np.array([0.5]))
    assert found.density == 3.0
    assert found.overlap == 25.0
    assert found.correlation == pytest.approx(1)
    assert found.correlation_about_mean == pytest.approx(1)
    assert found.inside == 0.5
    assert found.local_correlation == 0.5


def test_equal_their_definitions() -> None:
    rng = np.random.default_rng(0)
    density, simulated = rng.normal(0.3, 1, (7, 50)), rng.uniform(1, 5, 50)
    for row, found in zip(density, atom_metrics(density, simulated, 0.4, rng.normal(size=7)), strict=True):
        assert found.density == pytest.approx(sum(row) / 50)
        assert found.overlap == pytest.approx(sum(d * w for d, w in zip(row, simulated, strict=True)) / 50)
        cosine = np.dot(row, simulated) / np.sqrt(np.dot(row, row) * np.dot(simulated, simulated))
        assert found.correlation == pytest.approx(cosine)
        assert found.correlation_about_mean == pytest.approx(np.corrcoef(row, simulated)[0, 1])
        assert found.inside == sum(row > 0.4) / 50


def test_a_pose_with_a_few_atoms_in_density_is_not_perfect() -> None:
    """All atoms count: over the inside ones alone this would be 1."""
    density = np.zeros((1, 40))
    density[0, :4] = 2.0
    (found,) = atom_metrics(density, np.full(40, 3.0), 1.0, np.zeros(1))
    assert found.correlation == pytest.approx(np.sqrt(0.1))
    assert found.inside == 0.1


@pytest.mark.parametrize("density", [0.0, 2.0])
def test_constant_density_correlates_with_nothing(density: float) -> None:
    (found,) = atom_metrics(np.full((1, 5), density), np.arange(5.0), 1.0, np.zeros(1))
    assert found.correlation_about_mean == 0
    assert found.correlation == (0 if density == 0 else pytest.approx(10 / np.sqrt(30 * 5)))


@pytest.fixture(scope="module")
def fitted(problem: Any) -> FitResult:
    return run_fit(problem.request("paper", seed=1, starts=150, steps=40))


def test_a_fits_metrics_belong_to_its_poses(problem: Any, fitted: FitResult) -> None:
    """The map sampled anew at the atoms of each placement gives its mean density and inside share."""
    density_map, points = problem.density_map, problem.model.fit_coordinates
    assert len(fitted.placements) > 30
    for placement in fitted.placements:
        index = position_to_index(placement.pose.apply(points), density_map.voxel_size, density_map.origin)
        at_atoms = map_coordinates(density_map.values.astype(float), index[:, ::-1].T, order=1, mode="grid-constant", cval=0.0)
        assert placement.metrics.density == pytest.approx(at_atoms.mean(), abs=1e-4)
        assert placement.metrics.inside == pytest.approx(np.mean(at_atoms > problem.level), abs=2 / len(points))


def test_a_fits_correlations_are_with_the_models_own_density(problem: Any, fitted: FitResult, simulated_at_atoms: Any) -> None:
    """W by summing Gaussians atom by atom; its unit is arbitrary, and so the overlap's."""
    density_map, points = problem.density_map, problem.model.fit_coordinates
    numbers = problem.model.fit_atomic_numbers.astype(float)
    simulated = simulated_at_atoms(points - points.mean(axis=0), numbers, problem.resolution, density_map.voxel_size.mean())
    units = []
    for placement in fitted.placements:
        index = position_to_index(placement.pose.apply(points), density_map.voxel_size, density_map.origin)
        at_atoms = map_coordinates(density_map.values.astype(float), index[:, ::-1].T, order=1, mode="grid-constant", cval=0.0)
        cosine = at_atoms @ simulated / np.linalg.norm(at_atoms) / np.linalg.norm(simulated)
        assert placement.metrics.correlation == pytest.approx(cosine, abs=0.01)
        assert placement.metrics.correlation_about_mean == pytest.approx(np.corrcoef(at_atoms, simulated)[0, 1], abs=0.05)
        units.append(placement.metrics.overlap / (at_atoms @ simulated / len(points)))
    np.testing.assert_allclose(units, units[0], rtol=0.01)


def test_placements_come_by_the_metric_asked_for(problem: Any) -> None:
    for metric in ("density", "overlap", "correlation", "correlation_about_mean", "local_correlation"):
        found = run_fit(problem.request("paper", starts=60, steps=15, rank_by=metric)).placements
        scores = [getattr(placement.metrics, metric) for placement in found]
        assert scores == sorted(scores, reverse=True)
        assert [placement.rank for placement in found] == list(range(1, len(found) + 1))
    hits = [placement.hits for placement in run_fit(problem.request("paper", starts=60, steps=60, rank_by="hits")).placements]
    assert hits == sorted(hits, reverse=True)
    assert hits[0] > 1
