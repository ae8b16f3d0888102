"""What every feature is handed."""

from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QSettings

from difffit_app.commands.registry import Commands
from difffit_app.exports import Exports
from difffit_app.messages import MessagesView
from difffit_app.preferences import PreferenceStore
from difffit_app.prompts import PromptsView
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.undo import History
from difffit_app.workers.jobs import Jobs
from difffit_core.recipes.base import Recipe

_Recipe = TypeVar("_Recipe", bound=Recipe)


@dataclass(frozen=True, eq=False)
class Desk:
    """What is open, how it is looked at, what runs, what can be undone, and how to speak to the user.

    ``preferences`` are what is set once and for all, ``settings`` what else is remembered between starts;
    ``commands`` are what can be typed, and echo what is done.
    """

    session: Session
    view_state: ViewState
    jobs: Jobs
    history: History
    messages: MessagesView
    prompts: PromptsView
    preferences: PreferenceStore
    settings: QSettings
    commands: Commands

    @property
    def exports(self) -> Exports:
        """How files are written that a user asks for."""
        return Exports(self.session, self.jobs, self.messages)

    def preferred(self, recipe: _Recipe) -> _Recipe:
        """What is to be computed, on the device and the threads that the preferences name, where it names none itself."""
        now = self.preferences.current
        changes: dict[str, object] = {}
        if getattr(recipe, "device", "") == "auto":
            changes["device"] = now.device
        if getattr(recipe, "threads", 0) is None:
            changes["threads"] = now.threads
        return recipe.changed(**changes)
