"""A view under a bar that names it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

_HEIGHT = 34


class Pane(QWidget):
    """``title`` stands at the left of the bar, tools at its right."""

    def __init__(self, title: str, tools: Sequence[QWidget], scene: QWidget) -> None:
        super().__init__()
        self.title = QElidingLabel(title)
        self.title.setObjectName("viewTitle")
        self.title.setMinimumWidth(60)
        bar = QWidget()
        bar.setObjectName("viewBar")
        bar.setFixedHeight(_HEIGHT)
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 3, 8, 3)
        row.addWidget(self.title, 1)
        for tool in tools:
            row.addWidget(tool)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(scene, 1)


def switch(text: str, tip: str) -> QToolButton:
    """A button that stays down."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
