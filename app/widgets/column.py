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
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    return area
