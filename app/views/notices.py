"""Sentences that lie over the window for a while and interrupt nothing."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from difffit_app.views.base import Severity
from difffit_app.views.icons import Icons

_WIDTH = 460
_STAY_MS = {"info": 5000, "warning": 20000}
_MOST = 4
_TOP = 100
"""Pixels below the upper edge: under the tools and the views' titles."""


class Notices(QWidget):
    """A column of notices in the upper right corner of ``host``; the newest on top, old ones leave first."""

    def __init__(self, host: QWidget, icons: Icons) -> None:
        super().__init__(host)
        self._host, self._icons = host, icons
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.notices: list[Notice] = []
        host.installEventFilter(self)
        self.hide()

    def show_notice(self, text: str, severity: Severity, details: str = "") -> None:
        same = next((notice for notice in self.notices if notice.text == text), None)
        if same is not None:
            self._drop(same)
        notice = Notice(text, severity, details, self._icons)
        notice.closed.clicked.connect(lambda: self._drop(notice))
        self.notices.insert(0, notice)
        self._column.insertWidget(0, notice)
        if severity in _STAY_MS:
            notice.timer.timeout.connect(lambda: self._drop(notice))
            notice.timer.start(_STAY_MS[severity])
        while len(self.notices) > _MOST:
            self._drop(self.notices[-1])
        self._place()

    def texts(self) -> list[str]:
        return [notice.text for notice in self.notices]

    def clear(self) -> None:
        for notice in list(self.notices):
            self._drop(notice)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _drop(self, notice: "Notice") -> None:
        if notice in self.notices:
            self.notices.remove(notice)
            notice.timer.stop()
            self._column.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
            self._place()

    def _place(self) -> None:
        self.setVisible(bool(self.notices))
        width = min(_WIDTH, self._host.width() - 40)
        self.setFixedWidth(width)
        height = sum(notice.heightForWidth(width) for notice in self.notices) + 6 * (len(self.notices) - 1)
        self.resize(width, max(height, self._column.totalHeightForWidth(width)))
        self.move(self._host.width() - width - 16, _TOP)
        self.raise_()


class Notice(QWidget):
    """One sentence; ``details`` go to the clipboard."""

    def __init__(self, text: str, severity: Severity, details: str, icons: Icons) -> None:
        super().__init__()
        self.text, self.severity = text, severity
        self.setObjectName("notice")
        self.setProperty("severity", severity)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        label = QLabel(text)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.closed = QToolButton()
        self.closed.setAutoRaise(True)
        self.closed.setIcon(icons.get("close"))
        self.closed.setAccessibleName("Dismiss")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.addWidget(label, 1)
        if details:
            copy = QPushButton("Copy report")
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(f"{text}\n\n{details}"))
            row.addWidget(copy)
        row.addWidget(self.closed)
