"""Nothing of Qt is destroyed in a worker's thread: not by the collector, and not as the last one to hold a job."""

import gc
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from difffit_app.workers.collecting import Collector
from difffit_app.workers.jobs import Jobs
from difffit_app.workers.lane import Job


class Dying(QWidget):
    """Says in which thread it went."""

    def __init__(self, went: list[int]) -> None:
        super().__init__()
        self.went = went

    def __del__(self) -> None:
        self.went.append(threading.get_ident())


class Holder:
    """Is garbage that holds a widget."""

    def __init__(self, widget: QWidget) -> None:
        self.me, self.widget = self, widget


def make_garbage(_: object) -> int:
    for _number in range(100_000):
        ring: list[Any] = []
        ring.append(ring)
    return threading.get_ident()


@pytest.fixture
def jobs(qapp: Any) -> Iterator[Jobs]:
    assert gc.isenabled()
    jobs = Jobs()
    yield jobs
    assert jobs.shutdown()
    assert gc.isenabled()


def test_garbage_of_the_window_is_never_collected_by_a_worker(jobs: Jobs, qtbot: Any) -> None:
    went: list[int] = []
    collected: list[int] = []

    def note(phase: str, _: object) -> None:
        if phase == "start":
            collected.append(threading.get_ident())

    gc.callbacks.append(note)
    try:
        Holder(Dying(went))
        workers: list[int] = []
        for lane in (jobs.files, jobs.compute, jobs.geometry):
            lane.submit(Job("making garbage", make_garbage, workers.append))
        qtbot.waitUntil(lambda: len(workers) == 3 and bool(went))
    finally:
        gc.callbacks.remove(note)
    assert threading.get_ident() not in workers
    assert {*went, *collected} == {threading.get_ident()}


def test_a_job_goes_where_the_window_is(jobs: Jobs, qtbot: Any) -> None:
    went: list[int] = []
    for _ in range(20):
        widget = Dying(went)
        jobs.read(Job("holding", lambda _, widget=widget: widget.isVisible(), lambda _: None))  # type: ignore[misc]
        del widget
    qtbot.waitUntil(lambda: len(went) == 20)
    assert {*went} == {threading.get_ident()}


def test_python_collects_again_once_the_last_window_has_ended(qapp: Any) -> None:
    first, second = Collector(), Collector()
    first.end()
    assert not gc.isenabled()
    second.end()
    assert gc.isenabled()


def test_all_is_looked_through_once_nothing_works_and_nothing_moves(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or after a minute, as a screen works for days."""
    works = [True]
    collector = Collector(lambda: works[0])
    now, full = [1000.0], list[float]()
    monkeypatch.setattr("difffit_app.workers.collecting.time.monotonic", lambda: now[0])
    monkeypatch.setattr(gc, "collect", lambda generation=2: full.append(now[0]) if generation == 2 else None)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 11))

    def look_until(end: float) -> None:
        while now[0] < end:
            collector._look()
            now[0] += 0.25

    try:
        look_until(1010.0)
        assert full == []
        works[0] = False
        look_until(1020.0)
        assert full[0] == pytest.approx(1013.0, abs=0.5)
        QCursor.setPos(QCursor.pos() + QPoint(30, 30))
        works[0] = True
        full.clear()
        look_until(1200.0)
        assert len(full) == 2
    finally:
        collector.end()


def test_what_was_collected_late_is_collected_in_full(jobs: Jobs, qtbot: Any) -> None:
    """Of old garbage too, though no thread may collect as it goes."""
    holder = Holder(QWidget())
    gc.collect()
    gone = weakref.ref(holder)
    del holder
    kept: list[Any] = []
    jobs.read(Job("making much", lambda _: [[] for _ in range(200_000)], kept.append))
    qtbot.waitUntil(lambda: gone() is None)


def test_what_is_free_is_given_back_once_nothing_works(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    works = [True]
    collector = Collector(lambda: works[0])
    now, given = [1000.0], list[float]()
    monkeypatch.setattr("difffit_app.workers.collecting.time.monotonic", lambda: now[0])
    monkeypatch.setattr("difffit_app.workers.collecting.give_back", lambda: given.append(now[0]))
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))

    def look_until(end: float) -> None:
        while now[0] < end:
            collector._look()
            now[0] += 0.25

    try:
        look_until(1010.0)
        works[0] = False
        look_until(1020.0)
        assert given == [], "nothing was closed or computed"
        works[0] = True
        collector.give_back_later()
        look_until(1030.0)
        assert given == []
        works[0] = False
        look_until(1050.0)
        assert given == [pytest.approx(1033.0, abs=0.5)]
    finally:
        collector.end()


def test_it_is_given_back_after_each_job(jobs: Jobs, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(jobs._collector, "give_back_later", lambda: asked.append(jobs.files.running is None))
    jobs.read(Job("reading", lambda _: 1, lambda _: None))
    qtbot.waitUntil(lambda: True in asked)
