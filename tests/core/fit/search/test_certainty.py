"""A search that stops where a part of its starts has found the answer, and that finds the copies which those it found imply."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import matrix_to_quaternion, quaternion_to_matrix, rotation_angle
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.search.completion import implied_copies
from difffit_core.fit.search.run import Search
from difffit_core.fit.settings import FitSettings
from difffit_core.placement import Verdict
from difffit_core.pose import Pose
from difffit_core.target import Target


@pytest.fixture
def climbed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many starts were climbed in each field of each round."""
    counts: list[int] = []
    explore = Search._explore

    def counting(self: Search, number: int, name: str, field: Any, starts: tuple[np.ndarray, np.ndarray]) -> Any:
        counts.append(len(starts[0]))
        return explore(self, number, name, field, starts)

    monkeypatch.setattr(Search, "_explore", counting)
    return counts


def test_a_certain_answer_ends_the_search_early(problem: Any, climbed: list[int]) -> None:
    result = run_fit(problem.request("balanced", starts=1000, fields=("paper", "mixed")))
    assert climbed == [200, 200]
    assert result.placements[0].verdict is Verdict.UNIQUE
    assert problem.error(result.placements[0].pose) < 0.2


def test_the_search_goes_on_to_the_end_where_it_is_told_to(problem: Any, climbed: list[int]) -> None:
    run_fit(problem.request("balanced", starts=1000, fields=("mixed",), stop_p=0.0))
    assert climbed == [1000]


@pytest.mark.slow
def test_a_model_that_does_not_belong_is_searched_to_the_end(problem: Any, beta2: AtomicModel, climbed: list[int]) -> None:
    scattered = np.random.default_rng(3).normal(0, 12, beta2.coordinates.shape)
    request = replace(problem.request("balanced", starts=1000, fields=("mixed",)), model=replace(beta2, coordinates=scattered))
    result = run_fit(request)
    assert climbed == [200, 800, 1000, *6 * [1000]], "and once in the mirrored map, and with six halves"
    assert result.placements[0].p_value > FitSettings().stop_p


def ring(count: int, radius: float) -> list[Pose]:
    """Copies about an axis that stands askew, the first at random."""
    first = Pose(Rotation.random(random_state=np.random.default_rng(5)).as_matrix(), np.array([radius, 0.0, 4.0]))
    tilt = Pose(Rotation.from_euler("xy", [25, 40], degrees=True).as_matrix(), np.array([3.0, -8.0, 21.0]))
    turns = [Pose(Rotation.from_euler("z", 360 * k / count, degrees=True).as_matrix(), np.zeros(3)) for k in range(count)]
    return [tilt.compose(turn.compose(first)) for turn in turns]


@pytest.mark.parametrize("found", [(0, 1), (0, 2), (3, 1, 2)])
def test_the_moves_among_copies_imply_the_rest_of_their_group(found: tuple[int, ...]) -> None:
    poses = ring(7, 40.0)
    turns, places = np.array([p.rotation for p in poses]), np.array([p.translation for p in poses])
    quaternions, translations = matrix_to_quaternion(turns[list(found)]), places[list(found)]
    while True:
        more = implied_copies(quaternions, translations, len(quaternions), 3.0, 6.0)
        if len(more[0]) == 0:
            break
        quaternions, translations = np.concatenate([quaternions, more[0]]), np.concatenate([translations, more[1]])
    assert len(quaternions) == 7
    for turn, place in zip(turns, places, strict=True):
        near = np.linalg.norm(translations - place, axis=1) < 1e-6
        assert near.sum() == 1
        assert rotation_angle(quaternion_to_matrix(quaternions[near][0]), turn) < 1e-4


def test_a_lone_pose_implies_nothing() -> None:
    quaternions, translations = np.eye(4)[:2], np.array([[0.0, 0, 0], [50, 0, 0]])
    assert len(implied_copies(quaternions, translations, 1, 3.0, 6.0)[0]) == 0


def test_poses_that_are_known_are_not_implied_again() -> None:
    poses = ring(5, 30.0)
    quaternions, translations = matrix_to_quaternion(np.array([p.rotation for p in poses])), np.array([p.translation for p in poses])
    assert len(implied_copies(quaternions, translations, 5, 3.0, 6.0)[0]) == 0


def test_all_copies_of_a_ring_are_found_from_few_starts(beta2: AtomicModel, make_map: Callable[..., DensityMap]) -> None:
    poses = ring(5, 32.0)
    centred = replace(beta2, coordinates=beta2.coordinates - beta2.fit_coordinates.mean(axis=0))
    atoms = np.concatenate([pose.apply(centred.fit_coordinates) for pose in poses])
    density_map = make_map(atoms, np.tile(beta2.fit_atomic_numbers.astype(float), 5), 6.0, np.full(3, 2.0))

    for seed in range(2):
        settings = FitSettings.preset("fast", starts=400)
        placements = run_fit(FitRequest(Target(density_map, 6.0, 0.6), centred, settings, seed=seed, device="cpu")).placements
        assert [p.verdict for p in placements[:5]].count(Verdict.SYMMETRIC_COPY) == 4
        errors = [[np.linalg.norm(p.pose.translation - pose.translation) for p in placements[:5]] for pose in poses]
        assert (np.min(errors, axis=1) < 0.3).all()
