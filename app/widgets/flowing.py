"""Bars that go on in another row where a panel is too narrow for one."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from superqt import QFlowLayout


def flowing_bar(*, spacing: int = 6) -> QFlowLayout:
    """An empty bar."""
    bar = QFlowLayout()
    bar.setHorizontalSpacing(spacing)
    bar.setVerticalSpacing(4)
    return bar


def labelled(words: str, field: QWidget) -> QWidget:
    """A field behind its name, which stay together."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    label = QLabel(words)
    label.setBuddy(field)
    row.addWidget(label)
    row.addWidget(field)
    return both
