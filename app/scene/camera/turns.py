"""Views that are drawn one after another, with what else the window has to do in between."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

_IF_NOT_PAINTED_MS = 60


class Turns(QObject):
    """Has Qt paint views that ask for a frame, each in a turn of the event loop of its own.

    Two views painted in one turn keep the window deaf for as long as both take, which without a graphics card is felt.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[QWidget] = []
        self._painting: QWidget | None = None
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._take)

    def ask(self, view: QWidget) -> None:
        """Have the view painted soon, once however often it asks before."""
        if self._painting is None or self._painting is view:
            self._give(view)
        elif view not in self._waiting:
            self._waiting.append(view)

    def painted(self, view: QWidget) -> None:
        """The view has been painted: another may be."""
        if view is self._painting:
            self._painting = None
            self._next.start(0)

    def forget(self, view: QWidget) -> None:
        """The view goes away."""
        if view in self._waiting:
            self._waiting.remove(view)
        self.painted(view)

    def _give(self, view: QWidget) -> None:
        view.update()
        if view.isVisible():
            self._painting = view
            self._next.start(_IF_NOT_PAINTED_MS)

    def _take(self) -> None:
        self._painting = None
        while self._waiting and self._painting is None:
            self._give(self._waiting.pop(0))
