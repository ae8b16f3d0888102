"""One worker thread that runs jobs one after another."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

logger = logging.getLogger(__name__)

_PROGRESS_INTERVAL_S = 0.08
_NICENESS = 5

Report = Callable[[Any], None]


@dataclass(frozen=True, eq=False)
class Context:
    """What a job may do while it runs: say how far it is, and ask whether to stop."""

    report: Report
    cancel: threading.Event


Work = Callable[[Context], Any]

SETTLED = "settled"
"""What a job's ``on_failed`` gives where the failure is not to be told: nobody waits for the job any more, or it was told already."""


@dataclass(eq=False)
class Job:
    """Something to do off the GUI thread, and what to do with what comes of it, on the GUI thread.

    ``name`` says what is done ("reading map.mrc"), also where it is told that it failed. ``work(context)`` may call
    ``context.report`` with frozen values as often as it likes; at most twelve a second arrive. ``on_failed`` tidies up; what went
    wrong is then told in one place (`Lane.failed`), unless it gives `SETTLED`. A ``quiet`` one is not shown as something the user
    waits for.
    """

    name: str
    work: Work
    on_done: Callable[[Any], None]
    on_failed: Callable[[BaseException], object] | None = None
    on_progress: Report | None = None
    cancel: threading.Event = field(default_factory=threading.Event)
    quiet: bool = False


class _Runner(QObject):
    """Lives in the thread."""

    progress = Signal(object, object)
    done = Signal(object, object)
    failed = Signal(object, object)
    idle = Signal()

    def __init__(self, yielding: bool) -> None:
        super().__init__()
        self._yields_from_now_on = yielding

    @Slot(object)
    def run(self, job: Job) -> None:
        if self._yields_from_now_on:
            self._yields_from_now_on = False
            _yield_to_others()
        last = 0.0

        def report(value: Any) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _PROGRESS_INTERVAL_S:
                last = now
                self.progress.emit(job, value)

        try:
            result = job.work(Context(report, job.cancel))
        except BaseException as error:  # noqa: BLE001 - every failure is shown to the user, whatever it is
            self.failed.emit(job, error)
        else:
            self.done.emit(job, result)

    @Slot()
    def tell_idle(self) -> None:
        """Say that nothing of the jobs that ended is held here any more."""
        self.idle.emit()


def _yield_to_others() -> None:
    """On Linux, let this thread, and those it starts from now on, have the processor when no thread of the window wants it."""
    if sys.platform.startswith("linux"):
        try:
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS)
        except OSError as error:
            logger.info("a worker keeps the window's priority: %s", error)


class Lane(QObject):
    """A thread and the jobs waiting for it; ``yielding`` if the window is to be drawn first where processors are short.

    What a job holds (a dialog that asked for it, something drawn) must not be destroyed in the thread, so it is kept here until the thread
    has let go of it.
    """

    _start = Signal(object)
    _ask_idle = Signal()
    changed = Signal()
    failed = Signal(object, object)
    """A job that failed, and the exception."""
    lost = Signal(object)
    """A job that failed, also where that is not to be told."""

    def __init__(self, name: str, parent: QObject | None = None, *, yielding: bool = False) -> None:
        super().__init__(parent)
        self._waiting: list[Job] = []
        self.running: Job | None = None
        self._ended: list[tuple[Job, object]] = []
        self._thread = QThread(self)
        self._thread.setObjectName(name)
        self._runner = _Runner(yielding)
        self._runner.moveToThread(self._thread)
        self._start.connect(self._runner.run, Qt.ConnectionType.QueuedConnection)
        self._ask_idle.connect(self._runner.tell_idle, Qt.ConnectionType.QueuedConnection)
        self._runner.idle.connect(self._on_idle)
        self._runner.progress.connect(self._on_progress)
        self._runner.done.connect(self._on_done)
        self._runner.failed.connect(self._on_failed)
        self._thread.start(QThread.Priority.LowPriority if yielding else QThread.Priority.InheritPriority)

    @property
    def busy(self) -> bool:
        """Whether there is anything to do that is not quiet."""
        return any(not job.quiet for job in (self.running, *self._waiting) if job is not None)

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.isRunning()

    def submit(self, job: Job) -> None:
        self._waiting.append(job)
        self._next()

    def stop(self, timeout_ms: int) -> bool:
        """Cancel what runs, drop what waits, end the thread; whether it ended in time."""
        self._waiting.clear()
        if self.running is not None:
            self.running.cancel.set()
        self._thread.quit()
        ended = self._thread.wait(timeout_ms)
        if ended:
            self._ended.clear()
        return ended

    def _next(self) -> None:
        if self.running is None and self._waiting:
            self.running = self._waiting.pop(0)
            self._start.emit(self.running)
        self.changed.emit()

    def _finish(self, job: Job, result: object) -> None:
        self._ended.append((job, result))
        self._ask_idle.emit()
        self.running = None
        self._next()

    @Slot()
    def _on_idle(self) -> None:
        self._ended.clear()

    @Slot(object, object)
    def _on_progress(self, job: Job, value: object) -> None:
        if job is self.running and job.on_progress is not None:
            job.on_progress(value)

    @Slot(object, object)
    def _on_done(self, job: Job, result: object) -> None:
        self._finish(job, result)
        job.on_done(result)

    @Slot(object, object)
    def _on_failed(self, job: Job, error: BaseException) -> None:
        self._finish(job, error)
        self.lost.emit(job)
        if job.on_failed is None or job.on_failed(error) != SETTLED:
            self.failed.emit(job, error)
