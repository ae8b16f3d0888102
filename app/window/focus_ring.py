"""One ring around whatever has the keyboard, for all there is, once Tab is used."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QSplitter, QStackedWidget, QWidget
from shiboken6 import isValid

_WIDTH, _ROUND, _OUTSIDE = 2.0, 4.0, 2
_TAKES_CHILDREN = (QSplitter, QStackedWidget, QDockWidget, QMainWindow)
"""What would lay a ring out among what it holds."""


class FocusRing(QObject):
    """Follows the keyboard in a window. Views have a rim of their own, since nothing can be drawn over them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._ring: _Ring | None = None
        self._around: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a window stands in one"
        application.focusChanged.connect(self._follow)

    @property
    def around(self) -> QWidget | None:
        """What it is drawn around now."""
        return self._around if self._ring is not None and isValid(self._ring) and self._ring.isVisible() else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._lay()
        return super().eventFilter(watched, event)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if not isValid(self._window):
            return  # which goes, and its widgets with it
        if self._around is not None and isValid(self._around):
            self._around.removeEventFilter(self)
        by_keys = self._window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        rings = now is not None and by_keys and self._window.isAncestorOf(now) and not isinstance(now, QOpenGLWidget)
        self._around = now if rings else None
        if self._around is not None:
            self._around.installEventFilter(self)
        self._lay()

    def _lay(self) -> None:
        """Put the ring around it, in what it lies in, so that it is scrolled with it."""
        around = self._around if self._around is not None and isValid(self._around) and self._around.isVisible() else None
        if self._ring is None or not isValid(self._ring):  # gone with what it lay in
            self._ring = None if around is None else _Ring(self._window)
        if self._ring is None:
            return
        if around is None:
            self._ring.hide()
            return
        holder = around.parentWidget()
        while isinstance(holder, _TAKES_CHILDREN) and holder is not self._window:
            holder = holder.parentWidget()
        holder = holder or self._window
        self._ring.setParent(holder)
        box = QRect(around.mapTo(holder, QPoint(0, 0)), around.size())
        self._ring.setGeometry(box.adjusted(-_OUTSIDE, -_OUTSIDE, _OUTSIDE, _OUTSIDE))
        self._ring.raise_()
        self._ring.show()


class _Ring(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), _WIDTH))
        half = _WIDTH / 2
        holder = self.parentWidget()
        seen = self.rect() if holder is None else self.rect().intersected(holder.rect().translated(-self.pos()))
        inside = QRectF(seen)
        painter.drawRoundedRect(inside.adjusted(half, half, -half, -half), _ROUND, _ROUND)
        painter.end()
