"""What a fit noticed, a line each, with a button where something can be done about it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from difffit_core.project.schema import WarningRecord

REMEDIES = {
    "broken": ("Split There …", "Write the parts between these residues to a folder, and open them"),
    "hand": ("Save Mirrored Map …", "Write a copy of the map with the other hand, and open it"),
    "voxel_size": ("Save Corrected Map …", "Write a copy of the map with the other voxel size, and open it"),
    "resolution": ("Save Low-Passed Map …", "Write a copy of the map as the fit used it, and open it"),
}
"""By the kind of a warning, what its button says, and its tool tip."""


_MOST_HEIGHT = 104
"""Pixels: three warnings of two lines; more are scrolled to, so that the table keeps its room."""


class WarningsBox(QScrollArea):
    """As high as what it holds, up to a limit. ``remedy_asked`` carries the warning of which the button was pressed."""

    remedy_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[QWidget] = []
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(10, 0, 10, 2)
        self._column.setSpacing(2)
        self._shown: tuple[WarningRecord, ...] = ()
        self.setAccessibleName("What the fit warns of")
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(self._content)
        self.hide()

    def show_warnings(self, warnings: Sequence[WarningRecord]) -> None:
        """Show these instead of what was shown."""
        if tuple(warnings) == self._shown:
            return
        self._shown = tuple(warnings)
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(one) for one in warnings]
        for row in self._rows:
            self._column.addWidget(row)
            row.show()  # else the column is measured without it
        self.setVisible(bool(self._rows))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(one.message for one in self._shown)

    def button(self, kind: str) -> QPushButton | None:
        """The button beside the first warning of that kind, if it has one."""
        for row, one in zip(self._rows, self._shown, strict=True):
            if one.kind == kind:
                return row.findChild(QPushButton)
        return None

    def _fit(self) -> None:
        """Lines are wrapped where they end: of less height than they need they would be cut."""
        self.setFixedHeight(min(max(self._column.heightForWidth(self.viewport().width()), 0), _MOST_HEIGHT))

    def _row(self, warning: WarningRecord) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        label = QLabel(f"⚠ {warning.message}")
        label.setObjectName("warnings")
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line.addWidget(label, 1)
        if warning.kind == "broken" or (warning.kind in REMEDIES and warning.correction is not None):
            text, tip = REMEDIES[warning.kind]
            button = QPushButton(text)
            button.setToolTip(tip)
            button.clicked.connect(lambda: self.remedy_asked.emit(warning))
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row
