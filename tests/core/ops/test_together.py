"""Climbs of several threads, gathered: each gets the answer that it would get alone, and an error reaches all that it concerns."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from difffit_core.ops import torch_grid
from difffit_core.ops.grid import Asked, PointSet, Schedule
from difffit_core.ops.together import Together, _Waiting
from difffit_core.ops.torch_climb import climb
from difffit_core.ops.torch_grid import TorchGrid


@pytest.fixture
def launches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many climbs each launch did; the first waits until more have been asked for."""
    sizes: list[int] = []

    def together(volume: Any, scale: Any, points: Sequence[Any], weights: Any, starts: Sequence[Any], schedule: Schedule) -> list[Any]:
        sizes.append(len(points))
        each = weights or [None] * len(points)
        return [climb(volume, scale, *one, schedule, False) for one in zip(points, each, starts, strict=True)]

    monkeypatch.setattr(torch_grid, "together_on", lambda kind: together)
    return sizes


def asked(problem: Any, count: int) -> list[tuple[Any, ...]]:
    """Different points and poses, some weighted, and two schedules."""
    points = np.stack(problem.point_set.columns, axis=1)
    calls: list[tuple[Any, ...]] = []
    for k in range(count):
        some, poses = slice(0, 40 + 9 * k), slice(k, k + 3 + k % 4)
        weight = problem.weight[some] if k % 3 == 0 else None
        schedule = Schedule(0.02, 0.4, 0.9, 4 + k % 2)
        calls.append((PointSet.of(points[some]), weight, problem.quaternions[poses], problem.translations[poses], schedule))
    return calls


@pytest.mark.slow
def test_each_thread_gets_the_answer_it_would_get_alone(problem: Any, launches: list[int]) -> None:
    volume = TorchGrid.of(*problem.frame, "cpu")
    calls = asked(problem, 12)
    expected = [volume.climb(*call) for call in calls]
    shared = Together(volume)
    begin = threading.Barrier(len(calls))

    def ask(call: tuple[Any, ...]) -> Any:
        begin.wait()
        return shared.climb(*call)

    with shared._launch, ThreadPoolExecutor(len(calls)) as pool:  # a launch is under way: all gather
        found = [pool.submit(ask, call) for call in calls]
        while len(shared._waiting) < len(calls):
            threading.Event().wait(0.01)
        shared._launch.release()
        for one, alone in zip(found, expected, strict=True):
            for a, b in zip(one.result(), alone, strict=True):
                np.testing.assert_array_equal(a, b)
        shared._launch.acquire()
    assert sum(launches) == 12, "one launch for each kind: two schedules, with and without weights"
    assert len(launches) == 4
    np.testing.assert_array_equal(shared.samples(*calls[0][:1], *calls[0][2:4]), volume.samples(*calls[0][:1], *calls[0][2:4]))


def test_an_error_reaches_those_who_asked_and_no_others(problem: Any, launches: list[int]) -> None:
    volume = TorchGrid.of(*problem.frame, "cpu")
    good, bad = asked(problem, 3)[1:]
    schedule, shared = good[4], Together(volume)
    waiting = [_Waiting(Asked(*good[:4]), schedule), _Waiting(Asked(*bad[:3], np.full_like(bad[3], np.nan)), schedule)]
    shared._waiting += waiting
    np.testing.assert_array_equal(shared.climb(*good)[1], volume.climb(*good)[1])
    assert waiting[0].answer is not None
    assert isinstance(waiting[1].error, ValueError)
    with pytest.raises(ValueError, match="finite"):
        shared.climb(*bad[:3], np.full_like(bad[3], np.nan), bad[4])
