"""Clustering of poses against its definition, spelt out pose by pose."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.conventions import quaternion_to_matrix, rotation_angle
from difffit_core.fit.search.cluster import Clusters, cluster_poses


def crowd(count: int, places: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Quaternions of either sign, centres and scores of poses scattered by a few Å and degrees round some places."""
    rng = np.random.default_rng(seed)
    place = rng.integers(places, size=count)
    turns = Rotation.from_rotvec(rng.normal(0, np.radians(4), (count, 3))) * Rotation.random(places, rng)[place]
    centres = rng.uniform(-8, 8, (places, 3))[place] + rng.normal(0, 2, (count, 3))
    return turns.as_quat(scalar_first=True) * rng.choice([-1, 1], (count, 1)), centres, rng.normal(size=count)


def by_definition(quaternions: np.ndarray, centres: np.ndarray, scores: np.ndarray, shift: float, angle: float) -> Clusters:
    matrices = quaternion_to_matrix(quaternions)
    leaders: list[int] = []
    labels = np.full(len(scores), -1)
    for i in sorted(range(len(scores)), key=lambda i: -scores[i]):
        for label, j in enumerate(leaders):
            if np.linalg.norm(centres[i] - centres[j]) < shift and rotation_angle(matrices[i], matrices[j]) < angle:
                labels[i] = label
                break
        else:
            labels[i] = len(leaders)
            leaders.append(i)
    return Clusters(np.array(leaders), labels)


@pytest.mark.parametrize(("shift", "angle"), [(3.0, 6.0), (1.0, 15.0), (12.0, 180.0), (6.0, 3.0)])
@pytest.mark.parametrize("seed", [0, 1])
def test_equals_its_definition(shift: float, angle: float, seed: int) -> None:
    poses = crowd(300, 20, seed)
    found, expected = cluster_poses(*poses, shift, angle), by_definition(*poses, shift, angle)
    assert 1 < len(expected.leaders) < 290
    np.testing.assert_array_equal(found.leaders, expected.leaders)
    np.testing.assert_array_equal(found.labels, expected.labels)


def test_known_answer() -> None:
    """Poses at 0, 2.5 and 5 Å: the best in the middle takes both; the best at one end leaves the other end alone."""
    quaternions, centres = np.tile([1.0, 0, 0, 0], (3, 1)), np.array([[0.0, 0, 0], [2.5, 0, 0], [5, 0, 0]])
    middle = cluster_poses(quaternions, centres, np.array([1.0, 3, 2]))
    np.testing.assert_array_equal(middle.leaders, [1])
    np.testing.assert_array_equal(middle.labels, [0, 0, 0])
    end = cluster_poses(quaternions, centres, np.array([1.0, 2, 3]))
    np.testing.assert_array_equal(end.leaders, [2, 0])
    np.testing.assert_array_equal(end.labels, [1, 0, 0])


@pytest.mark.parametrize(("degrees", "clusters"), [(5.9, 1), (6.1, 2), (354.1, 1), (180.0, 2)])
def test_the_angle_is_that_of_the_rotation_between(degrees: float, clusters: int) -> None:
    turn = Rotation.from_rotvec(np.radians(degrees) * np.array([0.6, 0, 0.8]))
    base = Rotation.from_euler("xyz", [0.4, 1.2, -2.0])
    quaternions = np.stack([base.as_quat(scalar_first=True), -(turn * base).as_quat(scalar_first=True)])
    assert len(cluster_poses(quaternions, np.zeros((2, 3)), np.array([2.0, 1.0])).leaders) == clusters


def test_the_order_of_the_poses_does_not_matter() -> None:
    quaternions, centres, scores = crowd(2000, 60, 3)
    order = np.random.default_rng(9).permutation(2000)
    found, shuffled = cluster_poses(quaternions, centres, scores), cluster_poses(quaternions[order], centres[order], scores[order])
    np.testing.assert_array_equal(order[shuffled.leaders], found.leaders)
    np.testing.assert_array_equal(shuffled.labels, found.labels[order])


def test_hits_count_every_pose_once() -> None:
    quaternions, centres, scores = crowd(1000, 30, 4)
    clusters = cluster_poses(quaternions, centres, scores)
    counts = np.random.default_rng(0).integers(1, 5, 1000)
    assert clusters.hits(counts).sum() == counts.sum()
    assert (clusters.hits(np.ones(1000, np.int64)) >= 1).all()
    assert (np.diff(scores[clusters.leaders]) <= 0).all()


def test_most_stops_after_so_many_clusters() -> None:
    quaternions, centres, scores = crowd(500, 30, 5)
    every, few = cluster_poses(quaternions, centres, scores), cluster_poses(quaternions, centres, scores, most=4)
    np.testing.assert_array_equal(few.leaders, every.leaders[:4])
    np.testing.assert_array_equal(few.labels[few.labels >= 0], every.labels[few.labels >= 0])
    assert (few.labels == -1).sum() == len(scores) - few.hits(np.ones(500, np.int64)).sum() > 0


def test_no_poses_make_no_clusters() -> None:
    clusters = cluster_poses(np.empty((0, 4)), np.empty((0, 3)), np.empty(0))
    assert len(clusters.leaders) == len(clusters.labels) == len(clusters.hits(np.empty(0, np.int64))) == 0


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("count", "spread"), [(50_000, 30.0), (15_000, 0.0)])
def test_many_random_poses(count: int, spread: float) -> None:
    """Whether they fill a large box or all lie on one spot, where no pose can be told by its place."""
    rng = np.random.default_rng(6)
    quaternions, centres = Rotation.random(count, rng).as_quat(scalar_first=True), rng.uniform(-spread, spread, (count, 3))
    scores = rng.normal(size=count)
    clusters = cluster_poses(quaternions, centres, scores)
    assert (clusters.labels >= 0).all()
    assert clusters.hits(np.ones(count, np.int64)).sum() == count
    leaders = clusters.leaders[clusters.labels]
    assert (np.linalg.norm(centres - centres[leaders], axis=1) <= 3).all()
    angle = rotation_angle(quaternion_to_matrix(quaternions), quaternion_to_matrix(quaternions[leaders]))
    assert (angle <= 6 + 1e-6).all()
    assert (scores <= scores[leaders]).all()
