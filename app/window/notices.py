"""Sentences that lie over the window for a while and interrupt nothing."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from difffit_app.messages import Severity
from difffit_app.widgets.icons import Icons
from difffit_core.escaping.terminal import printable, sentence

_WIDTH = 460
_STAY_MS = {"info": 5000, "warning": 20000}
_MOST = 4
_LONGEST = 1000
"""Letters of what is shown as it stands; of what is longer the middle is left out."""
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

    def show_notice(self, text: str, severity: Severity, details: str = "", about: Sequence[str] = ()) -> None:
        self._show(text, severity, about, details)

    def show_note(self, identifier: str, kind: str, name: str, note: str) -> None:
        """Of one of the ``kind`` ("maps"); one sentence for all of whom the same is said."""
        same = next((one for one in self.notices if (one.kind, one.note) == (kind, note)), None)
        names = {**({} if same is None else same.names), identifier: name}
        if same is not None:
            self._drop(same)
        self._tell_of(kind, names, note)

    def forget(self, identifier: str) -> None:
        """What spoke of something goes with it; of several, once none is left."""
        for notice in list(self.notices):
            if identifier in notice.names:
                names = {one: name for one, name in notice.names.items() if one != identifier}
                if names:
                    self._put(notice, names)
                else:
                    self._drop(notice)
            elif identifier in notice.about:
                self._drop(notice)

    def forget_everything(self) -> None:
        """All was closed: what was to be heeded goes with it. Questions stay, and what goes by itself soon."""
        for notice in list(self.notices):
            if not notice.stays and notice.severity != "info":
                self._drop(notice)

    def rename(self, identifier: str, name: str) -> None:
        """Notes have the names that are seen."""
        for notice in self.notices:
            if identifier in notice.names:
                self._put(notice, {**notice.names, identifier: name})

    def _tell_of(self, kind: str, names: Mapping[str, str], note: str) -> None:
        notice = self._show(_of_all(kind, names, note), "warning")
        notice.kind, notice.note = kind, note
        self._put(notice, names)

    def _put(self, notice: "Notice", names: Mapping[str, str]) -> None:
        notice.names = dict(names)
        notice.say(_of_all(notice.kind, names, notice.note))
        notice.setToolTip("\n".join(names.values()) if len(names) > 1 else "")
        self._place()

    def _show(self, text: str, severity: Severity, about: Sequence[str] = (), details: str = "") -> "Notice":
        text = sentence(text) if len(text) > _LONGEST else printable(text)
        same = next((notice for notice in self.notices if notice.text == text), None)
        if same is not None:
            self._drop(same)
        notice = Notice(text, severity, self._icons, about)
        if details:
            notice.add_button("Copy report", lambda: QGuiApplication.clipboard().setText(f"{text}\n\n{details}"))
        if severity in _STAY_MS:
            notice.timer.timeout.connect(lambda: self._drop(notice))
            notice.timer.start(_STAY_MS[severity])
        self._add(notice)
        return notice

    def show_offer(
        self,
        text: str,
        choices: Mapping[str, Callable[[], object]],
        about: Sequence[str] = (),
        dismissed: Callable[[], object] | None = None,
    ) -> Callable[[], None]:
        """A sentence with buttons, which stays until one is pressed, or it is dismissed or, by what is returned, taken back."""
        notice = Notice(text, "warning", self._icons, about, stays=True)
        if dismissed is not None:
            notice.closed.clicked.connect(dismissed)
        for label, act in choices.items():
            notice.add_button(label, partial(self._take, notice, act))
        self._add(notice)
        return lambda: self._drop(notice)

    def _take(self, notice: "Notice", act: Callable[[], object], *_: object) -> None:
        self._drop(notice)
        act()

    def _add(self, notice: "Notice") -> None:
        notice.closed.clicked.connect(lambda: self._drop(notice))
        self.notices.insert(0, notice)
        self._column.insertWidget(0, notice)
        notice.show()  # in a column that is seen already Qt would do so at a later event only, and lay the others out without it
        passing = [one for one in self.notices if not one.stays]
        for old in passing[_MOST:]:
            self._drop(old)
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
    """One sentence, perhaps with buttons; one that ``stays`` makes no room for others.

    ``about`` are ids of what it speaks of; a ``note`` is the same of all of a ``kind`` whose ``names`` it has by their ids.
    """

    def __init__(self, text: str, severity: Severity, icons: Icons, about: Sequence[str] = (), *, stays: bool = False) -> None:
        super().__init__()
        self.text, self.severity, self.stays, self.about = text, severity, stays, tuple(about)
        self.kind, self.note, self.names = "", "", dict[str, str]()
        self.setObjectName("notice")
        self.setProperty("severity", severity)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self._label = QLabel(text)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.closed = QToolButton()
        self.closed.setAutoRaise(True)
        self.closed.setIcon(icons.get("close"))
        self.closed.setAccessibleName("Dismiss")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 8, 8)
        self._row.addWidget(self._label, 1)
        self._row.addWidget(self.closed)

    def say(self, text: str) -> None:
        """Another sentence instead."""
        self.text = printable(text)
        self._label.setText(self.text)

    def add_button(self, text: str, act: Callable[[], object]) -> None:
        button = QPushButton(text)
        button.clicked.connect(act)
        self._row.insertWidget(self._row.count() - 1, button)


def _of_all(kind: str, names: Mapping[str, str], note: str) -> str:
    """``a.mrc: note``, ``a.mrc and b.mrc: note`` or ``note (3 maps: a.mrc and 2 more)``."""
    first, *others = names.values()
    if len(others) > 1:
        return f"{note.rstrip('.')} ({len(names)} {kind}: {first} and {len(others)} more)."
    return f"{' and '.join((first, *others))}: {note}"
