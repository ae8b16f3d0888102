"""A box to tick, with a name for which there may not be room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton, QStylePainter, QWidget

from difffit_app.widgets.entries import as_shown

_LEAST = 48
"""Points of its words that are always shown."""


class ElidingCheckBox(QCheckBox):
    """Leaves out the middle of its name where it is too long, and says so by an ellipsis; an ampersand in it is no mark of a key."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_name(name)

    def show_name(self, name: str) -> None:
        """Bear another name."""
        self.setText(as_shown(name))

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(whole.width() - max(words - _LEAST, 0), whole.height())

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        room = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self).width()
        mode = Qt.TextElideMode.ElideMiddle
        option.text = self.fontMetrics().elidedText(self.text(), mode, room, Qt.TextFlag.TextShowMnemonic.value)  # type: ignore[attr-defined]
        painter.drawControl(QStyle.ControlElement.CE_CheckBox, option)
        painter.end()
