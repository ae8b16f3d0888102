"""The model's own density as points: known answers, and what a pose scores and where it is pulled by it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.conventions import matrix_to_quaternion, quaternion_to_matrix
from difffit_core.fit.search.detail import voxel_warnings
from difffit_core.fit.search.field import cut_density, surrounded
from difffit_core.fit.search.template import COVERED, HALO, Template, finest_told, make_template, sharpen
from difffit_core.ops.grid import Grid, Schedule
from difffit_core.pose import Pose
from difffit_core.target import Target

ONE, CARBON = np.zeros((1, 3)), np.array([6.0])


def sharpened(problem: Any, template: Template) -> Grid:
    """The problem's map as a search correlates with it."""
    density = cut_density(problem.density_map, problem.level)
    values = sharpen(density.values, density.voxel_size, problem.resolution, template.laplacian_weight)
    return Grid.of(*surrounded(values, density.voxel_size, density.origin, 0.0))


@pytest.fixture(scope="module")
def template(problem: Any) -> Template:
    points = problem.model.fit_coordinates
    numbers = problem.model.fit_atomic_numbers.astype(float)
    return make_template(points - points.mean(axis=0), numbers, problem.resolution, problem.density_map.voxel_size)


def true_pose(problem: Any) -> tuple[np.ndarray, np.ndarray]:
    """Quaternion (1, 4) and where the centre goes (1, 3)."""
    centre = problem.model.fit_coordinates.mean(axis=0)
    return matrix_to_quaternion(problem.truth.rotation)[None], problem.truth.apply(centre)[None]


def test_one_atom_covers_a_ball() -> None:
    """A Gaussian falls to a share s of its height at the radius σ √(-2 ln s); the points lie 2 Å apart."""
    template = make_template(ONE, CARBON, 10.0, np.full(3, 1.0))
    for share, chosen in ((HALO, template.points), (COVERED, template.points[template.covered])):
        radius = 2.25 * np.sqrt(-2 * np.log(share))
        assert np.linalg.norm(chosen, axis=1).max() == pytest.approx(radius, abs=1.0)
        assert 8 * len(chosen) == pytest.approx(4 / 3 * np.pi * radius**3, rel=0.2)
    assert template.volume == 8 * np.count_nonzero(template.covered)
    np.testing.assert_allclose(template.points.mean(axis=0), 0, atol=1e-6)


def test_values_fall_off_from_the_atom_and_turn_negative_round_it() -> None:
    template = make_template(ONE, CARBON, 10.0, np.full(3, 1.0))
    radius = np.linalg.norm(template.points, axis=1)
    assert template.values[np.argmin(radius)] == template.values.max()
    assert (template.values[(radius > 5.5) & (radius < 6.5)] < 0).all()


@pytest.mark.parametrize(("resolution", "voxel", "spacing"), [(10.0, 3.0, 3.0), (10.0, 9.0, 10 / 3), (10.0, 0.5, 2.0)])
def test_spacing_follows_the_map_within_what_the_resolution_needs(resolution: float, voxel: float, spacing: float) -> None:
    points = np.random.default_rng(0).uniform(-20, 20, (200, 3))
    template = make_template(points, np.full(200, 6.0), resolution, np.full(3, voxel))
    steps = np.diff(np.unique(template.points[:, 0].round(6)))
    np.testing.assert_allclose(steps, spacing, atol=1e-5)


def test_draws_are_standardised_and_seeded(template: Template) -> None:
    for halo in (False, True):
        points, weight = template.draw(500, np.random.default_rng(4), halo=halo)
        assert len(points) == len(weight) == 500
        assert weight.mean() == pytest.approx(0, abs=1e-6)
        assert np.linalg.norm(weight) == pytest.approx(1, rel=1e-6)
        again, _ = template.draw(500, np.random.default_rng(4), halo=halo)
        np.testing.assert_array_equal(np.stack(points.columns), np.stack(again.columns))
    covered = {tuple(row) for row in template.points[template.covered].astype(np.float32)}
    points, _ = template.draw(500, np.random.default_rng(4), halo=False)
    assert all(tuple(row) in covered for row in np.stack(points.columns, axis=1))
    everything, _ = template.draw(10**9, np.random.default_rng(4), halo=True)
    assert len(everything) == len(template.points)


def test_a_model_correlates_with_its_own_map_in_the_true_pose_and_nowhere_else(problem: Any, template: Template) -> None:
    volume = sharpened(problem, template)
    points, weight = template.draw(6000, np.random.default_rng(0), halo=False)
    assert volume.correlation(points, weight, *true_pose(problem))[0] > 0.97
    wrong = Rotation.random(50, random_state=np.random.default_rng(1)).as_quat(scalar_first=True)
    elsewhere = volume.correlation(points, weight, wrong, np.repeat(true_pose(problem)[1], 50, axis=0))
    assert elsewhere.max() < 0.7


@pytest.mark.parametrize("seed", range(6))
def test_a_displaced_pose_is_pulled_back(problem: Any, template: Template, seed: int) -> None:
    """By 1.5 Å and 8°, to a tenth of an Å, on anisotropic voxels with a shifted origin, with the schedule of the polish."""
    rng = np.random.default_rng(seed)
    quaternion, centre = true_pose(problem)
    axis, direction = (vector / np.linalg.norm(vector) for vector in rng.normal(size=(2, 3)))
    turned = Rotation.from_rotvec(np.radians(8) * axis) * Rotation.from_quat(quaternion, scalar_first=True)
    start = turned.as_quat(scalar_first=True), centre + 1.5 * direction
    halo = template.draw(6000, rng, halo=True)
    schedule = Schedule(turn_rate=0.04 / 16, shift_rate=0.6 * problem.density_map.voxel_size.mean() / 12, decay=1.0, steps=120)
    quaternions, translations, values = sharpened(problem, template).climb(*halo, *start, schedule)
    rotation = quaternion_to_matrix(quaternions)[0]
    found = Pose(rotation, translations[0] - rotation @ problem.model.fit_coordinates.mean(axis=0))
    assert problem.error(found) < 0.1
    assert values[0] > 0.97


def test_at_atoms_is_the_simulated_map_there(problem: Any, template: Template, simulated_at_atoms: Any) -> None:
    points, numbers = problem.model.fit_coordinates, problem.model.fit_atomic_numbers.astype(float)
    expected = simulated_at_atoms(points - points.mean(axis=0), numbers, problem.resolution, problem.density_map.voxel_size.mean())
    assert np.corrcoef(template.at_atoms, expected)[0, 1] > 0.98


def test_a_resolution_that_no_voxel_can_hold_takes_no_more_than_one_that_it_can(problem: Any) -> None:
    points = problem.model.fit_coordinates - problem.model.fit_coordinates.mean(axis=0)
    numbers = problem.model.fit_atomic_numbers.astype(float)
    coarse = np.full(3, 4.2)
    finest = make_template(points, numbers, finest_told(coarse), coarse)
    absurd = make_template(points, numbers, 0.5, coarse)
    assert len(absurd.points) == len(finest.points)
    (told,) = voxel_warnings(Target(replace(problem.density_map, voxel_size=coarse), 0.5, problem.level))
    assert "4.2 Å hold no detail finer than 8.4 Å" in told.message
    assert "simulated at 3.7 Å" in told.message
    assert voxel_warnings(Target(problem.density_map, problem.resolution, problem.level)) == ()
