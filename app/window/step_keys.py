"""Undo and redo in a field: of what is being typed there, and else of the last step."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget
from shiboken6 import isValid

_STANDARD = QKeySequence.StandardKey


class StepKeys(QObject):
    """Has the keys of undo and redo go to the menus where the field with the keyboard has no typing to take back.

    Fields of one line would keep them, so that a level that was typed and entered could not be undone from where it was typed.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._field: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication), "a window stands in one"
        application.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            line = line_of(watched)
            is_undo, is_redo = event.matches(_STANDARD.Undo), event.matches(_STANDARD.Redo)
            if line is not None and ((is_undo and not has_typing(line)) or (is_redo and not line.isRedoAvailable())):
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        """Watch only the field that has the keyboard."""
        if self._field is not None and isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = now if now is not None and line_of(now) is not None and self._window.isAncestorOf(now) else None
        if self._field is not None:
            self._field.installEventFilter(self)


def line_of(widget: QObject) -> QLineEdit | None:
    """Where one types in a field of one line; None of all else."""
    if isinstance(widget, (QAbstractSpinBox, QComboBox)):
        return widget.lineEdit()
    return widget if isinstance(widget, QLineEdit) else None


def has_typing(line: QLineEdit) -> bool:
    """Whether something was typed that is not entered yet."""
    return line.isUndoAvailable() and line.isModified()
