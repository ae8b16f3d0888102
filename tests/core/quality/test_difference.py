"""What lies between two placements."""

from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.pose import Pose
from difffit_core.quality.difference import difference
from difffit_core.quality.residues import Residues


def about(centre: np.ndarray, axis: list[float], degrees: float) -> Pose:
    vector = np.radians(degrees) * np.array(axis) / np.linalg.norm(axis)
    turn = Rotation.from_rotvec(vector).as_matrix()
    return Pose(turn, centre - turn @ centre)


def test_the_same_placement_is_no_difference(placed: Any) -> None:
    found = difference(placed.model, placed.pose, placed.pose)
    assert (found.rmsd, found.distance, found.angle) == (0, 0, 0)
    np.testing.assert_array_equal(found.axis, [0, 0, 1])
    np.testing.assert_array_equal(found.displacement, 0)


def test_a_shift_moves_everything_alike(placed: Any) -> None:
    found = difference(placed.model, placed.pose, placed.shifted(3, -4, 12))
    assert found.rmsd == pytest.approx(13)
    np.testing.assert_allclose(found.shift, [3, -4, 12], atol=1e-9)
    assert found.angle == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(found.displacement, 13)


@pytest.mark.parametrize("degrees", [0.5, 40.0, 180.0])
def test_a_turn_about_the_centre_is_found_with_its_axis(placed: Any, degrees: float) -> None:
    axis = np.array([1.0, 2.0, -2.0]) / 3
    turned = about(placed.points.mean(axis=0), list(axis), degrees).compose(placed.pose)
    found = difference(placed.model, placed.pose, turned)
    assert found.angle == pytest.approx(degrees, abs=1e-6)
    assert found.distance == pytest.approx(0, abs=1e-9)
    assert abs(found.axis @ axis) == pytest.approx(1)
    if degrees < 180:
        assert found.axis @ axis > 0


def test_numbers_agree_with_plain_numpy(placed: Any) -> None:
    other = about(np.array([5.0, 0, 0]), [0, 1, 0.3], 70).compose(placed.pose)
    found = difference(placed.model, placed.pose, other)
    moves = np.linalg.norm(other.apply(placed.model.fit_coordinates) - placed.points, axis=1)
    assert found.rmsd == pytest.approx(np.sqrt((moves**2).mean()))
    residues = Residues.of(placed.model)
    expected = [np.sqrt((moves[residues.of_atom == i] ** 2).mean()) for i in range(len(residues))]
    np.testing.assert_allclose(found.displacement, expected)
    assert found.displacement.max() > 1.5 * found.displacement.min()
