"""Views that are drawn one after another, with what else the window has to do in between."""

import time

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

_IF_NOT_PAINTED_MS = 60
_SHARE = 4
"""Views beside the one that is moved pause for so many times as long as their last frame took."""


class Turns(QObject):
    """Has Qt paint views that ask for a frame, each in a turn of the event loop of its own, in the order in which they asked.

    Two views painted in one turn keep the window deaf for as long as both take, which without a graphics card is felt. While one `leads`,
    since it is moved by the mouse, the others get but a share of the time.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[QWidget] = []
        self._painting: QWidget | None = None
        self._leader: QWidget | None = None
        self._free_from: dict[QWidget, float] = {}
        self._begun = 0.0
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._take)

    def lead(self, view: QWidget | None) -> None:
        """Have that view painted before the others, and more often; None for all alike."""
        self._leader = view
        self._free_from.clear()
        if view is None and self._waiting and self._painting is None:
            self._next.start(0)

    def ask(self, view: QWidget) -> None:
        """Have the view painted soon, once however often it asks before."""
        if self._painting is view or (self._painting is None and not self._waiting and self._pause(view) <= 0):
            self._give(view)
        elif view not in self._waiting:
            self._waiting.append(view)
            if self._painting is None:
                self._go_on()

    def painted(self, view: QWidget) -> None:
        """The view has been painted: another may be."""
        now = time.perf_counter()
        self._free_from[view] = now + _SHARE * (now - self._begun)
        if view is self._painting:
            self._painting = None
            self._next.start(0)

    def forget(self, view: QWidget) -> None:
        """The view goes away."""
        if view in self._waiting:
            self._waiting.remove(view)
        if view is self._leader:
            self._leader = None
        self.painted(view)
        self._free_from.pop(view, None)

    def _pause(self, view: QWidget) -> float:
        """Seconds until a view may be painted again."""
        if self._leader is None or view is self._leader:
            return 0.0
        return self._free_from.get(view, 0.0) - time.perf_counter()

    def _give(self, view: QWidget) -> None:
        if self._painting is not view:
            self._begun = time.perf_counter()
        view.update()
        if view.isVisible():
            self._painting = view
            self._next.start(_IF_NOT_PAINTED_MS)

    def _take(self) -> None:
        self._painting = None
        self._go_on()

    def _go_on(self) -> None:
        """With the view that leads, or with whichever has waited longest and may be painted; when the first may, if none may now."""
        self._waiting.sort(key=lambda view: view is not self._leader)
        while self._painting is None:
            view = next((one for one in self._waiting if self._pause(one) <= 0), None)
            if view is None:
                break
            self._waiting.remove(view)
            self._give(view)
        if self._painting is None and self._waiting:
            self._next.start(max(1, round(1000 * min(map(self._pause, self._waiting)))))
