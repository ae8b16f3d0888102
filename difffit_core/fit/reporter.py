"""Telling how far a fit is, and asking whether to stop."""

import time

from difffit_core.fit.request import BestSoFar, CancelFlag, FitProgress, OnProgress

_INTERVAL_S = 0.1


class Reporter:
    """Counts work done against work planned; a sample of one point at one pose is the unit of both.

    Parameters
    ----------
    planned : samples the whole fit will take
    on_progress : told ten times a second at most, and whenever a stage begins, or None
    cancel : the flag to look at
    """

    def __init__(self, planned: float, on_progress: OnProgress | None, cancel: CancelFlag) -> None:
        self._planned = max(planned, 1.0)
        self._on_progress = on_progress
        self._cancel = cancel
        self._done = 0.0
        self._label = ""
        self._start = time.perf_counter()
        self._last_told = 0.0
        self._last_stage = ""
        self.best: BestSoFar | None = None

    @property
    def cancelled(self) -> bool:
        return self._cancel.is_set()

    def plan(self, more: float, label: str) -> None:
        """So many samples more than were planned, whose stages are told with ``label`` before their names."""
        self._planned = self._done + more
        self._label = label

    def advance(self, stage: str, work: float) -> bool:
        """Book ``work`` as done; False if the fit is to stop."""
        self._done += work
        now = time.perf_counter()
        stage = self._label + stage
        if self._on_progress and (stage != self._last_stage or now - self._last_told >= _INTERVAL_S):
            self._last_told, self._last_stage = now, stage
            fraction = min(self._done / self._planned, 0.99)
            remaining = (now - self._start) * (1 - fraction) / fraction if fraction > 0.02 else None
            self._on_progress(FitProgress(stage, fraction, remaining, self.best))
        return not self.cancelled

    def offer(self, best: BestSoFar) -> None:
        """Keep ``best`` if it is better than what there was."""
        if self.best is None or best.local_correlation > self.best.local_correlation:
            self.best = best

    def finish(self, stopped: bool) -> None:
        """Say that the work is over: done, or stopped early. A cancel that comes after the last of the work stops nothing."""
        if self._on_progress:
            self._on_progress(FitProgress("cancelled" if stopped else "done", 1.0, 0.0, self.best))
