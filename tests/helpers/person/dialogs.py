"""What a person does where a dialog asks: types a name, or presses a button."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from person.eyes import lines, plain
from person.hands import click

Answer = Callable[[QWidget], None]
_EVERY_MS, _MOST = 25, 200
"""Between two looks, and so many of them leave a dialog alone that is to be answered by another step."""


class Answers(QObject):
    """Gives them one after another, each to the next dialog that opens. ``shown`` is called before each.

    A dialog that nobody expects, or that cannot be answered so, is closed, and `fault` says so: else the window would wait for ever.
    """

    def __init__(self, shown: Callable[[QWidget], None]) -> None:
        super().__init__()
        self._waiting: list[Answer] = []
        self._busy, self._unexpected = False, 0
        self._shown = shown
        self.fault = ""
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def expect(self, *answers: Answer) -> None:
        self._waiting += answers

    def stop(self) -> None:
        self._timer.stop()

    @property
    def left(self) -> int:
        return len(self._waiting)

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if self._busy or not isinstance(dialog, QDialog) or not dialog.isVisible():
            self._unexpected = 0
            return
        if not self._waiting:
            self._unexpected += 1
            if self._unexpected > _MOST:
                self.fault = f"nobody expected a dialog {dialog.windowTitle()!r}: {list(lines(dialog))}"
                dialog.reject()
            return
        self._busy = True
        try:
            self._shown(dialog)
            self._waiting.pop(0)(dialog)
        except AssertionError as error:
            self.fault = str(error)
            dialog.reject()
        finally:
            self._busy = False


def typing(text: str) -> Answer:
    """Types into the field for a name, and presses Return."""

    def answer(dialog: QWidget) -> None:
        name = "fileNameEdit" if isinstance(dialog, QFileDialog) else ""
        field = dialog.findChild(QLineEdit, name)
        dialog.activateWindow()
        field.setFocus()
        QTest.qWaitForWindowActive(dialog)
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        if isinstance(dialog, QFileDialog) and dialog.isVisible():  # the first Return took what the list of names proposes
            QTest.keyClick(field, Qt.Key.Key_Return)

    return answer


def pressing(text: str) -> Answer:
    """Presses the button of that name."""

    def answer(dialog: QWidget) -> None:
        buttons = [one for one in dialog.findChildren(QAbstractButton) if plain(one.text()) == text]
        assert buttons, f"no button {text!r} among {[plain(one.text()) for one in dialog.findChildren(QAbstractButton)]}"
        click(buttons[0], buttons[0].rect().center())

    return answer
