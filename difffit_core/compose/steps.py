"""How far a composite is: the fits it consists of, one after the other."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from difffit_core.fit.request import FitProgress, OnProgress

_LATER = 0.4
"""How likely a later search is, as a share of the work of a first one."""
_REST = 0.5
_MOST = 0.99


class Steps:
    """Turns the progress of each fit into that of the whole.

    Parameters
    ----------
    on_progress : told as often as the fits tell
    searches, later : how many fits there will be for certain, and perhaps
    """

    def __init__(self, on_progress: OnProgress | None, searches: int, later: int) -> None:
        self._on_progress = on_progress
        self._planned = searches + _LATER * later + _REST
        self._done = 0.0
        self._start = time.perf_counter()

    @contextmanager
    def part(self, name: str) -> Iterator[OnProgress]:
        """One fit, of which the callback is told."""

        def tell(progress: FitProgress) -> None:
            self._tell(f"{name}: {progress.stage}", self._done + progress.fraction, progress)

        yield tell
        self._done += 1

    def say(self, stage: str) -> None:
        """Something short is being done."""
        self._tell(stage, self._done, None)

    def finish(self, stopped: bool) -> None:
        """All is done, or was stopped."""
        if self._on_progress:
            self._on_progress(FitProgress("cancelled" if stopped else "done", 1.0, 0.0))

    def _tell(self, stage: str, done: float, progress: FitProgress | None) -> None:
        if not self._on_progress:
            return
        fraction = min(done / max(self._planned, done + _REST), _MOST)
        spent = time.perf_counter() - self._start
        left = spent * (1 - fraction) / fraction if fraction > 0.02 else None
        self._on_progress(FitProgress(stage, fraction, left, progress.best if progress else None))
