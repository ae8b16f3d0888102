"""Parts that stand out beside the others, and what an assembly is worth as a whole."""

import threading

import numpy as np
import pytest

from difffit_core.compose.candidates.evidence import left_by, p_of_assembly, upheld, with_evidence
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.settings import ComposeSettings
from difffit_core.compose.workshop import Workshop
from difffit_core.fit.settings import FitSettings
from difffit_core.pose import Pose
from difffit_core.target import Target

from .conftest import RESOLUTION, Known


@pytest.fixture
def shop(tetramer: Known) -> Workshop:
    quick = FitSettings.preset("fast", starts=1500)
    wanted = (Wanted(tetramer.models[0], 4),)
    return Workshop(
        ComposeRequest(Target(tetramer.density_map, RESOLUTION, tetramer.level), wanted, ComposeSettings(), quick, 0, "cpu"),
        None,
        threading.Event(),
    )


def doubtful(pose: Pose) -> Candidate:
    return Candidate(0, pose, 0.5, 0.3, 0.6, "made")


def test_others_are_taken_out_of_what_is_left(shop: Workshop, tetramer: Known) -> None:
    level = tetramer.level
    left = left_by(shop, tetramer.truth[:3])
    assert left_by(shop, []) is tetramer.density_map
    share = (left.values > level).sum() / (tetramer.density_map.values > level).sum()
    assert 0.15 < share < 0.4


def test_a_part_in_the_place_that_the_others_leave_is_upheld(shop: Workshop, tetramer: Known) -> None:
    poses = [pose for _, pose in tetramer.truth]
    chosen = [doubtful(pose) for pose in poses]
    found = upheld(shop, chosen, poses, [3])
    assert list(found) == [3]
    assert found[3] < 0.01
    assert [one.significant for one in with_evidence(chosen, found)] == [False, False, False, True]


def test_a_part_elsewhere_is_not(shop: Workshop, tetramer: Known) -> None:
    poses = [pose for _, pose in tetramer.truth]
    turned = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    centre = tetramer.bodies[0].centre
    poses[3] = Pose(turned @ poses[3].rotation, poses[3].apply(centre) - turned @ poses[3].rotation @ centre)
    assert upheld(shop, [doubtful(pose) for pose in poses], poses, [3]) == {}


def test_what_an_assembly_is_worth() -> None:
    assert p_of_assembly([], 3) == 1.0
    assert p_of_assembly([(0, 0.01)], 1) == pytest.approx(0.01)
    assert p_of_assembly([(0, 0.01)], 3) == pytest.approx(0.03)
    assert p_of_assembly([(0, 0.01), (0, 0.02), (0, 0.5)], 1) == pytest.approx(0.01)
    assert p_of_assembly([(0, 0.05), (1, 0.05), (2, 0.05)], 3) < 0.01
    assert p_of_assembly([(0, 0.9), (1, 0.8)], 2) > 0.5
    assert p_of_assembly([(index, 1e-300) for index in range(40)], 40) == 0.0
