"""The torch grid against the compiled one: the same answers up to rounding, pose by pose."""

import numpy as np
import pytest
import torch

from difffit_core.conventions import quaternion_to_matrix, rotation_angle
from difffit_core.ops import kernels, torch_kernels
from difffit_core.ops.grid import Grid, PointSet, Schedule
from difffit_core.ops.simulate import simulate
from difffit_core.ops.torch_grid import TorchGrid

Climbed = tuple[np.ndarray, np.ndarray, np.ndarray]
LONG = Schedule(turn_rate=0.04, shift_rate=1.2, decay=1.0, steps=60)
SHORT = Schedule(turn_rate=0.02, shift_rate=0.4, decay=1.0, steps=20)


@pytest.fixture(scope="module")
def torch_grid(problem) -> TorchGrid:
    return TorchGrid.of(*problem.frame, "cpu")


class Smooth:
    """A cloud of atoms in its own density at 8 Å, with starts within 10 Å of its centre in every orientation."""

    def __init__(self) -> None:
        rng = np.random.default_rng(2)
        atoms = rng.normal([50.0, -20, 30], 9, (150, 3))
        density = simulate(atoms, np.ones(150), 8.0, 2.0)
        frame = np.pad(density.values, 3) / density.values.std(), np.full(3, 2.0), density.origin - 6
        self.grid, self.torch_grid = Grid.of(*frame), TorchGrid.of(*frame, "cpu")
        self.points = PointSet.of(atoms - atoms.mean(axis=0))
        weight = np.exp(-np.square(atoms - atoms.mean(axis=0)).sum(axis=1) / 200) + 0.25 * rng.normal(size=150)
        weight -= weight.mean()
        self.weight = (weight / np.linalg.norm(weight)).astype(np.float32)
        quaternions = rng.normal(size=(200, 4))
        self.poses = quaternions / np.linalg.norm(quaternions, axis=1, keepdims=True), atoms.mean(axis=0) + rng.uniform(-10, 10, (200, 3))

    def climb_in_float64(self, weight: np.ndarray | None, schedule: Schedule) -> Climbed:
        turns, shifts, values = self.poses[0].copy(), self.poses[1] - self.grid.origin, np.empty(200)
        weights = np.empty(0) if weight is None else weight.astype(np.float64)
        kernels.climb(
            self.grid.flat.astype(np.float64), self.grid.shape, self.grid.scale.astype(np.float64),
            *(column.astype(np.float64) for column in self.points.columns), weights, turns, shifts,
            schedule.turn_rate, schedule.shift_rate, schedule.decay, schedule.steps, values, np.empty((0, 0, 7)),
        )  # fmt: skip
        return turns / np.linalg.norm(turns, axis=1, keepdims=True), shifts + self.grid.origin, values


@pytest.fixture(scope="module")
def smooth() -> Smooth:
    return Smooth()


def apart(a: Climbed, b: Climbed) -> tuple[np.ndarray, np.ndarray]:
    """Å and degrees between the poses of two climbs."""
    return np.linalg.norm(a[1] - b[1], axis=1), rotation_angle(quaternion_to_matrix(a[0]), quaternion_to_matrix(b[0]))


def share_alike(a: Climbed, b: Climbed) -> float:
    shift, angle = apart(a, b)
    return float(((shift <= 0.02) & (angle <= 0.05)).mean())


def test_answers_the_same_questions_alike(problem, torch_grid: TorchGrid) -> None:
    points, poses = problem.point_set, problem.poses
    np.testing.assert_allclose(torch_grid.samples(points, *poses), problem.grid.samples(points, *poses), atol=5e-5)
    np.testing.assert_allclose(torch_grid.mean(points, *poses), problem.grid.mean(points, *poses), atol=2e-6)
    found = torch_grid.correlation(points, problem.weight, *poses)
    np.testing.assert_allclose(found, problem.grid.correlation(points, problem.weight, *poses), atol=2e-6)
    for array in (torch_grid.samples(points, *poses), torch_grid.mean(points, *poses), found):
        assert isinstance(array, np.ndarray)
        assert array.dtype == np.float32


def test_answers_equal_scipy(problem, torch_grid: TorchGrid) -> None:
    np.testing.assert_allclose(torch_grid.samples(problem.point_set, *problem.poses), problem.reference_samples(), atol=5e-5)
    found = torch_grid.correlation(problem.point_set, problem.weight, *problem.poses)
    np.testing.assert_allclose(found, problem.reference_correlation(), atol=1e-5)


@pytest.mark.parametrize(("weighted", "schedule"), [(False, SHORT), (True, SHORT), (True, LONG)])
def test_climbs_to_the_same_place_pose_by_pose(smooth: Smooth, weighted: bool, schedule: Schedule) -> None:
    weight = smooth.weight if weighted else None
    compiled = smooth.grid.climb(smooth.points, weight, *smooth.poses, schedule)
    found = smooth.torch_grid.climb(smooth.points, weight, *smooth.poses, schedule)
    shift, angle = apart(found, compiled)
    assert share_alike(found, compiled) >= 0.95
    assert np.quantile(shift, 0.9) < 1e-3
    assert np.quantile(angle, 0.9) < 1e-3
    assert np.quantile(np.abs(found[2] - compiled[2]), 0.9) < 1e-5
    assert np.median(np.linalg.norm(found[1] - smooth.poses[1], axis=1)) > 1  # and they did move


@pytest.mark.slow
def test_long_climbs_of_the_mean_part_by_rounding_only(smooth: Smooth) -> None:
    """The slope of the mean jumps wherever an atom crosses a voxel border, and Adam blows a rounding error up: in float32 no two
    programs end alike. The torch grid ends as near to a climb in float64 as the compiled grid does, and as high.
    """
    exact = smooth.climb_in_float64(None, LONG)
    compiled = smooth.grid.climb(smooth.points, None, *smooth.poses, LONG)
    found = smooth.torch_grid.climb(smooth.points, None, *smooth.poses, LONG)
    for of_found, of_compiled in zip(apart(found, exact), apart(compiled, exact), strict=True):
        for q in (0.5, 0.8):
            assert np.quantile(of_found, q) < 1.5 * np.quantile(of_compiled, q)
    assert np.quantile(apart(found, compiled)[0], 0.8) < 0.25
    assert abs(np.mean(found[2] - exact[2])) < 0.003 * exact[2].std()


@pytest.mark.parametrize("weighted", [False, True])
def test_a_climb_tells_the_value_where_it_leaves_a_pose(problem, torch_grid: TorchGrid, weighted: bool) -> None:
    weight = problem.weight if weighted else None
    turns, shifts, values = torch_grid.climb(problem.point_set, weight, *problem.poses, SHORT)
    reference = problem.reference_correlation if weighted else lambda *poses: problem.reference_samples(*poses).mean(axis=1)
    np.testing.assert_allclose(values, reference(turns, shifts), atol=2e-5)
    np.testing.assert_allclose(np.linalg.norm(turns, axis=1), 1, atol=1e-12)
    assert (values >= reference(*problem.poses) - 1e-5).all()
    assert (turns.dtype, shifts.dtype, values.dtype) == (np.float64, np.float64, np.float32)


def test_repeats_itself_bit_for_bit(problem, torch_grid: TorchGrid) -> None:
    first, second = (torch_grid.climb(problem.point_set, problem.weight, *problem.poses, SHORT) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("chunk", [64, 1000])
def test_chunks_change_nothing_but_rounding(problem, torch_grid: TorchGrid, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    points, poses, few = problem.point_set, problem.poses, Schedule(0.02, 0.4, 1.0, 4)

    def answers() -> list[np.ndarray]:
        scores = torch_grid.samples(points, *poses), torch_grid.mean(points, *poses), torch_grid.correlation(points, problem.weight, *poses)
        return [*scores, *torch_grid.climb(points, None, *poses, few), *torch_grid.climb(points, problem.weight, *poses, few)]

    whole = answers()
    monkeypatch.setattr(torch_kernels, "CHUNK_SAMPLES", {"cpu": chunk})
    for a, b in zip(answers(), whole, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_way_of_a_climb_is_that_of_the_kernel_and_ends_where_it_does(problem, torch_grid: TorchGrid, weighted: bool) -> None:
    weight = problem.weight if weighted else None
    turns, shifts = torch_grid.trace(problem.point_set, weight, *problem.poses, SHORT)
    end = torch_grid.climb(problem.point_set, weight, *problem.poses, SHORT)
    np.testing.assert_array_equal(turns[-1], end[0])
    np.testing.assert_array_equal(shifts[-1], end[1])
    compiled = problem.grid.trace(problem.point_set, weight, *problem.poses, SHORT)
    assert [part.shape for part in compiled] == [turns.shape, shifts.shape]
    assert np.median(np.abs(compiled[1] - shifts)) < 1e-4
    assert np.median(np.abs(np.abs((compiled[0] * turns).sum(axis=2)) - 1)) < 1e-6


def test_a_constant_volume_moves_nothing(problem) -> None:
    grid = TorchGrid.of(np.full((5, 6, 7), 3.0), problem.voxel_size, problem.origin, "cpu")
    turns, shifts, values = grid.climb(problem.point_set, problem.weight, *problem.poses, SHORT)
    np.testing.assert_array_equal(values, 0)
    np.testing.assert_allclose(turns, problem.quaternions, atol=1e-6)
    np.testing.assert_allclose(shifts, problem.translations, atol=1e-4)


def test_no_poses_are_no_work(problem, torch_grid: TorchGrid) -> None:
    none = np.empty((0, 4)), np.empty((0, 3))
    assert torch_grid.samples(problem.point_set, *none).shape == (0, 150)
    assert torch_grid.correlation(problem.point_set, problem.weight, *none).shape == (0,)
    assert [part.shape for part in torch_grid.climb(problem.point_set, None, *none, SHORT)] == [(0, 4), (0, 3), (0,)]


def test_poses_that_are_no_numbers_are_refused(problem, torch_grid: TorchGrid) -> None:
    lost = problem.translations.copy()
    lost[3, 1] = np.nan
    with pytest.raises(ValueError, match="finite"):
        torch_grid.mean(problem.point_set, problem.quaternions, lost)


def test_leaves_no_trace_for_autograd_and_no_float64_on_the_device(problem, torch_grid: TorchGrid) -> None:
    assert torch_grid.volume.dtype == torch_grid.scale.dtype == torch.float32
    seen = set()
    original = torch_kernels.interpolate

    def watched(*tensors: torch.Tensor) -> object:
        seen.update(tensor.dtype for tensor in tensors)
        value, gradient = original(*tensors)
        seen.update(tensor.dtype for tensor in (value, *gradient))
        assert not value.requires_grad
        return value, gradient

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch_kernels, "interpolate", watched)
        torch_grid.climb(problem.point_set, problem.weight, *problem.poses, SHORT)
    assert seen == {torch.float32}
