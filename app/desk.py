"""What every feature is handed."""

from dataclasses import dataclass

from PySide6.QtCore import QSettings

from difffit_app.exports import Exports
from difffit_app.messages import MessagesView
from difffit_app.preferences import PreferenceStore
from difffit_app.prompts import PromptsView
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.undo import History
from difffit_app.workers.jobs import Jobs
from difffit_core.fit.recipe import FitRecipe


@dataclass(frozen=True, eq=False)
class Desk:
    """What is open, how it is looked at, what runs, what can be undone, and how to speak to the user.

    ``preferences`` are what is set once and for all, ``settings`` what else is remembered between starts.
    """

    session: Session
    view_state: ViewState
    jobs: Jobs
    history: History
    messages: MessagesView
    prompts: PromptsView
    preferences: PreferenceStore
    settings: QSettings

    @property
    def exports(self) -> Exports:
        """How files are written that a user asks for."""
        return Exports(self.session, self.jobs, self.messages)

    def preferred(self, recipe: FitRecipe) -> FitRecipe:
        """What is to be fitted, on the device and the threads that the preferences name."""
        now = self.preferences.current
        return recipe.changed(device=now.device, threads=now.threads)
