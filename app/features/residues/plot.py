"""A bar for every residue: how well it fits, and which one is marked."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QToolTip, QWidget

from difffit_app.features.residues.bars import ResidueBars
from difffit_app.geometry.colours import colour_fit
from difffit_app.state.judging import Judgement, ResidueMetric
from difffit_app.theme import Theme
from difffit_app.widgets.residue_axis import ResidueAxis

_FEWEST_SHOWN = 8


class ResiduePlot(pg.PlotWidget):
    """Residues in file order along x, at a fixed scale of y. ``chosen`` and ``activated`` (a double click) carry a position.

    The wheel zooms along the chain and a drag moves along it; the arrow keys step from residue to residue.
    """

    chosen = Signal(int)
    activated = Signal(int)
    stepped = Signal(int)

    def __init__(self, label: Callable[[int], str], parent: QWidget | None = None) -> None:
        self._axis = ResidueAxis()
        super().__init__(parent, enableMenu=False, axisItems={"bottom": self._axis})
        self._label = label
        self._judgement: Judgement | None = None
        self._bands: list[pg.LinearRegionItem] = []
        self._theme: Theme | None = None
        self.setAccessibleName("Residues; arrow keys step from one to the next")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hideButtons()
        self.setMouseEnabled(x=True, y=False)
        self.getPlotItem().setContentsMargins(0, 2, 10, 0)
        self.getAxis("left").setWidth(38)
        self._axis.setHeight(20)
        self.bars = ResidueBars()
        self.other = pg.PlotCurveItem(connect="finite")
        self.middle = pg.InfiniteLine(angle=0, movable=False)
        self.line = pg.InfiniteLine(angle=90, movable=False)
        for item in (self.bars, self.other, self.middle, self.line):
            self.addItem(item)
        self.line.setZValue(5)
        self.other.setZValue(4)
        self.clear_residues()
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_hover)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.base)
        for name in ("left", "bottom"):
            self.getAxis(name).setPen(theme.border)
            self.getAxis(name).setTextPen(theme.dim)
        self.other.setPen(pg.mkPen(theme.text, width=1.5))
        self.middle.setPen(pg.mkPen(theme.dim, style=Qt.PenStyle.DashLine))
        self.line.setPen(pg.mkPen(theme.accent, width=2))
        self._draw_bands()

    def clear_residues(self) -> None:
        """Show none."""
        self._judgement = None
        self.bars.show_values(np.zeros(0), np.zeros((0, 3), np.uint8), 1.0)
        self._axis.set_residues(np.zeros(0, "<U1"), np.zeros(0, np.int32))
        self.other.setData([], [])
        self.middle.hide()
        self.line.hide()
        self._draw_bands()
        self._set_scale(1.0)

    def show_residues(
        self, judgement: Judgement, metric: ResidueMetric, values: NDArray[np.float64], other: NDArray[np.float64] | None
    ) -> None:
        """Show ``values`` (n,), and as a line those of the ``other`` placement; the stretch in view stays while the residues do."""
        before, count = self._judgement, len(values)
        self._judgement = judgement
        top = 1.0 if metric.high is not None else max(float(np.nanmax(values, initial=0.0)), 1.0)
        if metric.high is not None:
            self.middle.setValue((metric.low + metric.high) / 2)
        self.middle.setVisible(metric.high is not None)
        self.bars.show_values(values, colour_fit(values, metric.low, metric.high), top)
        self._axis.set_residues(judgement.residues.chains, judgement.residues.numbers)
        self._show_other(other)
        self._set_scale(top)
        if before is None or not np.array_equal(before.residues.index, judgement.residues.index):
            self.setLimits(xMin=-0.5, xMax=count - 0.5, minXRange=min(_FEWEST_SHOWN, count))
            self.show_all()
        self._draw_bands()

    def show_all(self) -> None:
        """Have all residues in view."""
        if self._judgement is not None:
            self.setXRange(-0.5, len(self._judgement.residues) - 0.5, padding=0)

    def show_marked(self, position: int | None) -> None:
        """Put the line at a residue, and have it in view."""
        self.line.setVisible(position is not None)
        if position is not None:
            self.line.setValue(position)
            (low, high), _ = self.viewRange()
            if not low <= position <= high:
                half = (high - low) / 2
                self.setXRange(position - half, position + half, padding=0)

    def position_at(self, place: QPointF) -> int | None:
        """The residue at a place of the scene."""
        box = self.getPlotItem().vb
        if self._judgement is None or not box.sceneBoundingRect().contains(place):
            return None
        position = round(box.mapSceneToView(place).x())
        return position if 0 <= position < len(self._judgement.residues) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
        if event.key() in steps and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self.stepped.emit(steps[Qt.Key(event.key())])
            event.accept()
        elif event.key() == Qt.Key.Key_Home:
            self.show_all()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _set_scale(self, top: float) -> None:
        self.setYRange(0, top * 1.04, padding=0)
        digits = 0 if top > 5 else 1
        self.getAxis("left").setTicks([[(share * top, f"{share * top:.{digits}f}") for share in (0.0, 0.5, 1.0)]])

    def _show_other(self, values: NDArray[np.float64] | None) -> None:
        if values is None or self._judgement is None:
            self.other.setData([], [])
            return
        ends = np.flatnonzero(self._judgement.residues.chains[1:] != self._judgement.residues.chains[:-1]) + 1
        x = np.insert(np.arange(len(values), dtype=float), ends, np.nan)
        self.other.setData(x, np.insert(np.clip(values, 0, None), ends, np.nan))

    def _draw_bands(self) -> None:
        """One behind every other chain."""
        for band in self._bands:
            self.removeItem(band)
        self._bands = []
        if self._judgement is None or self._theme is None:
            return
        chains = self._judgement.residues.chains
        starts = np.r_[0, np.flatnonzero(chains[1:] != chains[:-1]) + 1, len(chains)]
        tint = QColor(self._theme.dim)
        tint.setAlpha(34)
        for first, last in list(pairwise(starts.tolist()))[1::2]:
            band = pg.LinearRegionItem((first - 0.5, last - 0.5), movable=False, brush=tint, pen=pg.mkPen(None))
            band.setZValue(-5)
            self.addItem(band, ignoreBounds=True)
            self._bands.append(band)

    def _on_click(self, event: object) -> None:
        position = self.position_at(event.scenePos()) if event.button() == Qt.MouseButton.LeftButton else None  # type: ignore[attr-defined]
        if position is not None:
            (self.activated if event.double() else self.chosen).emit(position)  # type: ignore[attr-defined]

    def _on_hover(self, place: QPointF) -> None:
        position = self.position_at(place)
        if position is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(self.mapToGlobal(self.mapFromScene(place)), self._label(position), self)
