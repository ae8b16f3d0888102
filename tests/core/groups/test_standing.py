"""A symmetry in its place: its moves in the map, and the groups that stand in the same frame."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.errors import UserError
from difffit_core.groups.asked import check_symmetry, group_of
from difffit_core.groups.group import Group, parse_group
from difffit_core.groups.standing import Standing
from difffit_core.pose import Pose

FRAME = Pose(Rotation.from_euler("xyz", [20, -35, 70], degrees=True).as_matrix(), np.array([61.0, -14.0, 33.0]))


@pytest.mark.parametrize("name", ["C7", "D3", "T", "O", "I"])
def test_all_moves_but_the_one_that_moves_nothing(name: str) -> None:
    standing = Standing(parse_group(name), FRAME)
    moves = standing.moves(100.0)
    assert len(moves) == standing.group.size - 1
    assert np.abs(moves.rotations - np.eye(3)).max(axis=(1, 2)).min() > 0.1
    np.testing.assert_allclose(moves.apply(FRAME.translation[None])[:, 0], np.tile(FRAME.translation, (len(moves), 1)), atol=1e-9)


def test_a_helix_moves_as_far_as_it_is_asked_and_turns_by_its_starts() -> None:
    moves = Standing(Group("helix", 1, 10.0, 30.0), FRAME, starts=3).moves(25.0)
    slides = (moves.apply(FRAME.translation[None])[:, 0] - FRAME.translation) @ FRAME.rotation[:, 2]
    assert sorted(slides.round().tolist()) == [-20] * 3 + [-10] * 3 + [0] * 2 + [10] * 3 + [20] * 3


@pytest.mark.parametrize(
    ("whole", "part", "held"),
    [
        ("D6", "C3", True),
        ("D6", "D2", True),
        ("D7", "C2", False),
        ("C4", "D2", False),
        ("O", "T", True),
        ("I", "D2", True),
        ("T", "D3", False),
    ],
)
def test_a_group_holds_parts_in_its_own_frame(whole: str, part: str, held: bool) -> None:
    found = Standing(parse_group(whole), FRAME).within(parse_group(part))
    assert (found is not None) == held
    assert found is None or (str(found.group), found.frame) == (part, FRAME)


def test_a_helix_holds_the_turns_of_its_starts() -> None:
    helix = Group("helix", 1, 10.0, 30.0)
    assert Standing(helix, FRAME).within(Group("C", 2)) is None
    assert Standing(helix, FRAME, starts=4).within(Group("C", 2)) is not None
    assert Standing(helix, FRAME, starts=4).within(Group("D", 2)) is None


def test_words_and_names_of_what_is_asked_for() -> None:
    assert [check_symmetry(one) for one in ("Auto", " map", "NONE", "c1", "d7", "i")] == ["auto", "map", "none", "none", "D7", "I"]
    assert (group_of("map"), group_of("D7")) == (None, Group("D", 7))
    with pytest.raises(UserError, match=r"symmetry must be auto, map, none \(C1\), C2 to C60, D2 to D60, T, O or I, got T5"):
        check_symmetry("T5")
