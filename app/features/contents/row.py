"""One map or model in the list of what is open."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget
from superqt import QElidingLabel

from difffit_app.geometry.colours import COLOURINGS
from difffit_app.styles import MapStyle, ModelStyle
from difffit_app.widgets.icons import Icons
from difffit_app.widgets.quiet import quietly

COLOURING_NAMES = {
    "structure": "Structure",
    "chain": "Chain",
    "residue": "Residue",
    "b_factor": "B factor",
    "element": "Element",
    "plain": "One colour",
    "local_fit": "Local fit",
}


class NameEdit(QLineEdit):
    """Takes a name until Enter or until the keyboard goes elsewhere; Escape leaves it as it was."""

    done = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit(False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit(True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.done.emit(True)


class ContentsRow(QWidget):
    """Eye, look, number, name, colouring of a model, close."""

    renamed = Signal(str)

    def __init__(self, name: str, tip: str, icons: Icons, kind: str, number: str = "") -> None:
        """``number`` is what it is called in commands, as #1."""
        super().__init__()
        self._icons, self.kind = icons, kind
        self.eye, self.close_button, self.look = QToolButton(), QToolButton(), QToolButton()
        self.eye.setCheckable(True)
        self.eye.setToolTip("Show or hide (Space)")
        self.close_button.setToolTip("Close (Delete)")
        self.look.setToolTip(f"How the {kind} is drawn")
        for button in (self.eye, self.close_button, self.look):
            button.setAutoRaise(True)
        self.label, self.edit = QElidingLabel(), NameEdit()
        self.label.setElideMode(Qt.TextElideMode.ElideMiddle)  # working maps of one map differ at the end of their names
        self.label.setToolTip(tip)
        self.edit.hide()
        self.edit.done.connect(self._end_edit)
        for widget in (self.label, self.edit):
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.number = QLabel(number)
        self.number.setObjectName("dim")
        self.number.setToolTip(f"What the {kind} is called in commands")
        self.colouring = QComboBox()
        self.colouring.setToolTip("Colour by")
        self.colouring.addItems([COLOURING_NAMES[name] for name in COLOURINGS])
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(4)
        row.addWidget(self.eye)
        row.addWidget(self.look)
        row.addWidget(self.number)
        row.addWidget(self.label, 1)
        row.addWidget(self.edit, 1)
        row.addWidget(self.colouring)
        row.addWidget(self.close_button)
        self.colouring.setVisible(kind == "model")  # once it has its place: what has no parent is shown as a window of its own
        self.stops = (self.eye, self.look, self.edit, self.colouring, self.close_button)
        """In the order in which Tab reaches them."""
        self.show_name(name)

    def show_name(self, name: str) -> None:
        self._name = name
        self.label.setText(name)
        self.eye.setAccessibleName(f"Show {name}")
        self.close_button.setAccessibleName(f"Close {name}")
        self.look.setAccessibleName(f"How {name} is drawn")
        self.edit.setAccessibleName(f"Name of {name}")
        self.colouring.setAccessibleName(f"What colours {name}")

    def name_colouring(self, colouring: str, text: str, tip: str) -> None:
        """Call a colouring by another name for this model, and say why."""
        index = COLOURINGS.index(colouring)  # type: ignore[arg-type]
        self.colouring.setItemText(index, text)
        self.colouring.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)

    def start_edit(self) -> None:
        """Have the name typed over."""
        self.edit.setText(self._name)
        self.label.hide()
        self.edit.show()
        self.edit.selectAll()
        self.edit.setFocus()

    def show_style(self, style: MapStyle | ModelStyle) -> None:
        with quietly(self.eye, self.colouring):
            self.eye.setChecked(style.visible)
            if isinstance(style, ModelStyle):
                self.colouring.setCurrentIndex(COLOURINGS.index(style.colour_by))
        self.eye.setIcon(self._icons.get("eye" if style.visible else "eye-off"))
        self.close_button.setIcon(self._icons.get("close"))
        if isinstance(style, MapStyle):
            self.look.setIcon(_swatch(style.colour))
        else:
            self.look.setIcon(_swatch(style.colour) if style.colour_by == "plain" else self._icons.get("model"))

    def _end_edit(self, accepted: bool) -> None:
        if self.edit.isHidden():
            return
        self.edit.hide()
        self.label.show()
        if accepted:
            self.renamed.emit(self.edit.text())


def _swatch(colour: str) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(pixmap.rect(), 6, 6)
    painter.end()
    return QIcon(pixmap)
