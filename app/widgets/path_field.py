"""A field for a path, with a button that asks for it."""

import os
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget


class PathField(QWidget):
    """``asked`` by the button; ``changed`` whenever another path stands there, ``edited`` if someone typed it."""

    asked = Signal()
    changed = Signal()
    edited = Signal()

    def __init__(self, name: str, tip: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text, self.button = QLineEdit(), QToolButton()
        self.text.setAccessibleName(name)
        self.text.setPlaceholderText(placeholder)
        self.text.setAcceptDrops(False)
        self.button.setText("…")
        self.button.setAccessibleName(f"Choose {name[0].lower()}{name[1:]}")
        for widget in (self.text, self.button):
            widget.setToolTip(tip)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.text)
        self.button.clicked.connect(self.asked)
        self.text.textChanged.connect(self.changed)
        self.text.textEdited.connect(self.edited)

    def path(self) -> Path | None:
        """What stands there; None for nothing."""
        text = self.text.text().strip()
        return Path(os.path.expanduser(text)) if text else None

    def set_path(self, path: Path | None) -> None:
        self.text.setText("" if path is None else str(path))
        self.text.setToolTip(self.text.text() or self.button.toolTip())
