"""A bar of colours, with its ends."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_TEXT_WIDTH = 34


class ColourScale(QWidget):
    """``colours`` from the low end of a scale to its high one."""

    def __init__(self, colours: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours, self._ends = tuple(colours), (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(160, 18)

    def set_ends(self, low: float, high: float) -> None:
        self._ends = (low, high)
        self.setToolTip(f"Red: {low:g} and below. Blue: {high:g} and above.\nThe scale is the same for every placement, map and model.")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(_TEXT_WIDTH, self.height() / 2 - 5, self.width() - 2 * _TEXT_WIDTH, 10)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for i, colour in enumerate(self._colours):
            gradient.setColorAt(i / (len(self._colours) - 1), QColor(colour))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, 3, 3)
        painter.setPen(self.palette().windowText().color())
        row = QRectF(0, 0, _TEXT_WIDTH - 6, self.height())
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{self._ends[0]:.1f}")
        row.moveLeft(self.width() - _TEXT_WIDTH + 6)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{self._ends[1]:.1f}")
        painter.end()
