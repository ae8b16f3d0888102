"""Every model of a screen as a point: local correlation against how sure it is."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QToolTip, QWidget

from difffit_app.state.screening import SIGNIFICANT, ScreenTable
from difffit_app.theme import DARK, Theme

_LABELLED = 8
_SMALLEST = 1e-300
_ASIDE = 6.0
"""Pixels between a point and its name."""
_NEAR = 9.0
"""Pixels from a point within which it is meant."""
_CELLS = (400, 200)
"""Across and up: of the points that are not significant one is drawn in each cell, which looks the same and takes no longer for more."""


class ScreenPlot(pg.PlotWidget):
    """``chosen`` carries the id of the model whose point was clicked, ``stepped`` what the arrow keys ask for."""

    chosen = Signal(int)
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self.setAccessibleName("Local correlation against minus log10 q; arrow keys step through the ranking")
        self.setToolTip("Each point is a model; those above the dashed line are significant. Click one to see it in the views")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.getPlotItem().setContentsMargins(2, 4, 8, 2)
        self.setLabel("bottom", "local correlation")
        self.setLabel("left", "−log<sub>10</sub> q")
        for axis in ("bottom", "left"):
            self.getAxis(axis).enableAutoSIPrefix(False)
        self.line = pg.InfiniteLine(-np.log10(SIGNIFICANT), angle=0, movable=False)
        self.dots, self.winners, self.ring = (pg.ScatterPlotItem(pxMode=True, size=size) for size in (5, 9, 15))
        for item in (self.line, self.dots, self.winners, self.ring):
            self.addItem(item)
        self._labels: list[pg.TextItem] = []
        self._table: ScreenTable | None = None
        self._points: NDArray[np.float64] = np.zeros((0, 2))
        self._marked: int | None = None
        self.set_theme(DARK)
        self.show_table(None)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_hover)
        self.getPlotItem().vb.sigResized.connect(self._place_labels)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.base)
        for name in ("left", "bottom"):
            self.getAxis(name).setPen(theme.border)
            self.getAxis(name).setTextPen(theme.dim)
        self.line.setPen(pg.mkPen(theme.good, style=Qt.PenStyle.DashLine))
        dim, good = QColor(theme.dim), QColor(theme.good)
        dim.setAlpha(150)
        for item, colour in ((self.dots, dim), (self.winners, good)):
            item.setPen(None)
            item.setBrush(colour)
        self.ring.setPen(pg.mkPen(theme.accent, width=2))
        self.ring.setBrush(None)
        for label in self._labels:
            label.setColor(theme.text)

    def show_table(self, table: ScreenTable | None) -> None:
        """Show another ranking, or none."""
        self._table = table
        for label in self._labels:
            self.removeItem(label)
        self._labels.clear()
        count = 0 if table is None else table.ranked
        if table is None or count == 0:
            self._points = np.zeros((0, 2))
            self.dots.setData([], [])
            self.winners.setData([], [])
            self.setXRange(0, 1, padding=0)
            self.setYRange(0, 3, padding=0.02)
            self._ring()
            return
        across = table.numbers["correlation"][:count]
        up = -np.log10(np.maximum(table.numbers["q"][:count], _SMALLEST))
        self._points = np.column_stack([across, up])
        best = table.significant
        self.winners.setData(*self._points[:best].T)
        self.dots.setData(*_thinned(self._points[best:]).T)
        low, high = float(across.min()), float(across.max())
        margin = 0.05 * max(high - low, 0.1)
        self.setXRange(low - margin, high + margin, padding=0)
        self.setYRange(0, max(3.0, float(up.max())) * 1.12, padding=0.02)
        for position in range(min(best, _LABELLED)):
            label = pg.TextItem(table.rows[position].name, color=self._theme.text)
            self.addItem(label, ignoreBounds=True)
            self._labels.append(label)
        self._place_labels()
        self._ring()

    def mark(self, identifier: int | None) -> None:
        """Ring the point of a model."""
        self._marked = identifier
        self._ring()

    def point_of(self, identifier: int | None) -> QPointF | None:
        """Where a model's point is, in the plot's own numbers; None for one that has none."""
        position = None if self._table is None or identifier is None else self._table.positions.get(identifier)
        return QPointF(*self._points[position]) if position is not None and position < len(self._points) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            self.stepped.emit(step)

    def _place_labels(self) -> None:
        """At the side of a point where there is room, and one under another where they would overlap."""
        (low, high), _ = self.viewRange()
        across, up = self.getPlotItem().vb.viewPixelSize()
        height, aside = up * self.fontMetrics().height(), across * _ASIDE
        below = np.inf
        for position, label in enumerate(self._labels):
            x, y = self._points[position]
            below = min(y, below - height)
            left = x > (low + high) / 2
            label.setAnchor((1.0 if left else 0.0, 0.5))
            label.setPos(x - aside if left else x + aside, below)

    def _ring(self) -> None:
        point = self.point_of(self._marked)
        self.ring.setData([] if point is None else [point.x()], [] if point is None else [point.y()])

    def _near(self, place: QPointF) -> int | None:
        """The position of the point nearest to a place in the scene, if it is near."""
        if not len(self._points):
            return None
        box = self.getPlotItem().vb
        across, up = box.viewPixelSize()
        there = box.mapSceneToView(place)
        away = np.hypot((self._points[:, 0] - there.x()) / across, (self._points[:, 1] - there.y()) / up)
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= _NEAR else None

    def _on_click(self, event: object) -> None:
        position = self._near(event.scenePos()) if event.button() == Qt.MouseButton.LeftButton else None  # type: ignore[attr-defined]
        if position is not None and self._table is not None:
            self.setFocus()
            self.chosen.emit(self._table.rows[position].id)

    def _on_hover(self, place: QPointF) -> None:
        position = self._near(place)
        if position is None or self._table is None:
            QToolTip.hideText()
            return
        q = self._table.numbers["q"][position]
        words = f"{self._table.rows[position].name}\nlocal correlation {self._points[position, 0]:.3f}, q {q:.2g}"
        QToolTip.showText(self.mapToGlobal(self.mapFromScene(place)), words, self)


def _thinned(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (n, 2), one in each cell."""
    if len(points) <= 2000:
        return points
    low, size = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-9)
    cells = ((points - low) / size * _CELLS).astype(np.int64)
    _, first = np.unique(cells[:, 0] * (_CELLS[1] + 1) + cells[:, 1], return_index=True)
    return points[first]
