"""The plot of Guinier: how a map's amplitudes fall with frequency, before and after sharpening."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from difffit_app.theme import Theme
from difffit_core.map_edit.sharpening import GUINIER_FROM, Amplitudes

_PERIODS = (20.0, 10.0, 7.0, 5.0, 4.0, 3.5, 3.0, 2.5, 2.0, 1.5)


class GuinierPlot(pg.PlotWidget):
    """ln(amplitude) against the square of the frequency, which the axis labels in Å: a faint line before, a strong one after.

    Between the upright lines, at 10 Å and at the map's resolution, the fall tells the B factor.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self.setAccessibleName("Amplitudes of the map by frequency, before and after")
        self.setToolTip("ln(amplitude) by frequency: dashed before, solid after. Between the upright lines the fall tells the B factor")
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.setFixedHeight(120)
        self.before, self.after = pg.PlotCurveItem(), pg.PlotCurveItem()
        self.ends = [pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=90)]
        for item in (self.before, self.after, *self.ends):
            self.addItem(item)
        for line in self.ends:
            line.hide()

    def set_theme(self, theme: Theme) -> None:
        self.setBackground(theme.base)
        for name in ("left", "bottom"):
            self.getAxis(name).setPen(theme.border)
            self.getAxis(name).setTextPen(theme.dim)
        self.before.setPen(pg.mkPen(theme.dim, width=1, style=Qt.PenStyle.DashLine))
        self.after.setPen(pg.mkPen(theme.accent, width=2))
        for line in self.ends:
            line.setPen(pg.mkPen(theme.border, style=Qt.PenStyle.DotLine))

    def show_amplitudes(self, amplitudes: Amplitudes | None, b_factor: float, resolution: float | None) -> None:
        """Show those of a map, and what they become; None for none."""
        if amplitudes is None:
            for curve in (self.before, self.after):
                curve.setData([], [])
            return
        squared, after = amplitudes.squared_frequency, amplitudes.sharpened(b_factor)
        self.before.setData(squared, amplitudes.logarithm)
        self.after.setData(squared, after.logarithm)
        end = float(squared[-1])
        ticks = [(period**-2, f"{period:g} Å") for period in _PERIODS if period**-2 < 0.97 * end]
        apart = [one for i, one in enumerate(ticks) if i == 0 or one[0] - ticks[i - 1][0] > 0.06 * end]
        self.getAxis("bottom").setTicks([apart])
        self.setXRange(0, end, padding=0.02)
        fine = squared >= _PERIODS[0] ** -2  # coarser, the shape of the whole dwarfs all else
        both = np.concatenate([amplitudes.logarithm[fine], after.logarithm[fine]]) if fine.any() else after.logarithm
        self.setYRange(float(both.min()), float(both.max()), padding=0.05)
        for line, at in zip(self.ends, (GUINIER_FROM, resolution), strict=True):
            line.setVisible(at is not None)
            if at is not None:
                line.setPos(at**-2)
