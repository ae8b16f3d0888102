"""What panels have in common in which a computation is set up, started and followed."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.run_foot import RunFoot


class RunPanel(QWidget):
    """A panel above a ``foot``; ``refused`` says why what is set up is no value."""

    cancel_asked = Signal()
    refused = Signal(str)

    def __init__(self, foot: RunFoot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.foot, self._subscriptions = foot, Subscriptions()
        foot.cancel.clicked.connect(self.cancel_asked)

    def shut(self) -> None:
        """Hear of the session no more."""
        self._subscriptions.end()

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions of the menu on buttons."""
        self.foot.offer(*actions)

    @property
    def running(self) -> bool:
        return self.foot.running

    def show_running(self, running: bool) -> None:
        self.foot.show_running(running)
        self._enable()

    def show_outcome(self, text: str) -> None:
        self.foot.status.setText(text)

    def _enable(self) -> None:
        """Offer to start where that can be done."""
        raise NotImplementedError
