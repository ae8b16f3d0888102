"""A panel that shows what came of something in sentences beside Fourier shell correlations, with buttons above."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSplitter, QToolButton, QVBoxLayout, QWidget

from difffit_app.theme import Theme
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.fsc_plot import FscPlot


class ToldPanel(QWidget):
    """``told`` holds the sentences, ``plot`` the curves; what stands ``left`` of the buttons and ``before`` the sentences is its own."""

    def __init__(
        self,
        nothing: str,
        curves: str,
        widths: Sequence[int],
        left: QWidget | None = None,
        before: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``nothing`` is said while there is nothing; ``curves`` says what the plot is of; ``widths`` those of the parts, left to right."""
        super().__init__(parent)
        self._nothing = nothing
        self.told, self.plot = QLabel(nothing), FscPlot(curves)
        self.buttons: list[QToolButton] = []
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.told.setContentsMargins(8, 4, 8, 4)
        words = QScrollArea()
        words.setWidgetResizable(True)
        words.setAccessibleName("What was found, to be scrolled")  # Tab stops at it
        words.setWidget(self.told)
        split = QSplitter(Qt.Orientation.Horizontal)
        for part in (before, words, self.plot):
            if part is not None:
                split.addWidget(part)
        split.setSizes(list(widths))
        split.setChildrenCollapsible(False)
        self._top = QHBoxLayout()
        self._top.setContentsMargins(10, 4, 10, 2)
        if left is not None:
            self._top.addWidget(left)
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

    def tell(self, lines: Sequence[str]) -> None:
        """Say these sentences; that there is nothing yet for none."""
        self.told.setText("\n".join(lines) or self._nothing)
