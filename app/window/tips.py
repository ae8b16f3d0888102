"""Status tips that go with their buttons."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QStatusBar, QWidget
from shiboken6 import isValid


class StatusTips(QObject):
    """Takes the tip of what the mouse is on out of ``bar`` when that is hidden or gone: Qt waits until the mouse leaves it."""

    def __init__(self, bar: QStatusBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._pointed: QWidget | None = None
        bar.messageChanged.connect(self._follow)

    def _follow(self, text: str) -> None:
        if self._pointed is not None and isValid(self._pointed):
            self._pointed.removeEventFilter(self)
            self._pointed.destroyed.disconnect(self._is_gone)
        self._pointed = QApplication.widgetAt(QCursor.pos()) if text else None
        if self._pointed is not None:
            self._pointed.installEventFilter(self)
            self._pointed.destroyed.connect(self._is_gone)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self._bar.clearMessage()
        return False

    def _is_gone(self) -> None:
        self._pointed = None
        self._bar.clearMessage()
