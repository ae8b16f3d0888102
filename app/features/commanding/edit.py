"""The line in which commands are typed: with those before it, and a way to complete a word."""

from collections.abc import Callable
from itertools import takewhile

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from difffit_app.commands.words import join_words

MOST = 200
"""Lines that are remembered."""


class CommandEdit(QLineEdit):
    """``entered`` carries a line, ``proposed`` how its last word can go on; ``complete`` tells that.

    Up and down go through what was entered before, of that what begins as the line does; Tab completes a word, and goes on to what
    comes next in the panel where there is nothing to complete.
    """

    entered = Signal(str)
    proposed = Signal(list)

    def __init__(self, complete: Callable[[str], tuple[str, list[str]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._complete = complete
        self.lines: list[str] = []
        self._place = 0
        self._begun = ""
        self.setAccessibleName("Command")
        self.setPlaceholderText("fit #2 in #1 resolution 4   (Tab completes, help lists the commands)")
        self.setClearButtonEnabled(True)
        self.returnPressed.connect(self._enter)
        self.textEdited.connect(self._on_edit)

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Tab
            and self._complete_word()
        ):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up:
            self._step(-1)
        elif event.key() == Qt.Key.Key_Down:
            self._step(1)
        else:
            super().keyPressEvent(event)

    def forget_place(self) -> None:
        """Begin with the last of the lines."""
        self._place = len(self.lines)

    def _enter(self) -> None:
        line = self.text().strip()
        if line:
            self.lines = [*[one for one in self.lines[-MOST + 1 :] if one != line], line]
            self.clear()
            self._on_edit("")
            self.entered.emit(line)

    def _on_edit(self, text: str) -> None:
        self._place, self._begun = len(self.lines), text
        self.proposed.emit(self._complete(text[: self.cursorPosition()])[1] if text.strip() else [])

    def _step(self, by: int) -> None:
        if self._place >= len(self.lines):
            self._begun = self.text()
        place = self._place + by
        while 0 <= place < len(self.lines) and not self.lines[place].startswith(self._begun):
            place += by
        if place >= len(self.lines):
            self._place = len(self.lines)
            self.setText(self._begun)
        elif place >= 0:
            self._place = place
            self.setText(self.lines[place])

    def _complete_word(self) -> bool:
        """Whether there was anything to complete."""
        before, after = self.text()[: self.cursorPosition()], self.text()[self.cursorPosition() :]
        if not before.strip():
            return False
        last, found = self._complete(before)
        if not found:
            return False
        word = found[0] if len(found) == 1 else _begins_all(found)
        if len(word) > len(last):
            written = join_words([word])
            whole = len(found) == 1 and not word.endswith("/")
            head = before[: len(before) - len(last)].removesuffix('"')
            text = f"{head}{written if whole else word}{' ' if whole else ''}"
            self.setText(text + after)
            self.setCursorPosition(len(text))
        self._on_edit(self.text())
        return True


def _begins_all(words: list[str]) -> str:
    """With which all of them begin."""
    return "".join(letters[0] for letters in takewhile(lambda one: len(set(one)) == 1, zip(*words, strict=False)))
