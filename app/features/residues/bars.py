"""Bars in their own colours, one a residue."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

_GAP = 0.15
_LEAST = 0.02


class ResidueBars(pg.GraphicsObject):
    """Bars from 0 up, about their positions 0, 1, 2, ...; where more than one falls on a pixel the lowest of them is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._heights: NDArray[np.float64] = np.zeros(0)
        self._colours: NDArray[np.uint8] = np.zeros((0, 3), np.uint8)
        self._top = 1.0

    def show_values(self, values: NDArray[np.float64], colours: NDArray[np.uint8], top: float) -> None:
        """``values`` (n,) in ``colours`` (n, 3), up to ``top``; values of 0 and less leave a stub, and NaN nothing."""
        self.prepareGeometryChange()
        self._heights = np.clip(values, _LEAST * top, top)
        self._colours, self._top = colours, top
        self.informViewBoundsChanged()
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(-0.5, 0.0, max(len(self._heights), 1), self._top)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        seen = self.viewRect()
        first, last = max(0, int(seen.left())), min(len(self._heights), int(seen.right()) + 2)
        if last <= first:
            return
        pixel = abs(self.pixelWidth() or 1.0)
        together = max(1, int(np.ceil(pixel)))
        gap = _GAP if pixel < 0.25 else 0.0
        for start in range(first - first % together, last, together):
            group = self._heights[start : start + together]
            if np.isnan(group).all():
                continue
            lowest = start + int(np.nanargmin(group))
            bar = QRectF(start - 0.5 + gap, 0.0, len(group) - 2 * gap, float(self._heights[lowest]))
            painter.fillRect(bar, QColor(*(int(part) for part in self._colours[lowest])))
