"""Help > Show Log."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget


class LogWindow(QDialog):
    """The end of the log, beside the main window."""

    copy_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Log")
        self._folder = Path()
        self.place, self.text = QLabel(), QPlainTextEdit()
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName("End of the log")
        self.text.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton("&Copy Report", QDialogButtonBox.ButtonRole.ActionRole).clicked.connect(self.copy_asked)
        buttons.addButton("&Open Folder", QDialogButtonBox.ButtonRole.ActionRole).clicked.connect(self._open_folder)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.place)
        column.addWidget(self.text, 1)
        column.addWidget(buttons)

    def show_log(self, path: Path, lines: list[str]) -> None:
        self._folder = path.parent
        self.place.setText(str(path))
        self.text.setPlainText("\n".join(lines) or "Nothing has been logged.")
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.show()
        self.raise_()

    def sizeHint(self) -> QSize:
        return QSize(860, 480)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
