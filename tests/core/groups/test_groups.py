"""Groups: their moves, their names, how they stand, and screws taken apart."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.errors import UserError
from difffit_core.groups.group import Group, parse_group
from difffit_core.groups.helix import find_helix
from difffit_core.groups.point_group import name_group, stand
from difffit_core.groups.screw import relative, screw_of, turn_about
from difffit_core.pose import PoseBatch

CENTRE = np.array([12.0, -7.0, 31.0])


@pytest.mark.parametrize("degrees", [0.0, 1.0, 51.4, 90.0, 179.99, 180.0])
@pytest.mark.parametrize("slide", [0.0, -3.0, 27.0])
def test_a_screw_is_taken_apart_and_put_together(degrees: float, slide: float) -> None:
    axis = np.array([1.0, -2.0, 0.5]) / np.linalg.norm([1.0, -2.0, 0.5])
    move = turn_about(axis, np.array([11.0, 3.0, -40.0]), degrees, slide)
    screw = screw_of(move)
    again = turn_about(screw.axis, screw.point, screw.angle, screw.slide)
    assert screw.angle == pytest.approx(degrees, abs=1e-4)
    np.testing.assert_allclose(again.rotation, move.rotation, atol=1e-9)
    np.testing.assert_allclose(again.translation, move.translation, atol=1e-6)


@pytest.mark.parametrize("group", [Group("C", 2), Group("C", 5), Group("D", 2), Group("D", 7), Group("T"), Group("O"), Group("I")])
def test_elements_make_a_group(group: Group) -> None:
    moves = group.elements(np.arange(group.size)).rotations
    assert len({tuple(np.round(m, 6).ravel() + 0.0) for m in moves}) == group.size
    assert np.abs(moves[0] - np.eye(3)).max() < 1e-9
    for a in moves:
        products = a @ moves
        assert all(np.abs(products - m).max(axis=(1, 2)).min() < 1e-9 for m in moves)


@pytest.mark.parametrize("name", ["C2", "C3", "C7", "D2", "D7", "T", "O", "I"])
def test_a_group_is_named_from_turns_that_are_a_little_off(name: str) -> None:
    rng = np.random.default_rng(3)
    turn = Rotation.random(rng=rng).as_matrix()
    exact = turn @ parse_group(name).elements().rotations[1:] @ turn.T
    moves = Rotation.from_rotvec(rng.normal(0, 0.003, (len(exact), 3))).as_matrix() @ exact
    assert str(name_group(moves)) == name
    there = PoseBatch(moves, CENTRE - moves @ CENTRE + rng.normal(0, 0.02, (len(moves), 3)))
    group = stand(parse_group(name), there, CENTRE + np.array([0.5, 0.2, -0.3]))
    for one in group.moves.rotations[1:]:
        assert np.abs(exact - one).max(axis=(1, 2)).min() < 0.02
    assert np.linalg.norm(group.moves.apply(CENTRE[None])[:, 0] - CENTRE, axis=1).max() < 0.2
    assert group.moves[0].apply(CENTRE) == pytest.approx(CENTRE)


def test_a_helix_is_read_from_some_of_its_screws() -> None:
    axis = np.array([0.3, -0.5, 0.81]) / np.linalg.norm([0.3, -0.5, 0.81])
    screws = [turn_about(axis, CENTRE, (-166.6 * k + 180) % 360 - 180, 27.6 * k) for k in (-3, -1, 1, 2)]
    helix = find_helix(PoseBatch.of(screws), CENTRE + 5 * axis, 1.0)
    assert helix is not None
    assert (helix.rise, helix.twist) == pytest.approx((27.6, -166.6), abs=1e-6)
    for k, move in zip((-3, -1, 1, 2), range(4), strict=True):
        there = helix.moves([k])[0] if helix.axis @ axis > 0 else helix.moves([-k])[0]
        np.testing.assert_allclose(there.apply(np.ones((1, 3))), screws[move].apply(np.ones((1, 3))), atol=1e-5)


def test_relative_moves_lead_from_one_to_the_other() -> None:
    first, second = turn_about(np.array([0, 0, 1.0]), np.zeros(3), 30, 4), turn_about(np.array([1.0, 0, 0]), np.ones(3), 70, 1)
    np.testing.assert_allclose(relative(first, second).compose(first).rotation, second.rotation, atol=1e-12)


@pytest.mark.parametrize("text", ["c1", "D61", "T3", "C", "4", "C-2", ""])
def test_other_groups_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="symmetry must be C2 to C60, D2 to D60, T, O or I, got"):
        parse_group(text)


def test_groups_are_named() -> None:
    assert str(parse_group(" d7 ")) == "D7"
    assert str(Group("helix", 1, 27.6, -166.6)) == "helix of 27.60 Å and -166.60°"
