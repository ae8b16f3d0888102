"""The way of every pose, run again: from its start, never to a worse place, and to the placement it became."""

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.replay import Replay, replay
from difffit_core.fit.request import FitProgress, FitRequest, FitResult
from difffit_core.fit.run import run_fit
from difffit_core.fit.sphere import Sphere
from difffit_core.pose import Pose, PoseBatch


def way_of(request: FitRequest, result: FitResult, **more: Any) -> Replay:
    poses = [placement.pose for placement in result.placements]
    placed = PoseBatch(np.array([pose.rotation for pose in poses]), np.array([pose.translation for pose in poses]))
    assert result.start_fields is not None
    return replay(request, (result.start_quaternions, result.start_translations), result.start_fields, placed, result.cancelled, **more)


def ends_at_the_placements(request: FitRequest, result: FitResult, way: Replay) -> None:
    points = request.model.fit_coordinates
    for index, placement in enumerate(result.placements):
        apart = way.pose(len(way) - 1, index).apply(points) - placement.pose.apply(points)
        assert np.sqrt((apart**2).sum(axis=1).mean()) < 0.02
    assert way.missed.max() < 0.02


@pytest.mark.parametrize(
    ("preset", "changes", "stages"),
    [
        ("balanced", {"starts": 300, "candidates": 30}, (("searching", 0), ("refining", 60), ("polishing", 100))),
        ("paper", {"starts": 40, "steps": 50}, (("searching", 0),)),
        ("fast", {"starts": 100, "refine_steps": 0}, (("searching", 0), ("polishing", 45))),
    ],
)
def test_it_goes_from_the_starts_to_the_placements(problem: Any, preset: str, changes: dict[str, Any], stages: Any) -> None:
    request = problem.request(preset, seed=2, **changes)
    result = run_fit(request)
    way = way_of(request, result)
    assert way.stages == stages
    assert way.stage_at(0) == "searching"
    assert way.stage_at(len(way) - 1) == stages[-1][0]
    assert way.quaternions.shape == (len(way), len(result.placements), 4)
    np.testing.assert_allclose(way.translations[0], result.start_translations, atol=1e-4)
    np.testing.assert_allclose(np.abs((way.quaternions[0] * result.start_quaternions).sum(axis=1)), 1, atol=1e-6)
    ends_at_the_placements(request, result, way)
    travelled = np.linalg.norm(way.translations[-1] - way.translations[0], axis=1)
    assert np.median(travelled) > 2
    longest = 3 * np.sqrt(3) * request.settings.shift_rate * float(problem.density_map.voxel_size.max())
    assert np.linalg.norm(np.diff(way.translations, axis=0), axis=2).max() < max(longest, 8), "no pose jumps"


@pytest.mark.parametrize(("changes", "stages"), [({}, (("refining", 0), ("polishing", 30))), ({"refine_steps": 0}, (("polishing", 0),))])
def test_from_a_given_pose_it_begins_there(problem: Any, changes: dict[str, Any], stages: Any) -> None:
    start = Pose(problem.truth.rotation, problem.truth.translation + 1.5)
    request = replace(problem.request("fast", **changes), start=start)
    result = run_fit(request)
    way = way_of(request, result)
    assert way.stages == stages
    assert np.linalg.norm(way.translations[0, 0] - start.apply(result.centre)) < 1
    ends_at_the_placements(request, result, way)


def test_a_pose_kept_as_it_was_has_no_steps(problem: Any) -> None:
    request = replace(problem.request("fast", refine_steps=0, polish_steps=0), start=problem.truth)
    with pytest.raises(UserError, match="kept as it was given"):
        way_of(request, run_fit(request))


def test_inside_a_sphere_it_climbs_the_density_there(problem: Any) -> None:
    x, y, z = (problem.truth.apply(problem.model.fit_coordinates.mean(axis=0)) + 3).tolist()
    request = replace(problem.request("fast", starts=200), region=Sphere((x, y, z), 10.0))
    result = run_fit(request)
    ends_at_the_placements(request, result, way_of(request, result))


class CancelAfter:
    """Set at that look at it."""

    def __init__(self, looks: int) -> None:
        self.left = looks

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("looks", [4, 9, 12])
def test_after_a_fit_that_was_stopped_each_pose_rests_where_it_was_left(problem: Any, monkeypatch: pytest.MonkeyPatch, looks: int) -> None:
    monkeypatch.setattr("difffit_core.ops.grid._BLOCK_SAMPLES", 1_500_000)
    request = problem.request("fast", starts=200, candidates=20)
    result = run_fit(request, cancel=CancelAfter(looks))
    assert result.cancelled
    ends_at_the_placements(request, result, way_of(request, result))


def test_most_placements_are_followed_and_the_rest_left_out(problem: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("difffit_core.fit.replay.MOST", 3)
    request = problem.request("fast", starts=100)
    result = run_fit(request)
    assert way_of(request, result).missed.shape == (3,)


def test_another_seed_misses_the_placements(problem: Any) -> None:
    """The check itself can fail: other atoms are drawn, and the poses end elsewhere."""
    request = problem.request("fast", starts=100)
    assert np.median(way_of(replace(request, seed=1), run_fit(request)).missed) > 0.005


def test_it_can_be_cancelled_and_says_how_far_it_is(problem: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("difffit_core.fit.reporter._INTERVAL_S", 0.0)
    request = problem.request("fast", starts=100)
    result = run_fit(request)
    cancel, told = threading.Event(), list[FitProgress]()
    way_of(request, result, on_progress=told.append)
    assert told[-1].fraction == 1
    assert [one.fraction for one in told] == sorted(one.fraction for one in told)
    cancel.set()
    with pytest.raises(FitCancelled):
        way_of(request, result, cancel=cancel)


def test_a_field_that_is_none_is_refused(problem: Any) -> None:
    request = problem.request("fast", starts=20)
    result = run_fit(request)
    with pytest.raises(ValueError, match="mixed, fine"):
        way_of(request, replace(result, start_fields=np.full(len(result.placements), 2)))
