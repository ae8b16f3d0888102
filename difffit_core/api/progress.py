"""Progress of what takes long: a bar, or a function that is told, and Ctrl-C that keeps what was found."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from difffit_core.fit.request import CancelFlag, FitProgress, OnProgress

_logger = logging.getLogger(__name__)
T = TypeVar("T")
ProgressChoice = bool | OnProgress
"""True for a bar, a function that is told of each `FitProgress`, or False for neither."""


def follow(run: Callable[[OnProgress | None, CancelFlag | None], T], progress: ProgressChoice) -> T:
    """Run something with the progress that is asked for."""
    if progress is True:
        return with_progress(run)
    return run(progress if callable(progress) else None, None)


def with_progress(run: Callable[[OnProgress, CancelFlag], T]) -> T:
    """Run something; where standard error is a terminal, with a bar, the time left and the best local correlation up to now."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[left]}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[best]}"),
    )
    with cancel_on_interrupt() as cancel, Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("preparing", total=1.0, left="", best="")

        seen = [""]

        def show(progress: FitProgress) -> None:
            if progress.stage != seen[0]:
                seen[0] = progress.stage
                _logger.info("%s", progress.stage)
            left = "" if progress.remaining_s is None else f"{progress.remaining_s:.0f} s left"
            best = "" if progress.best is None else f"best local correlation {progress.best.local_correlation:.3f}"
            bar.update(task, completed=progress.fraction, description=progress.stage, left=left, best=best)

        return run(show, cancel)


@contextmanager
def cancel_on_interrupt() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second interrupts as ever. In a thread nobody sets it."""
    cancel = threading.Event()
    if threading.current_thread() is not threading.main_thread():  # Ctrl-C is heard in the main thread alone
        yield cancel
        return
    before = signal.getsignal(signal.SIGINT)

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        if cancel.is_set() and callable(before):
            before(number, frame)
        cancel.set()

    try:
        signal.signal(signal.SIGINT, on_interrupt)
        yield cancel
    finally:
        signal.signal(signal.SIGINT, before)
