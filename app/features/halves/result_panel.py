"""What two half maps say: sentences beside their Fourier shell correlation."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSplitter, QToolButton, QVBoxLayout, QWidget

from difffit_app.theme import Theme
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.fsc_plot import FscPlot

if TYPE_CHECKING:
    from difffit_core.halves.run import HalvesResult

_NOTHING = "No half maps were read yet. Map > Half Maps reads two."


class HalvesResultPanel(QWidget):
    """Shows what it is told of by `show_result`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.told, self.plot = QLabel(_NOTHING), FscPlot("Fourier shell correlation of the half maps")
        self.buttons: list[QToolButton] = []
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.told.setContentsMargins(8, 4, 8, 4)
        words = QScrollArea()
        words.setWidgetResizable(True)
        words.setWidget(self.told)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(words)
        split.addWidget(self.plot)
        split.setSizes([420, 520])
        split.setChildrenCollapsible(False)
        self._top = QHBoxLayout()
        self._top.setContentsMargins(10, 4, 10, 2)
        self._top.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(split, 1)

    def shut(self) -> None:
        """It holds nothing."""

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions of the menu on buttons."""
        for action, text in actions:
            self.buttons.append(ActionButton().offer(action, text))
            self._top.addWidget(self.buttons[-1])

    def show_result(self, result: "HalvesResult | None") -> None:
        """Show what was read; None for nothing."""
        if result is None:
            self.told.setText(_NOTHING)
            self.plot.show_curves(())
            return
        curves = result.curves
        notes = [*result.halves.notes, *result.warnings]
        self.told.setText("\n".join([result.name, *(f"{line[:1].upper()}{line[1:]}." for line in result.lines()), *notes]))
        named = (("corrected", curves.corrected), ("masked", curves.masked), ("unmasked", curves.unmasked), ("random", curves.randomised))
        self.plot.show_curves([(name, one.frequency, one.correlation) for name, one in named])
