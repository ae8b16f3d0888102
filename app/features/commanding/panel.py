"""The command line, below what was done and told."""

from collections.abc import Callable

from PySide6.QtCore import QSettings, QSize, Signal
from PySide6.QtGui import QColor, QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from difffit_app.features.commanding.edit import MOST, CommandEdit
from difffit_app.theme import Theme

_LINES = 2000
_SHOWN = 14
"""Words that are proposed at a time."""
_KEY = "commands/lines"


class CommandPanel(QWidget):
    """``entered`` carries a line."""

    entered = Signal(str)

    def __init__(
        self, complete: Callable[[str], tuple[str, list[str]]], usage: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        """``usage`` gives what is said of a line that is being typed, where nothing is to be proposed."""
        super().__init__(parent)
        self._usage = usage
        self._colours = {"echo": "#000000", "typed": "#000000", "told": "#000000", "info": "#000000"}
        self._last, self._echo = "", QTextBlock()
        self.log, self.hint, self.edit = QPlainTextEdit(), QLabel(), CommandEdit(complete)
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(_LINES)
        self.log.setAccessibleName("Commands that were done, and what was told")
        self.log.setObjectName("mono")
        self.log.setTabChangesFocus(True)
        self.hint.setObjectName("dim")
        self.hint.setContentsMargins(6, 0, 6, 0)
        self.hint.setMinimumWidth(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 4)
        column.setSpacing(2)
        column.addWidget(self.log, 1)
        column.addWidget(self.hint)
        column.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.edit.entered.connect(self.entered)
        self.edit.proposed.connect(self._propose)
        self.hint.hide()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.edit.sizeHint().height() + 12)

    def sizeHint(self) -> QSize:
        return QSize(400, 6 * self.fontMetrics().height() + self.edit.sizeHint().height())

    def shut(self) -> None:
        """Nothing is heard that must not be heard any more."""

    def set_theme(self, theme: Theme) -> None:
        error = "#ff7b72" if theme.name == "dark" else "#b3261e"
        self._colours = {
            "echo": theme.text, "typed": theme.accent, "told": theme.text, "info": theme.dim, "warning": theme.doubtful, "error": error,
        }  # fmt: skip

    def add(self, text: str, kind: str, *, in_place: bool = False) -> None:
        """A line of the log: an echo, what was typed, or what was told, or one of the severities of notices; or in place of the last."""
        cursor = self.log.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if in_place and self._last == kind:
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.removeSelectedText()
        bar = self.log.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 1
        looks = QTextCharFormat()
        looks.setForeground(QColor(self._colours.get(kind, self._colours["told"])))
        if self.log.document().characterCount() > 1:
            cursor.insertBlock()
        cursor.insertText(f"> {text}" if kind == "typed" else text, looks)
        self._last = kind
        self._echo = cursor.block() if kind == "echo" else self._echo
        if at_end:
            bar.setValue(bar.maximum())

    def take_back(self) -> None:
        """Nothing came of what was echoed last."""
        if self._echo.isValid():
            cursor = QTextCursor(self._echo)
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            is_first = not cursor.selectionStart()
            cursor.removeSelectedText()
            if is_first:
                cursor.deleteChar()
            self._echo = QTextBlock()
            self._last = ""

    def say(self, text: str) -> None:
        """A line over the one that is typed; nothing for none."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def remember(self, settings: QSettings) -> None:
        settings.setValue(_KEY, self.edit.lines[-MOST:])

    def recall(self, settings: QSettings) -> None:
        kept = settings.value(_KEY, [])
        lines = [kept] if isinstance(kept, str) else [str(one) for one in kept] if isinstance(kept, list) else []
        self.edit.lines = lines[-MOST:]
        self.edit.forget_place()

    def _propose(self, words: list[str]) -> None:
        more = "  …" if len(words) > _SHOWN else ""
        text = self.edit.text()
        self.say(("  ".join(words[:_SHOWN]) + more) if words else self._usage(text) if text.strip() else "")
