"""Python's search for garbage, kept in the thread of the window."""

import ctypes
import gc
import math
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor, QGuiApplication

_LOOKS_MS = 250
_REST_S, _PATIENCE_S = 3.0, 60.0
"""Looking through all objects takes a quarter of a second, in which nothing is drawn: it waits until nothing has moved or worked for so
long, but no longer than a minute in all."""
_SHARE = 0.01
"""Of the time that may go into looking through all objects there are, since nothing is drawn meanwhile."""
_running: set[int] = set()
_was_enabled = True


def give_back() -> None:
    """Have glibc give to the system what is free: else what a fit took in small pieces stays with the program until it ends."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform.startswith("linux") else None
    if trim is not None:
        trim(0)


class Collector(QObject):
    """Collects garbage in the thread in which this was made, and has no other do so until `end`.

    Python collects in whichever thread makes the next object. What is found there may hold a widget or what VTK has on the graphics card,
    and neither survives being destroyed outside the thread of the window: the program ends by a signal, some time later, elsewhere.
    ``is_busy`` says whether a worker works, so that someone looks at what it does.
    """

    def __init__(self, is_busy: Callable[[], bool] = lambda: False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_busy, self._not_before, self._to_give_back = is_busy, 0.0, False
        self._moved, self._place, self._due = time.monotonic(), QCursor.pos(), math.inf
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        global _was_enabled
        if not _running:
            _was_enabled = gc.isenabled()
        _running.add(id(self))
        gc.disable()
        self._timer.start(_LOOKS_MS)

    def give_back_later(self) -> None:
        """Once nothing works or moves, whether or not there is garbage to look for."""
        self._to_give_back = True

    def end(self) -> None:
        """Let Python collect as before; no thread may be left that could."""
        self._timer.stop()
        _running.discard(id(self))
        if not _running and _was_enabled:
            gc.enable()

    def _look(self) -> None:
        """Collect what Python would have, by its own thresholds; young objects that have gathered count as collections left out."""
        young, middle, old = gc.get_count()
        limits = gc.get_threshold()
        middle += young // max(limits[0], 1)
        old += middle // max(limits[1], 1)
        now = time.monotonic()
        rests = self._rests(now)
        if old > limits[2] and now >= self._not_before:
            self._due = min(self._due, now)
        if (rests and self._due <= now) or now > self._due + _PATIENCE_S:
            gc.collect()
            give_back()
            after = time.monotonic()
            self._not_before, self._due, self._to_give_back = after + (after - now) / _SHARE, math.inf, False
        elif rests and self._to_give_back:
            self._to_give_back = False
            give_back()
        elif middle > limits[1]:
            gc.collect(1)
        elif young > limits[0]:
            gc.collect(0)

    def _rests(self, now: float) -> bool:
        """Whether nothing has worked, and the mouse has not moved, for a while."""
        place = QCursor.pos()
        if self._is_busy() or place != self._place or QGuiApplication.mouseButtons().value:
            self._moved, self._place = now, place
        return now > self._moved + _REST_S
