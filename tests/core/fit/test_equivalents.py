"""Copies of one placement in a symmetric map, told from its rivals."""

from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.conventions import matrix_to_quaternion
from difffit_core.density_map import DensityMap
from difffit_core.fit.equivalents import symmetric_copies
from difffit_core.fit.places import Places
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.ops.grid import Grid, PointSet
from difffit_core.placement import Verdict
from difffit_core.pose import Pose

AXIS = Rotation.from_euler("z", [[0], [120], [240]], degrees=True).as_matrix()


@pytest.fixture(scope="module")
def trimer(beta2: Any, make_map: Any) -> tuple[DensityMap, np.ndarray, list[Pose]]:
    """Three copies of β2-microglobulin round the z axis at 8 Å with noise, its atoms, and the three moves of the model to them."""
    points = beta2.fit_coordinates
    out = np.array([20.0, 0.0, 0.0]) - points.mean(axis=0)
    poses = [Pose(turn, turn @ out) for turn in AXIS]
    everything = np.concatenate([pose.apply(points) for pose in poses])
    return make_map(everything, np.tile(beta2.fit_atomic_numbers.astype(float), 3), 8.0, np.full(3, 2.0), noise=0.02), points, poses


def asked(trimer: tuple[DensityMap, np.ndarray, list[Pose]], poses: list[Pose], correlation: list[float]) -> list[int]:
    density_map, points, _ = trimer
    volume = Grid.of(density_map.values, density_map.voxel_size, density_map.origin)
    centre = points.mean(axis=0)
    quaternions = matrix_to_quaternion(np.array([pose.rotation for pose in poses]).reshape(-1, 3, 3))
    centres = np.array([pose.apply(centre) for pose in poses]).reshape(-1, 3)
    atoms = PointSet.of(points - centre)
    box = density_map.origin, density_map.origin + density_map.box - density_map.voxel_size
    return symmetric_copies(volume, box, atoms, np.array(correlation, np.float32), Places(quaternions, centres, atoms)).tolist()


def test_copies_of_the_best(trimer: Any) -> None:
    assert asked(trimer, trimer[2], [0.9, 0.89, 0.88]) == [-1, 0, 0]


def test_another_orientation_is_no_copy(trimer: Any) -> None:
    first, second, third = trimer[2]
    centre = first.apply(trimer[1]).mean(axis=0)
    flip = Rotation.from_euler("x", 90, degrees=True).as_matrix()
    rival = Pose(flip, centre - flip @ centre).compose(first)
    assert asked(trimer, [first, rival, second, third], [0.9, 0.88, 0.87, 0.86]) == [-1, -1, 0, 0]


def test_a_copy_scores_as_high_as_its_original(trimer: Any) -> None:
    assert asked(trimer, trimer[2], [0.9, 0.8, 0.5]) == [-1, 0, -1]


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_to_compare(trimer: Any, count: int) -> None:
    assert asked(trimer, trimer[2][:count], [0.9] * count) == [-1] * count if count else True


def test_a_fit_into_a_trimer_finds_three_and_calls_two_of_them_copies(trimer: Any, beta2: Any, pose_rmsd: Any) -> None:
    density_map, points, truth = trimer
    found = run_fit(FitRequest(density_map, beta2, 8.0, 0.6, FitSettings.preset("fast"), 2, "cpu")).placements
    nearest = [[pose_rmsd(placement.pose, pose, points) for pose in truth] for placement in found[:3]]
    assert sorted(int(np.argmin(row)) for row in nearest) == [0, 1, 2]
    assert max(min(row) for row in nearest) < 0.5
    assert [placement.copy_of for placement in found[:4]] == [None, 1, 1, None]
    assert [placement.verdict for placement in found[:3]] == [Verdict.UNIQUE, Verdict.SYMMETRIC_COPY, Verdict.SYMMETRIC_COPY]
