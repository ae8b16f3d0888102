"""Progress of a fit as it runs, and stopping it."""

import threading
import time
from typing import Any

import numpy as np
import pytest

from difffit_core.errors import FitCancelled
from difffit_core.fit.request import FitProgress
from difffit_core.fit.run import run_fit
from difffit_core.ops import grid
from difffit_core.pose import Pose


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a tenth of the usual work, so that a small fit has many."""
    monkeypatch.setattr(grid, "_BLOCK_SAMPLES", 2_000_000)


class CancelAfter:
    """A flag that sets itself when asked for the n-th time."""

    def __init__(self, times: int) -> None:
        self.left = times

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_progress_of_a_whole_fit(problem: Any, small_blocks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("difffit_core.fit.reporter._INTERVAL_S", 0.0)
    told: list[FitProgress] = []
    thread: set[int] = set()

    def listen(progress: FitProgress) -> None:
        told.append(progress)
        thread.add(threading.get_ident())

    result = run_fit(problem.request("fast", stop_p=0.0), listen)
    fractions = [progress.fraction for progress in told]
    assert len(told) > 20
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < 0.1
    assert fractions[-2] > 0.8
    assert fractions[-1] == 1
    stages = list(dict.fromkeys(progress.stage for progress in told))
    assert stages[:2] == ["searching the mixed field", "refining in the mixed field"]
    assert stages[-2:] == ["polishing", "done"]
    assert all(progress.remaining_s is None or progress.remaining_s >= 0 for progress in told)
    assert any(progress.remaining_s for progress in told)
    assert thread == {threading.get_ident()}
    best = told[-1].best
    assert best is not None
    assert problem.error(Pose(np.array(best.rotation), np.array(best.translation))) < 3
    assert best.local_correlation <= result.placements[0].metrics.local_correlation + 0.05


def test_progress_comes_at_most_ten_times_a_second(problem: Any, small_blocks: None) -> None:
    """Besides the first word of each stage; the gaps between single ones tell of the machine, too."""
    told, begun = [], time.perf_counter()
    run_fit(problem.request("fast", starts=1500), lambda progress: told.append(progress.stage))
    assert len(told) <= (time.perf_counter() - begun) / 0.1 + len(set(told)) + 1


def test_cancelled_before_the_start(problem: Any) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(FitCancelled, match="before a pose was found"):
        run_fit(problem.request("fast"), cancel=cancel)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_cancelled_in_the_middle_keeps_what_was_found(problem: Any, small_blocks: None, share: float) -> None:
    cancel = threading.Event()
    told: list[FitProgress] = []

    def listen(progress: FitProgress) -> None:
        told.append(progress)
        if progress.fraction > share:
            cancel.set()

    result = run_fit(problem.request("fast", search_atoms=0, stop_p=0.0), listen, cancel)
    assert result.cancelled
    assert result.placements
    assert told[-1].stage == "cancelled"
    assert [placement.rank for placement in result.placements] == list(range(1, len(result.placements) + 1))
    assert len(result.start_quaternions) == len(result.start_translations) == len(result.placements)


def test_a_cancel_after_the_work_is_done_spoils_nothing(problem: Any) -> None:
    cancel = threading.Event()

    def listen(progress: FitProgress) -> None:
        if progress.stage == "done":
            cancel.set()

    assert not run_fit(problem.request("fast", starts=100), listen, cancel).cancelled
    assert cancel.is_set()


def test_a_cancel_is_heeded_within_a_block(problem: Any, small_blocks: None) -> None:
    """Of a search of minutes, at its third look at the flag."""
    result = run_fit(problem.request("exhaustive", starts=1_000_000), cancel=CancelAfter(3))
    assert result.cancelled
    assert sum(placement.hits for placement in result.placements) < 2000


def test_stopping_at_any_look_at_the_flag_gives_a_result_or_says_so(problem: Any, small_blocks: None) -> None:
    for times in (0, 1, 2, 5, 9, 14, 20, 27):
        try:
            result = run_fit(problem.request("fast", starts=600), cancel=CancelAfter(times))
        except FitCancelled:
            assert times == 0
        else:
            assert result.placements


def test_what_a_listener_raises_comes_through(problem: Any) -> None:
    def listen(progress: FitProgress) -> None:
        raise RuntimeError("the window is gone")

    with pytest.raises(RuntimeError, match="the window is gone"):
        run_fit(problem.request("fast", starts=100), listen)
