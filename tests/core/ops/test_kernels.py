"""The compiled kernels against scipy and numpy in float64, through the grid that feeds them."""

import numba
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.conventions import matrix_to_quaternion, quaternion_to_matrix, rotation_angle
from difffit_core.ops import kernels
from difffit_core.ops.grid import Grid, PointSet, Schedule, bordered
from difffit_core.ops.simulate import simulate

QUICK = Schedule(turn_rate=0.02, shift_rate=0.3, decay=0.9, steps=40)


def test_some_points_of_the_problem_lie_outside_the_box(problem) -> None:
    moved = np.einsum("pij,nj->pni", quaternion_to_matrix(problem.quaternions), problem.points) + problem.translations[:, None]
    index = (moved - problem.origin) / problem.voxel_size
    outside = ((index < 0) | (index > np.array(problem.values.shape[::-1]) - 1)).any(axis=-1).mean()
    assert 0.1 < outside < 0.7


def test_a_voxel_centre_reads_its_voxel() -> None:
    values = np.arange(2 * 3 * 4, dtype=np.float32).reshape(2, 3, 4)
    grid = Grid.of(values, np.array([2.0, 3, 5]), np.array([10.0, 20, 30]))
    origin_point = PointSet.of(np.zeros((1, 3)))
    where = np.array([[10 + 2 * x, 20 + 3 * y, 30 + 5 * z] for z, y, x in np.ndindex(2, 3, 4)], float)
    read = grid.samples(origin_point, np.tile([1.0, 0, 0, 0], (24, 1)), where)
    np.testing.assert_allclose(read[:, 0], values.ravel(), atol=1e-4)


def test_samples_equal_scipy(problem) -> None:
    np.testing.assert_allclose(problem.grid.samples(problem.point_set, *problem.poses), problem.reference_samples(), atol=5e-5)


def test_means_equal_scipy(problem) -> None:
    np.testing.assert_allclose(problem.grid.mean(problem.point_set, *problem.poses), problem.reference_samples().mean(axis=1), atol=1e-5)


def test_correlations_equal_pearson(problem) -> None:
    found = problem.grid.correlation(problem.point_set, problem.weight, *problem.poses)
    np.testing.assert_allclose(found, problem.reference_correlation(), atol=1e-5)


def test_correlation_does_not_depend_on_the_length_of_the_quaternion(problem) -> None:
    found = problem.grid.correlation(problem.point_set, problem.weight, 3 * problem.quaternions, problem.translations)
    np.testing.assert_allclose(found, problem.reference_correlation(), atol=1e-5)


def test_a_constant_volume_correlates_with_nothing(problem) -> None:
    grid = Grid.of(np.full((5, 6, 7), 3.0), problem.voxel_size, problem.origin)
    np.testing.assert_array_equal(grid.correlation(problem.point_set, problem.weight, *problem.poses), 0)
    turns, shifts, values = grid.climb(problem.point_set, problem.weight, *problem.poses, QUICK)
    np.testing.assert_array_equal(values, 0)
    np.testing.assert_allclose(turns, problem.quaternions, atol=1e-6)
    np.testing.assert_allclose(shifts, problem.translations, atol=1e-4)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_gradients_equal_finite_differences_of_the_same_kernel_in_float64(problem, kind: type) -> None:
    rotations = quaternion_to_matrix(problem.quaternions)
    shifts = problem.translations - (problem.origin - problem.voxel_size)

    def mean(r: np.ndarray, t: np.ndarray, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
        values, gradients = np.empty(len(r), dtype), np.empty((len(r), 12), dtype)
        padded = bordered(problem.values).astype(dtype)
        kernels.mean_and_gradient(
            padded.ravel(), np.array(padded.shape[::-1], np.int32), (1 / problem.voxel_size).astype(dtype),
            *np.ascontiguousarray(problem.points.T, dtype), r.astype(dtype), t.astype(dtype), values, gradients,
        )  # fmt: skip
        return values, gradients

    gradients = mean(rotations, shifts, kind)[1]
    step = 1e-7
    differences = np.empty((len(rotations), 12))
    for j in range(12):
        offset = np.zeros(12)
        offset[j] = step
        dt, dr = offset[:3], offset[3:].reshape(3, 3)
        differences[:, j] = (mean(rotations + dr, shifts + dt)[0] - mean(rotations - dr, shifts - dt)[0]) / (2 * step)
    error = np.abs(gradients - differences)
    if kind is np.float64:
        assert error.max() < 1e-5
    else:  # rounding may put one of the 150 points across a voxel border, where the gradient jumps
        assert np.quantile(error, 0.98) < 1e-4
        assert error.max() < 0.01


@pytest.mark.parametrize("weighted", [False, True])
def test_one_small_step_of_a_climb_follows_the_slope_of_the_reference(problem, weighted: bool) -> None:
    """Adam's first step is the sign of the gradient times the rate, so that the signs of seven finite differences are told by one step."""
    rate, h = 1e-3, 1e-5
    step = Schedule(turn_rate=rate, shift_rate=rate, decay=0.0, steps=2)
    reference = problem.reference_correlation if weighted else lambda q, t: problem.reference_samples(q, t).mean(axis=1)
    turns, shifts, _ = problem.grid.climb(problem.point_set, problem.weight if weighted else None, *problem.poses, step)
    states = np.concatenate([problem.quaternions, problem.translations], axis=1)
    slope = np.empty((len(states), 7))
    for j in range(7):
        up, down = states.copy(), states.copy()
        up[:, j] += h
        down[:, j] -= h
        slope[:, j] = (reference(up[:, :4], up[:, 4:]) - reference(down[:, :4], down[:, 4:])) / (2 * h)
    stepped = states + rate * np.sign(slope)
    stepped[:, :4] /= np.linalg.norm(stepped[:, :4], axis=1, keepdims=True)
    moved = np.abs(shifts - states[:, 4:]).max(axis=1) > rate / 2
    clear = (np.abs(slope) > 1e-3).all(axis=1) & moved
    assert clear.mean() > 0.5
    np.testing.assert_allclose(np.concatenate([turns, shifts], axis=1)[clear], stepped[clear], atol=2e-5)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_climb_improves_every_pose_and_tells_the_value_where_it_leaves_it(problem, weighted: bool) -> None:
    weight = problem.weight if weighted else None
    turns, shifts, values = problem.grid.climb(problem.point_set, weight, *problem.poses, QUICK)
    reference = problem.reference_correlation if weighted else lambda *poses: problem.reference_samples(*poses).mean(axis=1)
    before = reference(*problem.poses)
    np.testing.assert_allclose(values, reference(turns, shifts), atol=2e-5)
    np.testing.assert_allclose(np.linalg.norm(turns, axis=1), 1, atol=1e-12)
    assert (values >= before - 1e-5).all()
    assert np.median(values - before) > 0.05


@pytest.mark.parametrize("weighted", [False, True])
def test_a_climb_finds_the_place_a_density_was_made_from(weighted: bool) -> None:
    rng = np.random.default_rng(5)
    points = rng.normal(0, 7, (80, 3))
    points -= points.mean(axis=0)
    truth, where = Rotation.from_rotvec([0.3, -1.1, 0.6]), np.array([20.0, -35, 60])
    density = simulate(truth.apply(points) + where, np.ones(80), 6.0, 1.5)
    grid = Grid.of(density.values, np.full(3, density.spacing), density.origin)
    sampled, weight = points, None
    if weighted:
        own = simulate(points, np.ones(80), 6.0, 1.0)
        covered = own.values > 0.05 * own.values.max()
        sampled = np.argwhere(covered)[:, ::-1] * own.spacing + own.origin
        weight = own.values[covered] - own.values[covered].mean()
        weight = (weight / np.linalg.norm(weight)).astype(np.float32)
    starts = Rotation.from_rotvec(rng.uniform(-0.2, 0.2, (20, 3))) * truth
    turns, shifts, _ = grid.climb(
        PointSet.of(sampled),
        weight,
        matrix_to_quaternion(starts.as_matrix()),
        where + rng.uniform(-2, 2, (20, 3)),
        Schedule(turn_rate=0.02, shift_rate=0.5, decay=1.0, steps=120),
    )
    angle = rotation_angle(quaternion_to_matrix(turns), truth.as_matrix())
    shift = np.linalg.norm(shifts - where, axis=1)
    assert np.quantile(angle, 0.8) < (0.3 if weighted else 1.5)
    assert np.quantile(shift, 0.8) < (0.05 if weighted else 0.2)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_way_of_a_climb_never_goes_down_and_passes_where_shorter_climbs_end(problem, weighted: bool) -> None:
    weight = problem.weight if weighted else None
    turns, shifts = problem.grid.trace(problem.point_set, weight, *problem.poses, QUICK)
    assert (turns.shape, shifts.shape) == ((QUICK.steps, len(problem.quaternions), 4), (QUICK.steps, len(problem.quaternions), 3))
    np.testing.assert_allclose(shifts[0], problem.translations, atol=1e-4)
    for steps in (1, QUICK.steps // 2, QUICK.steps):
        shorter = Schedule(QUICK.turn_rate, QUICK.shift_rate, QUICK.decay * steps / QUICK.steps, steps)
        end = problem.grid.climb(problem.point_set, weight, *problem.poses, shorter)
        np.testing.assert_allclose(turns[steps - 1], end[0], atol=1e-4)
        np.testing.assert_allclose(shifts[steps - 1], end[1], atol=1e-3)
    score = (
        (lambda *pose: problem.grid.correlation(problem.point_set, weight, *pose))
        if weighted
        else lambda *pose: problem.grid.mean(problem.point_set, *pose)
    )
    values = np.array([score(turn, shift) for turn, shift in zip(turns, shifts, strict=True)])
    assert (np.diff(values, axis=0) > -1e-4).all()


def test_a_pose_climbs_alike_alone_and_among_others_whatever_the_threads(problem) -> None:
    together = problem.grid.climb(problem.point_set, problem.weight, *problem.poses, QUICK)
    alone = problem.grid.climb(problem.point_set, problem.weight, problem.quaternions[7:8], problem.translations[7:8], QUICK)
    threads = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        single = problem.grid.climb(problem.point_set, problem.weight, *problem.poses, QUICK)
    finally:
        numba.set_num_threads(threads)
    for a, b, c in zip(together, alone, single, strict=True):
        np.testing.assert_array_equal(a[7:8], b)
        np.testing.assert_array_equal(a, c)


def test_no_poses_are_no_work(problem) -> None:
    none = np.empty((0, 4)), np.empty((0, 3))
    assert problem.grid.samples(problem.point_set, *none).shape == (0, 150)
    assert problem.grid.mean(problem.point_set, *none).shape == (0,)
    assert [part.shape for part in problem.grid.climb(problem.point_set, None, *none, QUICK)] == [(0, 4), (0, 3), (0,)]


def test_no_points_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        PointSet.of(np.empty((0, 3)))


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 5, 4), (6, 1, 1)])
def test_a_volume_one_voxel_thin_is_constant_across(problem, shape: tuple[int, int, int]) -> None:
    values = np.random.default_rng(3).normal(size=shape).astype(np.float32)
    thin = type(problem)(
        values, *[getattr(problem, name) for name in ("voxel_size", "origin", "points", "weight", "quaternions", "translations")]
    )
    np.testing.assert_allclose(thin.grid.samples(thin.point_set, *thin.poses), thin.reference_samples(), atol=5e-5)
