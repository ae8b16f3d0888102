"""Progress of what takes long: a bar, or a function that is told, and Ctrl-C that keeps what was found."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Protocol, TypeVar

from difffit_core.api.bar import Bar
from difffit_core.api.reading import tell
from difffit_core.errors import FitCancelled, UserError, shown
from difffit_core.fit.request import CancelFlag, FitProgress, OnProgress

_logger = logging.getLogger(__name__)
T = TypeVar("T")
P = TypeVar("P")


class Stoppable(Protocol):
    """A result that may be a part of what was asked for."""

    @property
    def cancelled(self) -> bool: ...


ProgressChoice = bool | OnProgress
"""True for a bar, a function that is told of each `FitProgress`, or False for neither."""


def follow(run: Callable[[OnProgress | None, CancelFlag | None], T], progress: ProgressChoice) -> T:
    """Run something with the progress that is asked for.

    Raises
    ------
    UserError
        If that is none of the three.
    KeyboardInterrupt
        If Ctrl-C ends what has a bar before there is anything to keep.
    """
    if progress is True:
        with interrupted_when_cancelled():
            return with_progress(run)
    return run(asked_for(progress), None)


def tell_if_stopped(result: Stoppable) -> None:
    """Warn where a result is what was found until Ctrl-C."""
    if result.cancelled:
        tell(["stopped early: this is what was found by then"])


@contextmanager
def interrupted_when_cancelled() -> Iterator[None]:
    """Ctrl-C that leaves nothing to keep is what it is without a bar, too."""
    try:
        yield
    except FitCancelled as error:
        raise KeyboardInterrupt(str(error)) from None


def asked_for(progress: bool | Callable[[Any], None] | None) -> Callable[[Any], None] | None:
    """The function that is to be told, or None; `UserError` for what is no way to be told."""
    if progress is None or progress is False:
        return None
    if not callable(progress):
        raise UserError(f"progress must be True for a bar, False, or a function that is told, got {shown(progress)}")
    return progress


def with_bar(
    run: Callable[[Callable[[P], None] | None, CancelFlag | None], T],
    show: Callable[[Bar, P], None],
    progress: bool | Callable[[P], None] | None,
) -> T:
    """Run something that tells of its progress in its own way, which ``show`` puts on a bar; else as `follow`."""
    if progress is not True:
        return run(asked_for(progress), None)
    with interrupted_when_cancelled(), cancel_on_interrupt() as cancel, Bar() as bar:
        return run(lambda told: show(bar, told), cancel)


def with_progress(run: Callable[[OnProgress, CancelFlag], T]) -> T:
    """Run something; where it is seen, with a bar, the time left and the best local correlation up to now."""
    with cancel_on_interrupt() as cancel, Bar() as bar:
        seen = [""]

        def show(progress: FitProgress) -> None:
            if progress.stage != seen[0]:
                seen[0] = progress.stage
                _logger.info("%s", progress.stage)
            best = "" if progress.best is None else f"best local correlation {progress.best.local_correlation:.3f}"
            bar.show(progress.stage, progress.fraction, time_left(progress.remaining_s), best)

        return run(show, cancel)


def time_left(seconds: float | None) -> str:
    """In words; empty where nothing can be said yet."""
    return "" if seconds is None else f"{seconds:.0f} s left"


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
