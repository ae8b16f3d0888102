"""A column of fields that scrolls where there is no room for it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QVBoxLayout, QWidget


class _Narrow(QWidget):
    """Takes the width there is, so that a scroll area never cuts it."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


def scrolling_column(*parts: QLayout | QWidget) -> QScrollArea:
    """Parts one under another, in an area that scrolls up and down only."""
    content = _Narrow()
    body = QVBoxLayout(content)
    body.setContentsMargins(10, 6, 10, 6)
    for part in parts:
        if isinstance(part, QWidget):
            body.addWidget(part)
        else:
            body.addLayout(part)
    body.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setAccessibleName("What is set here, to be scrolled")  # Tab stops at it
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    return area


def lay_out(panel: QWidget, area: QScrollArea, foot: QLayout | QWidget) -> None:
    """A panel of an area that scrolls, and a foot that stays in view."""
    whole = QVBoxLayout(panel)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addWidget(area, 1)
    if isinstance(foot, QWidget):
        whole.addWidget(foot)
    else:
        whole.addLayout(foot)
