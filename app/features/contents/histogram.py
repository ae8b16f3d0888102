"""The histogram of a map with its contour level as a line to drag."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from difffit_app.state.items import MapStatistics
from difffit_app.theme import Theme

_KEYS = {
    Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageDown: -10,
}  # fmt: skip


_HEIGHT = 80


class Histogram(pg.PlotWidget):
    """Counts are drawn as logarithms. ``level_moving`` while the line is dragged, ``level_set`` when it rests.

    ``stepped`` by wheel and keys.
    """

    level_moving = Signal(float)
    level_set = Signal(float)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self.setAccessibleName("Histogram of the map; drag the line, turn the wheel or press arrow keys to set the contour level")
        self.setToolTip("Drag the line or click to set the level; the wheel and the arrow keys step it")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(_HEIGHT)
        self.hideButtons()
        self.hideAxis("left")
        self.setMouseEnabled(x=False, y=False)
        self.getPlotItem().setContentsMargins(4, 6, 8, 4)
        self.getAxis("bottom").setHeight(20)
        self._curve = pg.PlotCurveItem([0.0, 1.0], [0.0], stepMode="center", fillLevel=0)
        self.line = pg.InfiniteLine(angle=90, movable=True, hoverPen=pg.mkPen("w", width=3))
        self.addItem(self._curve)
        self.addItem(self.line)
        self._quiet = False
        self.line.sigPositionChanged.connect(self._on_moved)
        self.line.sigPositionChangeFinished.connect(self._on_finished)
        self.scene().sigMouseClicked.connect(self._on_click)

    def set_theme(self, theme: Theme) -> None:
        self.setBackground(theme.base)
        fill, pen = QColor(theme.accent), QColor(theme.accent)
        fill.setAlpha(90)
        self._curve.setBrush(fill)
        self._curve.setPen(pen)
        self.line.setPen(pg.mkPen("#ff6b4a", width=2))
        axis = self.getAxis("bottom")
        axis.setPen(theme.border)
        axis.setTextPen(theme.dim)

    def show_map(self, statistics: MapStatistics | None) -> None:
        """Show another map, or none."""
        if statistics is None:
            self._curve.setData([0, 1], [0])
            self.line.hide()
            return
        heights = np.log10(1.0 + statistics.counts)
        self._curve.setData(statistics.edges, heights)
        self.setXRange(statistics.low, statistics.high, padding=0.02)
        self.setYRange(0, float(heights.max()) * 1.04, padding=0)
        self._quiet = True
        self.line.setBounds((statistics.low, statistics.high))
        self._quiet = False
        self.line.show()

    def show_level(self, level: float) -> None:
        """Put the line there, without a signal."""
        self._quiet = True
        self.line.setValue(level)
        self._quiet = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        if notches:
            self.stepped.emit(int(np.sign(notches)) * max(1, round(abs(notches))))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            self.stepped.emit(step)

    def _on_moved(self) -> None:
        if not self._quiet:
            self.level_moving.emit(float(self.line.value()))

    def _on_finished(self) -> None:
        if not self._quiet:
            self.level_set.emit(float(self.line.value()))

    def _on_click(self, event: object) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.line.isVisible():  # type: ignore[attr-defined]
            where: QPointF = self.getPlotItem().vb.mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
            self.level_set.emit(float(where.x()))
