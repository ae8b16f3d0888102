"""Puts the parts together: the state, the workers and the window, and has each use case wired to them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer

from difffit_app.paths import ORGANISATION, PROGRAM
from difffit_app.preferences import PreferenceStore
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.undo import History
from difffit_app.views.dialogs import Dialogs
from difffit_app.views.main_window import MainWindow
from difffit_app.views.theme import apply_theme, theme_of
from difffit_app.wiring import (
    composing,
    composites,
    edits,
    effects,
    files,
    fits,
    guide,
    judging,
    menus,
    moving,
    pictures,
    placements,
    pointer,
    preferences,
    problems,
    projects,
    recent,
    recovery,
    regions,
    remedies,
    replays,
    screens,
    styles,
    tour,
    windows,
)
from difffit_app.wiring.parts import Handlers, Parts
from difffit_app.workers.jobs import Jobs


class Application(QObject):
    """One window and all that belongs to it. ``settings`` keep preferences and the window's place from one start to the next."""

    def __init__(self, settings: QSettings | None = None) -> None:
        super().__init__()
        self.settings = settings or QSettings(ORGANISATION, PROGRAM)
        self.session, self.view_state, self.jobs = Session(), ViewState(), Jobs(self)
        self.preferences = PreferenceStore(self.settings)
        theme = theme_of(self.preferences.current.theme)
        apply_theme(theme)
        self.window = MainWindow(self.session, self.view_state, theme)
        self.dialogs = Dialogs(self.window)
        self.history = History(self.session, self.view_state, self)
        parts = Parts(self.settings, self.preferences, self.session, self.view_state, self.jobs, self.window, self.dialogs, self.history)
        self.handlers: Handlers = {"reset_layout": self.window.reset_layout}
        edits.wire(parts, self.handlers)
        self.files = files.wire(parts, self.handlers)
        self.projects = projects.wire(parts, self.handlers)
        self.recovery = recovery.wire(parts, self.files)
        self.fits = fits.wire(parts, self.handlers)
        self.moving = moving.wire(parts, self.handlers, self.fits)
        self.regions = regions.wire(parts, self.handlers)
        self.placements = placements.wire(parts, self.handlers)
        self.composites = composites.wire(parts, self.handlers)
        self.examining = composing.wire(parts, self.handlers, self.composites)
        self.replays = replays.wire(parts, self.handlers)
        self.styles = styles.wire(parts, self.handlers)
        menus.wire(parts, self.handlers, self.styles, self.files)
        recent.wire(parts, self.files)
        self.remedies = remedies.wire(parts, self.files)
        effects.wire(parts, self.handlers)
        self.cursor = pointer.wire(parts, self.styles)
        preferences.wire(parts, self.handlers)
        self.judging = judging.wire(parts, self.handlers)
        self.screens = screens.wire(parts, self.handlers, self.files)
        self.pictures = pictures.wire(parts, self.handlers)
        problems.wire(parts, self.handlers)
        guide.wire(parts, self.handlers)
        windows.wire(parts, self.handlers)
        self.offer_tour = tour.wire(parts, self.handlers)
        self.window.list_panels()
        self.window.recall(self.settings)
        self.window.triggered.connect(lambda identifier: self.handlers[identifier]())
        self.window.guard_closing(self._may_close)

    def show(self) -> None:
        self.window.show()

    def close(self) -> bool:
        """Close the window as its user would; False if it was not allowed to."""
        return self.window.close()

    def open_when_ready(self, paths: Sequence[Path]) -> None:
        """Open files once the window is up."""
        if paths:
            QTimer.singleShot(0, self.window, lambda: self.files.open_paths(paths))

    def _may_close(self) -> bool:
        """Ask once if a fit or a screen runs, or a fit is not saved; then end the workers."""
        unsaved = self.session.has_unsaved_work
        question = ""
        if self.jobs.screening:
            question = "A screen is running. Stop it and quit? What it has found is kept, and it can go on another time."
            question += " There is other work that is not saved." if unsaved else ""
        elif self.jobs.fitting:
            question = "A fit is running. Stop it and quit?"
        elif unsaved:
            question = "There is work that is not saved. Quit?"
        if question and not self.dialogs.confirm(question, "Quit without saving" if unsaved or self.jobs.fitting else "Quit"):
            return False
        self.window.remember(self.settings)
        self.jobs.shutdown()
        self.recovery.leave()
        return True
