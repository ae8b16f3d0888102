"""Where Python is typed: lines that are run once they are whole."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

_MOST_LINES = 8
MOST = 200
_INDENT = "    "


class SourceEdit(QPlainTextEdit):
    """``entered`` carries what is to be run.

    Enter runs what is whole, and else begins another line, indented as the one before; Shift+Enter always does. Up and Down, at the first
    and last line, go through what was run before. Tab completes a name; where there is none it leaves.
    """

    entered = Signal(str)
    proposed = Signal(list)

    def __init__(self, is_complete: Callable[[str], bool], complete: Callable[[str], list[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_complete, self._complete = is_complete, complete
        self.sources: list[str] = []
        self._place = 0
        self.setTabChangesFocus(True)  # where it completes nothing
        self.setAccessibleName("Python to run")
        self.setObjectName("mono")
        self.setPlaceholderText("r = df.fit(maps[1], models[2], resolution=4); show(r)")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.textChanged.connect(self.updateGeometry)
        self.setMaximumHeight(self.sizeHint().height())
        self.textChanged.connect(lambda: self.setMaximumHeight(self.sizeHint().height()))

    def sizeHint(self) -> QSize:
        lines = min(max(self.document().blockCount(), 1), _MOST_LINES)
        return QSize(200, lines * self.fontMetrics().lineSpacing() + 14)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.fontMetrics().lineSpacing() + 14)

    def event(self, event: QEvent) -> bool:
        is_tab = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab
        if is_tab and self._tab():
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        cursor = self.textCursor()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at_end = cursor.atEnd()
            if not shift and at_end and self._is_complete(self.toPlainText()):
                self._enter()
            else:
                self._new_line(cursor)
        elif key == Qt.Key.Key_Up and cursor.blockNumber() == 0:
            self._step(-1)
        elif key == Qt.Key.Key_Down and cursor.blockNumber() == self.document().blockCount() - 1:
            self._step(1)
        else:
            super().keyPressEvent(event)

    def forget_place(self) -> None:
        """Begin with the last of what was run."""
        self._place = len(self.sources)

    def _enter(self) -> None:
        source = self.toPlainText().rstrip()
        if source:
            self.sources = [*[one for one in self.sources[-MOST + 1 :] if one != source], source]
            self.forget_place()
            self.clear()
            self.proposed.emit([])
            self.entered.emit(source)

    def _new_line(self, cursor: QTextCursor) -> None:
        line = cursor.block().text()
        indent = line[: len(line) - len(line.lstrip())]
        cursor.insertText("\n" + indent + (_INDENT if line.rstrip().endswith(":") else ""))

    def _step(self, by: int) -> None:
        place = self._place + by
        if 0 <= place <= len(self.sources):
            self._place = place
            self.setPlainText(self.sources[place] if place < len(self.sources) else "")
            self.moveCursor(QTextCursor.MoveOperation.End)

    def _tab(self) -> bool:
        """Whether there was something to complete or to indent."""
        cursor = self.textCursor()
        before = cursor.block().text()[: cursor.positionInBlock()]
        if not before.strip():
            if self.document().blockCount() > 1:
                cursor.insertText(_INDENT)
                return True
            return False
        last = before[len(before) - _length_of_name(before) :]
        found = self._complete(last)
        if not found:
            self.proposed.emit([])
            return False
        begun = found[0]
        for one in found[1:]:
            while not one.startswith(begun):
                begun = begun[:-1]
        cursor.insertText(begun[len(last) :])
        self.proposed.emit(found if len(found) > 1 else [])
        return True


def _length_of_name(text: str) -> int:
    """Of the dotted name, with numbers in brackets, that a text ends with."""
    count = 0
    for letter in reversed(text):
        if not (letter.isalnum() or letter in "._[]"):
            break
        count += 1
    return count
