"""What every use case is wired to."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSettings

from difffit_app.preferences import PreferenceStore
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.undo import History
from difffit_app.views.dialogs import Dialogs
from difffit_app.views.main_window import MainWindow
from difffit_app.workers.jobs import Jobs

Handlers = dict[str, Callable[[], object]]
"""What the actions of `actions.ACTIONS` do, by their ids."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The state, the workers, the window, its dialogs, what can be undone, what is preferred, and what is remembered between starts."""

    settings: QSettings
    preferences: PreferenceStore
    session: Session
    view_state: ViewState
    jobs: Jobs
    window: MainWindow
    dialogs: Dialogs
    history: History
