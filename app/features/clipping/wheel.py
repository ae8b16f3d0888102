"""The wheel over a view with a key held: Shift moves the front plane, Shift and Ctrl the back one, Alt both."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QWidget

_SHIFT, _CTRL, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_NOTCH = 120


class ClippingWheel(QObject):
    """``turned`` carries by how many notches the front and the back plane go farther away from the viewer."""

    turned = Signal(float, float)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            keys = event.modifiers() & (_SHIFT | _CTRL | _ALT)
            delta = event.angleDelta()
            notches = (delta.y() or delta.x()) / _NOTCH  # with Alt, some systems give the wheel as one that goes sideways
            moves = {_SHIFT: (notches, 0.0), _SHIFT | _CTRL: (0.0, notches), _ALT: (notches, notches)}.get(keys)
            if moves is not None:
                if notches:
                    self.turned.emit(*moves)
                return True
        return super().eventFilter(watched, event)
