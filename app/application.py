"""Puts the parts together: the state, the workers and the window, and has each feature wired to them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer

from difffit_app.commands.registry import Commands
from difffit_app.desk import Desk
from difffit_app.features.aligning import wire as aligning
from difffit_app.features.assemble import wire as assemble
from difffit_app.features.clipping import wire as clipping
from difffit_app.features.commanding import wire as commanding
from difffit_app.features.compose import wire as compose
from difffit_app.features.console import wire as console
from difffit_app.features.contents import wire as contents
from difffit_app.features.editing import wire as editing
from difffit_app.features.fetch import wire as fetch
from difffit_app.features.files import wire as files
from difffit_app.features.fit import wire as fit
from difffit_app.features.guide import tour_wire as tour
from difffit_app.features.guide import wire as guide
from difffit_app.features.halves import wire as halves
from difffit_app.features.handover import wire as handover
from difffit_app.features.history import wire as history
from difffit_app.features.looking import wire as looking
from difffit_app.features.measuring import wire as measuring
from difffit_app.features.moving import wire as moving
from difffit_app.features.pictures import effects, saved_views
from difffit_app.features.pictures import wire as pictures
from difffit_app.features.placements import wire as placements
from difffit_app.features.pointer import wire as pointer
from difffit_app.features.preferences import wire as preferences
from difffit_app.features.problems import wire as problems
from difffit_app.features.projects import another_window
from difffit_app.features.projects import wire as projects
from difffit_app.features.recovery import wire as recovery
from difffit_app.features.refine import wire as refine
from difffit_app.features.replay import wire as replay
from difffit_app.features.residues import wire as residues
from difffit_app.features.rounds import wire as rounds
from difffit_app.features.screen import wire as screen
from difffit_app.features.selecting import wire as selecting
from difffit_app.features.sphere import wire as sphere
from difffit_app.features.splitting import wire as splitting
from difffit_app.features.symmetry import wire as symmetry
from difffit_app.features.warming import wire as warming
from difffit_app.messages import tell
from difffit_app.paths import ORGANISATION, PROGRAM
from difffit_app.preferences import PreferenceStore
from difffit_app.prompts import Heard, Unsaved
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.theme import apply_theme, theme_of
from difffit_app.undo import History
from difffit_app.window.dialogs import Dialogs
from difffit_app.window.focus_ring import FocusRing
from difffit_app.window.main_window import MainWindow
from difffit_app.window.step_keys import StepKeys
from difffit_app.workers.jobs import Jobs
from difffit_app.workers.lane import Job

_HEIGHTS = {contents.OPEN: 158, contents.MAP: 244, fit.TITLE: 278}
"""Of the panels at the left, in pixels, where the window is new."""


class Application(QObject):
    """One window and all that belongs to it. ``settings`` keep preferences and the window's place from one start to the next."""

    def __init__(self, settings: QSettings | None = None) -> None:
        super().__init__()
        self.settings = settings or QSettings(ORGANISATION, PROGRAM)
        self.session, self.jobs = Session(), Jobs(self)
        try:
            self._set_up()
        except BaseException:  # Qt would abort the program for threads that are at work, and nobody would read why
            self.jobs.shutdown()
            raise

    def _set_up(self) -> None:
        self.view_state = ViewState(self.session)
        self.preferences = PreferenceStore(self.settings)
        theme = theme_of(self.preferences.current.theme)
        apply_theme(theme)
        self.window = MainWindow(self.session, self.view_state, theme)
        StepKeys(self.window)
        FocusRing(self.window)
        self.dialogs = Dialogs(self.window)
        self.window.remembered.append(self.dialogs)
        self.history = History(self.session, self.view_state, self)
        self.commands = Commands(self.session)
        self.prompts = Heard(self.dialogs, self.commands.call_off)
        desk = Desk(
            self.session,
            self.view_state,
            self.jobs,
            self.history,
            self.window,
            self.prompts,
            self.preferences,
            self.settings,
            self.commands,
        )
        self.jobs.failed.connect(self._tell)
        self.jobs.begun.connect(self.commands.begun.begin)
        self.jobs.lost.connect(self.commands.begun.lose)
        for removed in (self.session.events.map_removed, self.session.events.model_removed):
            removed.connect(self.jobs.give_back_later)
        self._wire(desk, self.window)
        self.window.dress()
        self.window.share_room(_HEIGHTS, placements.TITLE)
        self.window.list_panels()
        self.window.recall(self.settings)
        self.window.guard_closing(self._may_close)

    def show(self) -> None:
        self.window.show()

    def close(self) -> bool:
        """Close the window as its user would; False if it was not allowed to."""
        return self.window.close()

    def open_when_ready(self, paths: Sequence[Path], script: Path | None = None) -> None:
        """Open files once the window is up, and do a script once they are read."""

        def begin() -> None:
            self.files.open_paths(paths)
            if script is not None:
                self.run_script(script)

        QTimer.singleShot(0, self.window, begin)

    def _wire(self, desk: Desk, window: MainWindow) -> None:
        """Hand every feature the desk, the window, and what it asks for of others. Panels stand, and are listed, in this order."""
        history.wire(desk, window)
        self.files = files.wire(desk, window)
        self.styles = contents.wire(desk, window, self.files)
        self.fits, fit_panel = fit.wire(desk, window)
        fetch.wire(desk, window, self.files)
        editing.wire(desk, window)
        splits = splitting.wire(desk, window, self.files)
        self.placements, table = placements.wire(desk, window, self.files, splits)
        self.projects = projects.wire(desk, window)
        self.files.save_then = self.projects.save_then
        another_window.wire(window)
        self.recovery = recovery.wire(desk, window, self.files)
        self.moving = moving.wire(desk, window, fit_panel, self.fits.start)
        sphere.wire(desk, window, fit_panel)
        self.composites = rounds.wire(desk, window, fit_panel, table)
        self.examining = compose.wire(desk, window, self.composites.resolution_of)
        assemble.wire(desk, window)
        aligning.wire(desk, window)
        symmetry.wire(desk, window)
        halves.wire(desk, window)
        refine.wire(desk, window, self.composites.resolution_of)
        handover.wire(desk, window, self.composites.resolution_of)
        replay.wire(desk, window)
        self.pictures = pictures.wire(desk, window)
        measuring.wire(desk, window)
        from_where = saved_views.wire(desk, window)
        effects.wire(desk, window)
        clipping.wire(desk, window)
        preferences.wire(desk, window)
        judging = residues.wire(desk, window, table)
        self.selecting = selecting.wire(desk, window, self.files, fit_panel, judging.state, lambda on: judging.watch(on, by="sequence"))
        self.looking = looking.wire(desk, window, fit_panel, self.selecting, from_where)
        self.cursor = pointer.wire(desk, window, self.styles, judging.score_of)
        self.screens = screen.wire(desk, window, self.files)
        self.script, self.run_script = commanding.wire(desk, window, self.files, self.styles, self.selecting)
        self.python = console.wire(desk, window, self.script)
        problems.wire(window)
        guide.wire(desk, window)
        self.offer_tour = tour.wire(desk, window)
        self.warm_up = warming.wire(window)

    def _tell(self, job: Job, error: BaseException) -> None:
        """The one place to which the failure of any job travels."""
        tell(self.window, job.name, error)

    def _may_close(self) -> bool:
        """Ask once if a fit or a screen runs, or work is not saved; then end the workers."""
        unsaved = self.session.has_unsaved_work
        question = ""
        if self.jobs.screening:
            question = "A screen is running. Stop it and quit? What it has found is kept, and it can go on another time."
        elif self.jobs.fitting:
            question = "A fit is running. Stop it and quit?"
        if unsaved:
            answer = self.prompts.ask_to_save(f"{question} There is work that is not saved.".strip(), "Quit without saving")
            if answer is Unsaved.SAVE:
                self.projects.save_then(self._quit_saved)
            if answer is not Unsaved.DISCARD:
                return False
        elif question and not self.prompts.confirm(question, "Quit"):
            return False
        return self._leave()

    def _quit_saved(self) -> None:
        """Quit, now that all is saved; what runs may be stopped, which was asked for. What was done while it was saved is asked about."""
        if not self.session.has_unsaved_work:
            self.window.guard_closing(self._leave)
        self.window.close()

    def _leave(self) -> bool:
        self.window.remember(self.settings)
        self.jobs.shutdown()
        self.recovery.leave()
        return True
