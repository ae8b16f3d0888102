"""What a fit says on the way: how often, how far, how long still."""

import threading
from dataclasses import FrozenInstanceError
from itertools import pairwise

import numpy as np
import pytest

from difffit_core.fit import reporter as module
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import BestSoFar, FitProgress


class Clock:
    now = 100.0

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def best(correlation: float) -> BestSoFar:
    return BestSoFar(tuple(map(tuple, np.eye(3).tolist())), (0.0, 0.0, 0.0), correlation)


def run(clock: Clock, steps: int, seconds: float, planned: float) -> list[tuple[float, FitProgress]]:
    """Everything told, with the time, over that many steps of one unit of work each."""
    told: list[tuple[float, FitProgress]] = []
    reporter = Reporter(planned, lambda progress: told.append((clock.now, progress)), threading.Event())
    for _ in range(steps):
        clock.now += seconds
        reporter.advance("searching", 1.0)
    reporter.finish(stopped=False)
    return told


def test_at_most_ten_a_second(clock: Clock) -> None:
    times = [now for now, _ in run(clock, 1000, 0.013, 1000.0)]
    assert 60 < len(times) <= 131
    assert np.diff(times[:-1]).min() >= 0.1


@pytest.mark.parametrize("planned", [1000.0, 400.0, 5000.0, 0.0])
def test_the_fraction_only_grows_and_ends_at_one(clock: Clock, planned: float) -> None:
    """Even where more or less work comes than was planned."""
    fractions = [progress.fraction for _, progress in run(clock, 1000, 0.05, planned)]
    assert all(0 <= a <= b <= 1 for a, b in pairwise(fractions))
    assert fractions[-1] == 1
    assert max(fractions[:-1]) < 1


def test_the_time_left_is_right_for_steady_work(clock: Clock) -> None:
    told = run(clock, 1000, 0.05, 1000.0)
    assert told[0][1].remaining_s is None
    for now, progress in told[:-1]:
        if progress.fraction > 0.02:
            assert progress.remaining_s == pytest.approx(150.0 - now, abs=0.6)
    assert told[-1][1].remaining_s == 0


def test_the_best_is_kept(clock: Clock) -> None:
    told: list[FitProgress] = []
    reporter = Reporter(10.0, told.append, threading.Event())
    for correlation in (0.2, 0.5, 0.4):
        reporter.offer(best(correlation))
        clock.now += 1
        reporter.advance("searching", 1.0)
    assert [progress.best.local_correlation for progress in told if progress.best] == [0.2, 0.5, 0.5]


def test_a_cancel_stops_the_work_and_is_told(clock: Clock) -> None:
    told: list[FitProgress] = []
    cancel = threading.Event()
    reporter = Reporter(10.0, told.append, cancel)
    assert reporter.advance("searching", 1.0)
    cancel.set()
    assert not reporter.advance("searching", 1.0)
    reporter.finish(stopped=True)
    assert told[-1].stage == "cancelled"


def test_nobody_need_listen(clock: Clock) -> None:
    reporter = Reporter(1.0, None, threading.Event())
    assert reporter.advance("searching", 1.0)
    reporter.finish(stopped=False)


def test_what_is_told_is_frozen(clock: Clock) -> None:
    _, progress = run(clock, 5, 1.0, 5.0)[0]
    with pytest.raises(FrozenInstanceError):
        progress.fraction = 0.0  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        best(0.1).local_correlation = 1.0  # type: ignore[misc]
