"""The foot of a panel that starts a computation: how far it is, what came of it, and the buttons."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.telling import SessionEvents
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.progress_line import ProgressLine
from difffit_app.widgets.status_line import StatusLine
from difffit_core.fit.request import FitProgress


class RunFoot(QWidget):
    """A status line and a bar above a button that starts and one that stops; ``running`` is what it was told last."""

    def __init__(self, start: str, progress: str, parent: QWidget | None = None) -> None:
        """``start`` is the word on the button, ``progress`` the name of the bar for those who cannot see it."""
        super().__init__(parent)
        self.running = False
        self.status, self.bar = StatusLine(), ProgressLine(progress)
        self.start, self.cancel = QPushButton(start), QPushButton("Cancel")
        self.start.setObjectName("primary")
        buttons, self._offered = QHBoxLayout(), QHBoxLayout()
        buttons.addWidget(self.start, 2)
        buttons.addWidget(self.cancel, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 10)
        column.addWidget(self.status)
        column.addWidget(self.bar)
        column.addLayout(buttons)
        column.addLayout(self._offered)
        self.enable(False)

    def forget_with(self, events: SessionEvents, subscriptions: Subscriptions) -> None:
        """Have what was told go when something is removed that it may speak of."""
        for removed in (events.map_removed, events.model_removed, events.fit_removed, events.composite_removed, events.refinement_removed):
            subscriptions.add(removed, lambda _: self._forget())

    def _forget(self) -> None:
        if not self.running:
            self.status.setText("")

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions of the menu on buttons below."""
        for action, text in actions:
            self._offered.addWidget(ActionButton().offer(action, text))
        self._offered.addStretch(1)

    def show_running(self, running: bool) -> None:
        self.running = running
        self.bar.setRange(0, 1000)
        self.bar.setValue(0)
        self.status.setText("Starting …" if running else "")

    def show_progress(self, fraction: float, *parts: str) -> None:
        """How far it is, from 0 to 1, and what there is to say of that."""
        self.bar.setValue(round(1000 * fraction))
        self.status.setText("  ·  ".join(parts))

    def follow(self, progress: FitProgress, *more: str) -> None:
        """How far a computation is, how long it will take, and what else there is to say."""
        left = progress.remaining_s
        self.show_progress(progress.fraction, progress.stage, *([] if left is None else [f"{_time(left)} left"]), *more)

    def enable(self, can_start: bool) -> None:
        """Offer to start, where that can be done and nothing runs, or to stop."""
        self.start.setEnabled(can_start and not self.running)
        self.cancel.setEnabled(self.running)
        self.bar.setVisible(self.running)


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
