"""What the colours of the spheres mean."""

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from difffit_app.views.scene.spheres_actor import SCORE_COLOURS


class Legend(QWidget):
    """A bar of colours from the least to the greatest value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._range: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Colour scale of the spheres")

    def sizeHint(self) -> QSize:
        return QSize(190, 18)

    def set_range(self, low: float, high: float) -> None:
        self._range = (low, high)
        self.setToolTip(f"{low:.4g} (dark) to {high:.4g} (bright); larger spheres have more hits")
        self.update()

    def clear(self) -> None:
        self._range = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._range is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = legend_labels(*self._range)
        text = 50
        bar = QRectF(text, self.height() / 2 - 5, self.width() - 2 * text, 10)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for i, colour in enumerate(SCORE_COLOURS):
            gradient.setColorAt(i / (len(SCORE_COLOURS) - 1), QColor(colour))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3, 3)
        painter.setPen(self.palette().windowText().color())
        row = QRectF(0, 0, text - 6, self.height())
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, left)
        row.moveLeft(self.width() - text + 6)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, right)
        painter.end()


def legend_labels(low: float, high: float) -> tuple[str, str]:
    """Both ends with the decimals that tell them apart to a hundredth of their distance."""
    distance = high - low if high > low else abs(high) or 1.0
    decimals = max(0, 1 - math.floor(math.log10(distance)))
    if decimals > 4 or max(abs(low), abs(high)) >= 1e5:
        return f"{low:.1e}", f"{high:.1e}"
    return f"{low:z.{decimals}f}", f"{high:z.{decimals}f}"
