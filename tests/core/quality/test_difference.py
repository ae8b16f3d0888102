"""What lies between two placements."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.errors import UserError
from difffit_core.pose import Pose
from difffit_core.quality.difference import difference, difference_of_models
from difffit_core.residues import Residues


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


def test_two_files_of_one_model_are_matched_by_name(placed: Any) -> None:
    """The second lacks ten residues and has its atoms in another order."""
    turned = about(placed.points.mean(axis=0), [0, 0, 1], 25)
    other = replace(placed.model, coordinates=turned.compose(placed.pose).apply(placed.model.coordinates))
    first = replace(placed.model, coordinates=placed.pose.apply(placed.model.coordinates))
    kept = np.flatnonzero(other.residue_index >= other.residue_index.min() + 10)[::-1]
    shuffled = replace(other, **{name: array[kept] for name, array in other._arrays().items()})
    found = difference_of_models(first, shuffled)
    assert len(found.residues) == 50
    assert found.angle == pytest.approx(25, abs=1e-4)
    np.testing.assert_allclose(found.axis, [0, 0, 1], atol=1e-6)
    common = first.in_fit & (first.residue_index >= first.residue_index.min() + 10)
    moves = np.linalg.norm(other.coordinates[common] - first.coordinates[common], axis=1)
    assert found.rmsd == pytest.approx(np.sqrt((moves**2).mean()))


def test_models_with_nothing_in_common_are_refused(placed: Any) -> None:
    other = replace(placed.model, chain_names=np.full(len(placed.model), "Q"))
    with pytest.raises(UserError, match="at least 3 atoms in common"):
        difference_of_models(placed.model, other)
