"""Copies of one placement in a symmetric map, told from its rivals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.conventions import matrix_to_quaternion
from difffit_core.density_map import DensityMap
from difffit_core.fit import run
from difffit_core.fit.judge.equivalents import symmetric_copies
from difffit_core.fit.judge.places import Places, place_length
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.run import run_fit
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.settings import FitSettings
from difffit_core.groups.group import Group
from difffit_core.groups.standing import OfMap, Standing
from difffit_core.ops.grid import Grid, PointSet
from difffit_core.placement import Verdict
from difffit_core.pose import Pose
from difffit_core.target import Target

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
    quaternions = matrix_to_quaternion(np.array([pose.rotation for pose in poses]).reshape(-1, 3, 3))
    translations = np.array([pose.translation for pose in poses]).reshape(-1, 3)
    box = density_map.origin, density_map.origin + density_map.box - density_map.voxel_size
    centre = points.mean(axis=0)
    places = Places(
        quaternions, translations + np.array([pose.rotation @ centre for pose in poses]).reshape(-1, 3), PointSet.of(points - centre)
    )
    return symmetric_copies(volume, box, PointSet.of(points - centre), np.array(correlation, np.float32), places).tolist()


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
    found = run_fit(FitRequest(Target(density_map, 8.0, 0.6), beta2, FitSettings.preset("fast"), 2, "cpu")).placements
    nearest = [[pose_rmsd(placement.pose, pose, points) for pose in truth] for placement in found[:3]]
    assert sorted(int(np.argmin(row)) for row in nearest) == [0, 1, 2]
    assert max(min(row) for row in nearest) < 0.5
    assert [placement.copy_of for placement in found[:4]] == [None, 1, 1, None]
    assert [placement.verdict for placement in found[:3]] == [Verdict.UNIQUE, Verdict.SYMMETRIC_COPY, Verdict.SYMMETRIC_COPY]


def test_the_symmetry_of_the_map_gives_the_copies_that_a_search_did_not(
    trimer: Any, beta2: Any, pose_rmsd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that finds the first copy alone: by itself it is all there is, the axis of the map gives the two others."""
    density_map, points, truth = trimer
    searched, centre = run.search, points.mean(axis=0)
    others = np.array([pose.apply(centre) for pose in truth[1:]])
    found: list[Candidates] = []

    def crippled(*arguments: Any) -> Candidates:
        if not found:
            every = searched(*arguments)
            away = np.linalg.norm(every.translations[:, None] - others, axis=2).min(axis=1)
            found.append(every.take(np.flatnonzero(away > 8)))
        return found[0]

    monkeypatch.setattr(run, "search", crippled)
    request = FitRequest(Target(density_map, 8.0, 0.6), beta2, FitSettings.preset("fast"), 2, "cpu")
    axis = Standing(Group("C", 3), Pose.identity())

    def asked_for(symmetry: str, of_map: OfMap | None) -> FitResult:
        return run_fit(replace(request, symmetry=symmetry, of_map=of_map))

    assert Verdict.SYMMETRIC_COPY not in [one.verdict for one in asked_for("auto", None).placements]
    by_map = asked_for("map", OfMap(axis, ""))
    assert [one.copy_of for one in by_map.placements[:4]] == [None, 1, 1, None]
    assert by_map.placements[0].verdict is Verdict.UNIQUE
    assert max(min(pose_rmsd(one.pose, pose, points) for pose in truth) for one in by_map.placements[:3]) < 0.5
    assert not [one for one in by_map.warnings if one.kind == "symmetry"]
    assert len(by_map.start_quaternions) == len(by_map.placements)
    none = asked_for("map", OfMap(None, "the map has no symmetry of its own"))
    assert [one.message for one in none.warnings if one.kind == "symmetry"] == ["The map has no symmetry of its own."]
    wrong = asked_for("C4", OfMap(Standing(Group("C", 4), Pose.identity()), ""))
    assert any("Of the 3 copies of the best placement that C4 asks for 0 were found" in one.message for one in wrong.warnings)
    with pytest.raises(ValueError, match="must be found before"):
        asked_for("map", None)


def test_copies_are_rivals_where_no_symmetry_is_asked_for(trimer: Any, beta2: Any) -> None:
    request = FitRequest(Target(trimer[0], 8.0, 0.6), beta2, FitSettings.preset("fast"), 2, "cpu", symmetry="none")
    assert [one.verdict for one in run_fit(request).placements[:3]] == [Verdict.AMBIGUOUS] * 3


def test_like_blobs_without_a_symmetry_of_the_map_are_no_copies(trimer: Any, make_map: Any) -> None:
    """Two copies of one chain in a map at 20 Å, and other density beside one of them alone: the map does not look alike round them."""
    _, points, poses = trimer
    here, there = poses[0].apply(points), poses[1].apply(points) + np.array([0.0, 25.0, 0.0])
    beside = here + np.array([45.0, 10.0, 0.0])
    more = here + np.array([30.0, -40.0, 10.0])
    density_map = make_map(np.concatenate([here, there, beside, more]), np.ones(4 * len(points)), 20.0, np.full(3, 4.0), margin=20.0)
    second = Pose(poses[1].rotation, poses[1].translation + np.array([0.0, 25.0, 0.0]))
    assert asked((density_map, points, poses), [poses[0], second], [0.9, 0.89]) == [-1, -1]


def test_overlapping_poses_are_no_copies(trimer: Any) -> None:
    first = trimer[2][0]
    near = Pose(first.rotation, first.translation + np.array([2.0, 1.0, 0.0]))
    assert asked(trimer, [first, near], [0.9, 0.89]) == [-1, -1]


def test_places(trimer: Any, pose_rmsd: Any) -> None:
    """RMSD as it is counted atom by atom; what is near is one place, neighbours do not overlap, what is turned on the spot does."""
    _, points, poses = trimer
    centre = points.mean(axis=0)
    turn = Rotation.from_euler("y", 90, degrees=True).as_matrix()
    middle = poses[0].apply(centre)
    some = [*poses, Pose(poses[0].rotation, poses[0].translation + 2.0), Pose(turn, middle - turn @ middle).compose(poses[0])]
    rotations = np.array([pose.rotation for pose in some])
    places = Places(matrix_to_quaternion(rotations), np.array([pose.apply(centre) for pose in some]), PointSet.of(points - centre))
    others = np.arange(1, 5)
    np.testing.assert_allclose(places.rmsd(0, others), [pose_rmsd(some[0], some[i], points) for i in others], rtol=1e-4)
    assert places.overlaps(0, others).tolist() == [False, False, True, True]
    assert places.distinct(place_length(8.0, 3.0)).tolist() == [0, 1, 2, 4]
    assert (place_length(4.0, 3.0), place_length(20.0, 3.0)) == (3.0, 10.0)
