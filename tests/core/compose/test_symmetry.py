"""Symmetry found among copies, against the group they were made with."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.body import Body
from difffit_core.compose.symmetry.find import Symmetry, find_symmetry
from difffit_core.groups.group import Group
from difffit_core.groups.screw import turn_about
from difffit_core.pose import Pose, PoseBatch

from .conftest import FRAME, nudged

TOLERANCE = 3.0
Arranged = Callable[..., list[Pose]]


def shaken(poses: list[Pose], centre: np.ndarray, seed: int = 0, shift: float = 0.4, degrees: float = 1.0) -> list[Pose]:
    rng = np.random.default_rng(seed)
    found = [nudged(pose, centre, shift, degrees, rng) for pose in poses]
    return [found[i] for i in rng.permutation(len(found))]


def off_axis(symmetry: Symmetry) -> float:
    """Å between the axis found and the true one's origin."""
    apart = symmetry.centre - FRAME.translation
    return float(np.linalg.norm(apart - (apart @ symmetry.axis) * symmetry.axis))


@pytest.mark.parametrize(
    "group",
    [Group("C", 2), Group("C", 3), Group("C", 7), Group("C", 12), Group("D", 2), Group("D", 3), Group("D", 7), Group("T")],
)
def test_the_group_is_found_with_its_axis(group: Group, beta2: AtomicModel, arranged: Arranged) -> None:
    body = Body(beta2)
    poses = shaken(arranged(group, 12.0 + 7 * max(group.order, group.size // 2)), body.centre)
    found = find_symmetry(body, poses, TOLERANCE)
    assert found is not None
    assert found.group == group
    assert {orbit for orbit, _ in found.members} == {0}
    assert found.missing() == []
    if group.kind == "C" or group.order > 2:
        assert np.degrees(np.arccos(min(1.0, abs(found.axis @ FRAME.rotation[:, 2])))) < 1.5
        assert off_axis(found) < 0.6
    assert 0.1 < found.rmsd < 1.0


@pytest.mark.parametrize(
    ("group", "left_out"), [(Group("C", 4), [1]), (Group("C", 7), [0, 3]), (Group("D", 3), [5]), (Group("D", 7), [2, 8, 9])]
)
def test_missing_copies_are_told(group: Group, left_out: list[int], beta2: AtomicModel, arranged: Arranged) -> None:
    body = Body(beta2)
    everything = arranged(group, 12.0 + 7 * max(group.order, group.size // 2))
    here = [pose for i, pose in enumerate(everything) if i not in left_out]
    found = find_symmetry(body, shaken(here, body.centre, shift=0.2, degrees=0.5), TOLERANCE)
    assert found is not None
    assert found.group == group
    images = PoseBatch.of([found.image(*member) for member in found.missing()])
    off = body.rmsd(images, PoseBatch.of([everything[i] for i in left_out]))
    assert off.shape == (len(left_out), len(left_out))
    assert off.min(axis=1).max() < 1.5
    assert off.min(axis=0).max() < 1.5


def test_two_rings_of_copies_are_two_orbits(beta2: AtomicModel, arranged: Arranged) -> None:
    body = Body(beta2)
    first = arranged(Group("C", 5), 40.0)
    lift = Pose(np.eye(3), 31.0 * FRAME.rotation[:, 2])
    second = [turn_about(FRAME.rotation[:, 2], FRAME.translation, 17.0).compose(lift).compose(pose) for pose in first]
    found = find_symmetry(body, [*first, *second], TOLERANCE)
    assert found is not None
    assert found.group == Group("C", 5)
    assert sorted(orbit for orbit, _ in found.members) == [0] * 5 + [1] * 5


def test_a_helix_is_found_with_rise_and_twist(beta2: AtomicModel, arranged: Arranged) -> None:
    body, helix = Body(beta2), Group("helix", 1, 27.3, -166.5)
    poses = shaken(arranged(helix, 22.0, range(6)), body.centre, shift=0.2, degrees=0.5)
    found = find_symmetry(body, poses, TOLERANCE)
    assert found is not None
    assert found.group.kind == "helix"
    assert found.group.rise == pytest.approx(27.3, abs=0.2)
    assert found.group.twist == pytest.approx(-166.5, abs=0.6)
    beyond = [found.image(*member) for member in found.missing()]
    off = body.rmsd(PoseBatch.of(beyond), PoseBatch.of(arranged(helix, 22.0, [-1, 6])))
    assert sorted(off.argmin(axis=1).tolist()) == [0, 1]
    assert off.min(axis=1).max() < 2


def test_imposing_takes_the_noise_off(beta2: AtomicModel, arranged: Arranged) -> None:
    body = Body(beta2)
    truth = arranged(Group("D", 7), 60.0)
    rng = np.random.default_rng(3)
    poses = [nudged(pose, body.centre, 0.6, 1.5, rng) for pose in truth]
    found = find_symmetry(body, poses, TOLERANCE)
    assert found is not None
    before = body.rmsd(PoseBatch.of(poses), PoseBatch.of(truth)).diagonal()
    after = body.rmsd(PoseBatch.of(found.imposed(poses)), PoseBatch.of(truth)).diagonal()
    assert after.max() < 0.6 * before.mean()
    again = find_symmetry(body, found.imposed(poses), TOLERANCE)
    assert again is not None
    assert again.rmsd < 1e-3


def test_copies_without_symmetry_have_none(beta2: AtomicModel) -> None:
    body, rng = Body(beta2), np.random.default_rng(5)
    poses = [Pose(Rotation.random(random_state=i).as_matrix(), rng.uniform(-80, 80, 3)) for i in range(6)]
    assert find_symmetry(body, poses, TOLERANCE) is None
    assert find_symmetry(body, poses[:1], TOLERANCE) is None
    assert find_symmetry(body, [], TOLERANCE) is None


def test_a_stray_copy_does_not_belong_and_stays(beta2: AtomicModel, arranged: Arranged) -> None:
    body = Body(beta2)
    stray = Pose(Rotation.random(random_state=1).as_matrix(), np.array([200.0, 10, 0]))
    poses = [*arranged(Group("C", 6), 50.0), stray]
    found = find_symmetry(body, poses, TOLERANCE)
    assert found is not None
    assert found.group == Group("C", 6)
    assert found.members[6] == (-1, 0)
    assert found.imposed(poses)[6] is stray


def test_a_group_that_is_asked_for_is_the_only_one_looked_for(beta2: AtomicModel, arranged: Arranged) -> None:
    body, poses = Body(beta2), arranged(Group("D", 3), 40.0)
    found = find_symmetry(body, poses, TOLERANCE, Group("C", 3))
    assert found is not None
    assert found.group == Group("C", 3)
    assert find_symmetry(body, poses, TOLERANCE, Group("C", 5)) is None
