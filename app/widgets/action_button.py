"""A button for an action of the menu."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton


class ActionButton(QToolButton):
    """Does what its action does, and is enabled with it, under a shorter name."""

    def offer(self, action: QAction, text: str) -> "ActionButton":
        """Take an action, and say ``text``, whatever becomes of the action's own."""
        self.setDefaultAction(action)
        self.setText(text)
        self.setObjectName("toggle")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        action.changed.connect(lambda: self.setText(text))
        return self
