"""What lies over the empty views: drop here, what was opened last, the example, fetching."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from difffit_app.features.files.recent import newest

_MOST = 6
_WIDTH = 480
_LETTERS = 52


class StartPage(QFrame):
    """Covers ``host`` for as long as it is shown; ``opened`` carries the file of the list that was chosen."""

    opened = Signal(object)

    def __init__(self, host: QWidget, actions: Sequence[tuple[QAction, str]]) -> None:
        super().__init__(host)
        self.setObjectName("startPage")
        self.setAccessibleName("Start page")
        self._host = host
        self.buttons: list[QPushButton] = []
        self.entries: list[QPushButton] = []
        title, drop = QLabel("Drop maps, models or a project here"), QLabel("or begin with one of these")
        title.setObjectName("startTitle")
        drop.setObjectName("dim")
        self._recent, self._heading = QVBoxLayout(), QLabel("Opened last")
        self._recent.setSpacing(2)
        self._heading.setObjectName("sectionTitle")
        row = QHBoxLayout()
        for action, text in actions:
            row.addWidget(self._button(action, text))
        card = QFrame()
        card.setObjectName("startCard")
        card.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(12)
        for label in (title, drop):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addLayout(row)
        column.addSpacing(6)
        column.addWidget(self._heading)
        column.addLayout(self._recent)
        whole = QHBoxLayout(self)
        whole.addStretch(1)
        whole.addWidget(card, 4, Qt.AlignmentFlag.AlignVCenter)
        whole.addStretch(1)
        host.installEventFilter(self)
        self._cover()

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List files that are there."""
        for entry in self.entries:
            entry.deleteLater()
        self.entries = [self._entry(path) for path in newest(paths, _MOST)]
        for entry in self.entries:
            self._recent.addWidget(entry)
        self._heading.setVisible(bool(self.entries))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._cover()
        return False

    def _cover(self) -> None:
        self.setGeometry(self._host.rect())
        self.raise_()

    def _button(self, action: QAction, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(action.toolTip())
        button.clicked.connect(action.trigger)
        self.buttons.append(button)
        return button

    def _entry(self, path: Path) -> QPushButton:
        entry = QPushButton(_named(path).replace("&", "&&"))
        entry.setObjectName("startRecent")
        entry.setToolTip(str(path))
        entry.setAccessibleName(f"Open {path.name}")
        entry.setCursor(Qt.CursorShape.PointingHandCursor)
        entry.clicked.connect(self._opens(path))
        return entry

    def _opens(self, path: Path) -> Callable[[], None]:
        return lambda: self.opened.emit(path)


def _named(path: Path) -> str:
    """The name, and as much of the folder as there is room for."""
    folder, room = str(path.parent), _LETTERS - len(path.name)
    return f"{path.name}   {folder if len(folder) <= room else '…' + folder[-room:]}" if room > 8 else path.name
