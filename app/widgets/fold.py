"""A heading under which fields are folded away."""

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """Folded at first. What is folded away is hidden, so that Tab does not go through fields that are not seen."""

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self.heading = QToolButton()
        self.heading.setText(title)
        self.heading.setCheckable(True)
        self.heading.setAutoRaise(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.heading, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        self.heading.toggled.connect(self._show)
        self._show(False)

    def _show(self, unfolded: bool) -> None:
        self._content.setVisible(unfolded)
        self.heading.setArrowType(Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow)
        if unfolded:
            QTimer.singleShot(0, self, self._bring)

    def _bring(self) -> None:
        """Scroll to where it begins, once there is room for it: else one would see nothing unfold."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        inner = None if area is None else area.widget()
        if area is not None and inner is not None:
            area.verticalScrollBar().setValue(self.mapTo(inner, QPoint(0, 0)).y())
