"""Starting poses: only where density is, turned evenly, and the same for the same seed."""

import numpy as np
import pytest
from scipy.stats import chisquare, kstest

from difffit_core.conventions import position_to_index, quaternion_to_matrix
from difffit_core.fit.search.starts import random_starts

VOXEL_SIZE, ORIGIN = np.array([1.0, 1.5, 2.5]), np.array([-40.0, 3.0, 200.0])


def make_inside() -> np.ndarray:
    inside = np.zeros((9, 11, 14), bool)
    inside[2:5, 3:4, 4:10] = inside[7, 9, 1] = inside[0, 0, 0] = True
    return inside


def starts(count: int = 4000, seed: int = 1, positions: int = 0) -> tuple[np.ndarray, np.ndarray]:
    return random_starts(make_inside(), VOXEL_SIZE, ORIGIN, count, positions, np.random.default_rng(seed))


def test_positions_lie_in_voxels_of_density_each_as_likely() -> None:
    inside = make_inside()
    nearest = np.rint(position_to_index(starts()[1], VOXEL_SIZE, ORIGIN)).astype(int)[:, ::-1]
    assert inside[tuple(nearest.T)].all()
    counts = np.unique(nearest, axis=0, return_counts=True)[1]
    assert len(counts) == np.count_nonzero(inside)
    assert chisquare(counts).pvalue > 1e-3


def test_positions_fill_their_voxels() -> None:
    index = position_to_index(starts()[1], VOXEL_SIZE, ORIGIN)
    within = index - np.rint(index)
    for axis in range(3):
        assert kstest(within[:, axis], "uniform", (-0.5, 1.0)).pvalue > 1e-3


def test_rotations_are_uniform() -> None:
    """A turned vector points anywhere alike, and the angle of the turn is distributed as (θ - sin θ) / π."""
    quaternions = starts()[0]
    np.testing.assert_allclose(np.linalg.norm(quaternions, axis=1), 1)
    matrices = quaternion_to_matrix(quaternions)
    for row in range(3):
        for column in range(3):
            assert kstest(matrices[:, row, column], "uniform", (-1.0, 2.0)).pvalue > 1e-3
    angle = np.arccos(np.clip((np.trace(matrices, axis1=1, axis2=2) - 1) / 2, -1, 1))
    assert kstest(angle, lambda theta: (theta - np.sin(theta)) / np.pi).pvalue > 1e-3


def test_the_seed_decides() -> None:
    np.testing.assert_array_equal(np.hstack(starts(20, 5)), np.hstack(starts(20, 5)))
    assert not np.isin(starts(20, 5)[1], starts(20, 6)[1]).any()


@pytest.mark.parametrize("count", [1, 7])
def test_as_many_as_asked(count: int) -> None:
    quaternions, positions = starts(count)
    assert quaternions.shape == (count, 4)
    assert positions.shape == (count, 3)


@pytest.mark.parametrize(("count", "positions", "rotations"), [(1000, 10, 100), (60, 20, 3), (23, 5, 5), (6, 4, 2)])
def test_positions_share_the_same_rotations(count: int, positions: int, rotations: int) -> None:
    """Every position with every rotation, as in the paper; where they do not come out even, the last combinations are missing."""
    turns, places = starts(count, positions=positions)
    own_places, place = np.unique(places, axis=0, return_inverse=True)
    own_turns, turn = np.unique(turns, axis=0, return_inverse=True)
    assert (len(own_places), len(own_turns)) == (-(-count // rotations), rotations)
    assert len(set(zip(place.tolist(), turn.tolist(), strict=True))) == count
    inside = make_inside()
    nearest = np.rint(position_to_index(places, VOXEL_SIZE, ORIGIN)).astype(int)[:, ::-1]
    assert inside[tuple(nearest.T)].all()


@pytest.mark.parametrize("positions", [20, 21, 1000])
def test_as_many_positions_as_starts_are_one_for_each(positions: int) -> None:
    np.testing.assert_array_equal(np.hstack(starts(20, 5, positions)), np.hstack(starts(20, 5)))
