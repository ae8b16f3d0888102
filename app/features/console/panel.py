"""The console: what was typed and printed, and where one types."""

from collections.abc import Callable

from PySide6.QtCore import QSettings, QSize, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from difffit_app.features.console.edit import MOST, SourceEdit
from difffit_app.theme import Theme

_BLOCKS = 5000
_LONGEST = 2000
"""Characters of a line; longer ones go on in the next, for one line without end would hold up the window."""
_KEY = "console/sources"
_WELCOME = (
    "df is the API, maps[1] and models[2] what is open as #1 and #2, placements[1] of the fit that is shown. show(r) puts a fit, "
    'composite, bent model, map or model into the window; run("hide #1") does a command; help(df.fit) explains.'
)


class ConsolePanel(QWidget):
    """``entered`` carries Python to run, ``stop_asked`` is to interrupt it."""

    entered = Signal(str)
    stop_asked = Signal()

    def __init__(self, is_complete: Callable[[str], bool], complete: Callable[[str], list[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log, self.hint, self.stop = QPlainTextEdit(), QLabel(), QPushButton("Stop")
        self.edit = SourceEdit(is_complete, complete)
        self._colours = {"in": "#000000", "out": "#000000", "error": "#b3261e"}
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(_BLOCKS)
        self.log.setAccessibleName("What was typed, and what Python printed")
        self.log.setObjectName("mono")
        self.log.setTabChangesFocus(True)
        self.log.setPlaceholderText(_WELCOME)
        self.hint.setObjectName("dim")
        self.hint.setContentsMargins(6, 0, 6, 0)
        self.hint.setMinimumWidth(1)
        self.hint.hide()
        self.stop.setToolTip("Interrupt what runs, at its next step in Python (Esc)")
        self.stop.setEnabled(False)
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 4)
        column.setSpacing(2)
        column.addWidget(self.log, 1)
        column.addWidget(self.hint)
        column.addLayout(row)
        self.setFocusProxy(self.edit)
        self.edit.entered.connect(self._enter)
        self.edit.proposed.connect(self._propose)
        self.stop.clicked.connect(self.stop_asked)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 2 * self.edit.minimumSizeHint().height() + 16)

    def shut(self) -> None:
        """Nothing is heard that must not be heard any more."""

    def set_theme(self, theme: Theme) -> None:
        self._colours = {"in": theme.accent, "out": theme.text, "error": "#ff7b72" if theme.name == "dark" else "#b3261e"}

    def write(self, text: str, kind: str) -> None:
        """Add a text: what was typed, printed, or went wrong."""
        cursor = self.log.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        bar = self.log.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 1
        looks = QTextCharFormat()
        looks.setForeground(QColor(self._colours[kind]))
        cursor.insertText(_folded(text, cursor.positionInBlock()), looks)
        if at_end:
            bar.setValue(bar.maximum())

    def show_running(self, running: bool) -> None:
        self.stop.setEnabled(running)

    def remember(self, settings: QSettings) -> None:
        settings.setValue(_KEY, self.edit.sources[-MOST:])

    def recall(self, settings: QSettings) -> None:
        kept = settings.value(_KEY, [])
        self.edit.sources = [kept] if isinstance(kept, str) else [str(one) for one in kept][-MOST:] if isinstance(kept, list) else []
        self.edit.forget_place()

    def _enter(self, source: str) -> None:
        text = self.log.toPlainText()
        first, *more = source.splitlines()
        lines = [f">>> {first}", *(f"... {line}" for line in more)]
        self.write(("" if not text or text.endswith("\n") else "\n") + "\n".join(lines) + "\n", "in")
        self.entered.emit(source)

    def _propose(self, words: list[str]) -> None:
        self.hint.setText("  ".join(words[:14]) + ("  …" if len(words) > 14 else ""))
        self.hint.setVisible(bool(words))


def _folded(text: str, begun: int) -> str:
    """The text with lines of at most `_LONGEST` characters, of the first of which there are so many already."""
    lines = text.split("\n")
    if begun + len(lines[0]) <= _LONGEST and all(len(line) <= _LONGEST for line in lines):
        return text
    first = max(_LONGEST - begun, 0)
    folded = [*_pieces(lines[0], first), *(piece for line in lines[1:] for piece in _pieces(line, _LONGEST))]
    return "\n".join(folded)


def _pieces(line: str, first: int) -> list[str]:
    """A line in pieces, the first of which has room for that many characters."""
    return [line[:first], *(line[at : at + _LONGEST] for at in range(first, len(line), _LONGEST))]
