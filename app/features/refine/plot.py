"""How well each residue fits before and after a model was bent."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QToolTip, QWidget

from difffit_app.theme import Theme
from difffit_app.widgets.residue_axis import ResidueAxis
from difffit_core.project.refinements import BentArrays
from difffit_core.residues import Residues

_MOVES = {Qt.Key.Key_Left: -0.2, Qt.Key.Key_Right: 0.2}
"""Of what is shown, along the chain."""
_ZOOMS = {Qt.Key.Key_Plus: 0.8, Qt.Key.Key_Equal: 0.8, Qt.Key.Key_Minus: 1.25, Qt.Key.Key_Underscore: 1.25}


class BeforeAfterPlot(pg.PlotWidget):
    """Local correlation along the chains: a faint line for the rigid model, a strong one for the bent one; gaps lie between chains.

    Residues without density are shaded. The wheel, + and − zoom along the chain, a drag and the arrows move along it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._axis = ResidueAxis()
        super().__init__(parent, enableMenu=False, axisItems={"bottom": self._axis})
        self._residues: Residues | None = None
        self._arrays: BentArrays | None = None
        self._bands: list[pg.LinearRegionItem] = []
        self._theme: Theme | None = None
        self.setAccessibleName("Local correlation of each residue, before and after bending")
        self.hideButtons()
        self.setMouseEnabled(x=True, y=False)
        self.getAxis("left").setWidth(34)
        self._axis.setHeight(20)
        self.before, self.after = pg.PlotCurveItem(connect="finite"), pg.PlotCurveItem(connect="finite")
        for item in (self.before, self.after):
            self.addItem(item)
        self.setYRange(0, 1.02, padding=0)
        self.getAxis("left").setTicks([[(share, f"{share:.1f}") for share in (0.0, 0.5, 1.0)]])
        self.scene().sigMouseMoved.connect(self._on_hover)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.base)
        for name in ("left", "bottom"):
            self.getAxis(name).setPen(theme.border)
            self.getAxis(name).setTextPen(theme.dim)
        self.before.setPen(pg.mkPen(theme.dim, width=1, style=Qt.PenStyle.DashLine))
        self.after.setPen(pg.mkPen(theme.accent, width=2))
        self._shade()

    def show_residues(self, residues: Residues | None, arrays: BentArrays | None) -> None:
        """Show those of a refinement; None for none."""
        self._residues, self._arrays = residues, arrays
        if residues is None or arrays is None:
            for curve in (self.before, self.after):
                curve.setData([], [])
            self._axis.set_residues(np.zeros(0, "<U1"), np.zeros(0, np.int32))
        else:
            ends = np.flatnonzero(residues.chains[1:] != residues.chains[:-1]) + 1
            x = np.insert(np.arange(len(residues), dtype=float), ends, np.nan)
            for curve, values in ((self.before, arrays.before), (self.after, arrays.after)):
                curve.setData(x, np.insert(np.clip(values, 0, None), ends, np.nan))
            self._axis.set_residues(residues.chains, residues.numbers)
            self.setLimits(xMin=-0.5, xMax=len(residues) - 0.5)
            self.setXRange(-0.5, len(residues) - 0.5, padding=0)
        self._shade()

    def describe(self, position: int) -> str:
        """A residue in a few words."""
        residues, arrays = self._residues, self._arrays
        if residues is None or arrays is None or not 0 <= position < len(residues):
            return ""
        told = f"{residues.label(position)}: {arrays.before[position]:.2f} before, {arrays.after[position]:.2f} after"
        none = "" if arrays.supported[position] else "; no density supports it"
        return f"{told}, moved {arrays.moved[position]:.1f} Å{none}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, box = Qt.Key(event.key()), self.getPlotItem().vb
        low, high = box.viewRange()[0]
        if key in _MOVES:
            box.translateBy(x=_MOVES[key] * (high - low))
        elif key in _ZOOMS:
            box.scaleBy(x=_ZOOMS[key], y=1)
        else:
            event.ignore()

    def _shade(self) -> None:
        """Behind each stretch without density."""
        for band in self._bands:
            self.removeItem(band)
        self._bands = []
        if self._arrays is None or self._theme is None:
            return
        tint = QColor(self._theme.dim)
        tint.setAlpha(60)
        for first, last in _runs(~self._arrays.supported):
            band = pg.LinearRegionItem((first - 0.5, last - 0.5), movable=False, brush=tint, pen=pg.mkPen(None))
            band.setZValue(-5)
            self.addItem(band, ignoreBounds=True)
            self._bands.append(band)

    def _on_hover(self, place: QPointF) -> None:
        box = self.getPlotItem().vb
        text = self.describe(round(box.mapSceneToView(place).x())) if box.sceneBoundingRect().contains(place) else ""
        if text:
            QToolTip.showText(self.mapToGlobal(self.mapFromScene(place)), text, self)
        else:
            QToolTip.hideText()


def _runs(where: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(where.astype(np.int8), prepend=0, append=0))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
