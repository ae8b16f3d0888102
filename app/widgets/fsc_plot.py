"""A plot of Fourier shell correlations against resolution."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from difffit_app.theme import Theme

Curve = tuple[str, NDArray[np.float64], NDArray[np.float64]]
"""What it is called, frequencies (S,) in 1/Å, and the correlation at each."""
LIMITS = (0.5, 0.143)
_APART = 0.17
_AT = (20, 10, 7, 5, 4, 3, 2.5, 2, 1.5, 1)


class FscPlot(pg.PlotWidget):
    """The first curve is strong, the others are thinner, each in a colour of its own; lines lie at 0.5 and 0.143."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self.setAccessibleName(name)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.setMinimumSize(200, 90)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # there is nothing that keys could do
        self.legend = self.getPlotItem().addLegend(offset=(-8, 6), labelTextSize="8pt")
        self.curves: list[pg.PlotDataItem] = []
        self._lines = [pg.InfiniteLine(pos=limit, angle=0) for limit in LIMITS]
        for line in self._lines:
            self.addItem(line)
        self.setYRange(-0.1, 1.05, padding=0)
        self.getAxis("left").setWidth(34)
        self.getAxis("left").setTicks([[(share, f"{share:g}") for share in (0.0, 0.143, 0.5, 1.0)]])
        self._theme: Theme | None = None
        self._shown: tuple[Curve, ...] = ()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setBackground(theme.base)
        for axis in ("left", "bottom"):
            self.getAxis(axis).setPen(theme.border)
            self.getAxis(axis).setTextPen(theme.dim)
        for line in self._lines:
            line.setPen(pg.mkPen(theme.border, style=Qt.PenStyle.DashLine))
        self.legend.setLabelTextColor(theme.text)
        self.show_curves(self._shown)

    def show_curves(self, curves: Sequence[Curve]) -> None:
        """Show these; none for nothing."""
        self._shown = tuple(curves)
        for curve in self.curves:
            self.removeItem(curve)
        theme = self._theme
        colours = ("#4c9bf0", "#e5a04a", "#9aa3b0", "#c07ad6") if theme is None else (theme.accent, theme.doubtful, theme.dim, theme.good)
        self.curves = [
            self.plot(frequency, correlation, pen=pg.mkPen(colours[i % 4], width=2 if i == 0 else 1), name=name)
            for i, (name, frequency, correlation) in enumerate(self._shown)
        ]
        highest = max((float(frequency[-1]) for _, frequency, _ in self._shown if len(frequency)), default=0.5)
        self.setXRange(0, highest, padding=0.02)
        self.getAxis("bottom").setTicks([_ticks(highest)])


def _ticks(highest: float) -> list[tuple[float, str]]:
    """As many resolutions as there is room for up to a frequency in 1/Å."""
    ticks: list[tuple[float, str]] = []
    for at in _AT:
        if 1 / at <= highest and (not ticks or 1 / at - ticks[-1][0] > _APART * highest):
            ticks.append((1 / at, f"{at:g} Å"))
    return ticks
