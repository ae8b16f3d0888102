"""Puts the parts together: the state, the workers, the controllers, the window, and who hears whom."""

import logging
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from difffit_app.controllers.files import FilesController
from difffit_app.controllers.fits import FitOrder, FitsController
from difffit_app.controllers.placements import PlacementsController
from difffit_app.controllers.projects import ProjectsController
from difffit_app.controllers.styles import StylesController
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.views.dialogs import Dialogs
from difffit_app.views.main_window import MainWindow
from difffit_app.views.theme import DARK, LIGHT, THEMES, apply_theme
from difffit_app.workers.jobs import Jobs
from difffit_core import __version__

logger = logging.getLogger(__name__)

EXAMPLE = ("1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz")


class Application(QObject):
    """One window and all that belongs to it. ``settings`` keep the theme and the window's place from one start to the next."""

    def __init__(self, settings: QSettings | None = None) -> None:
        super().__init__()
        self.settings = settings or QSettings("DiffFit", "DiffFit Desktop")
        self.session, self.view_state, self.jobs = Session(), ViewState(), Jobs(self)
        self.theme = THEMES.get(str(self.settings.value("theme", LIGHT.name)), LIGHT)
        apply_theme(_application(), self.theme)
        self.window = MainWindow(self.session, self.view_state, self.theme)
        self.window.recall(self.settings)
        self.dialogs = Dialogs(self.window)
        window, viewer = self.window, self.window.viewer
        self.files = FilesController(self.session, self.view_state, self.jobs, window, self.dialogs)
        self.projects = ProjectsController(self.session, self.view_state, self.jobs, window, viewer)
        self.fits = FitsController(self.session, self.view_state, self.jobs, window, window.fit_panel, viewer)
        self.placements = PlacementsController(self.session, self.jobs, window)
        self.styles = StylesController(self.session, self.view_state)
        self._connect()

    def show(self) -> None:
        self.window.show()

    def close(self) -> bool:
        """Close the window as its user would; False if it was not allowed to."""
        return self.window.close()

    def _connect(self) -> None:
        window, styles = self.window, self.styles
        window.triggered.connect(self._trigger)
        window.paths_dropped.connect(self.files.open_paths)
        window.guard_closing(self._may_close)
        window.table.placement_chosen.connect(self.placements.select)
        window.table.significant_only_chosen.connect(self.view_state.set_significant_only)
        window.table.fit_chosen.connect(self.session.select_fit)
        window.viewer.placement_picked.connect(self.placements.select)
        window.viewer.metric_chosen.connect(self.view_state.set_metric)
        window.map_panel.level_moving.connect(styles.move_level)
        window.map_panel.level_set.connect(styles.set_level)
        window.map_panel.suggestion_asked.connect(styles.suggest_level)
        window.map_panel.stepped.connect(styles.step_level)
        window.map_panel.style_changed.connect(lambda identifier, name, value: styles.change_map(identifier, **{name: value}))
        window.contents.map_chosen.connect(self.session.select_map)
        window.contents.visibility_chosen.connect(self._show_or_hide)
        window.contents.colouring_chosen.connect(lambda identifier, name: styles.change_model(identifier, colour_by=name))
        window.contents.removal_asked.connect(self._remove)
        window.fit_panel.fit_asked.connect(self._fit)
        window.fit_panel.cancel_asked.connect(self.fits.cancel)
        window.fit_panel.refused.connect(lambda text: window.show_notice(text, "error"))
        self.jobs.compute.changed.connect(window.refresh)

    def _fit(
        self, map_id: str, model_id: str, chains: Sequence[str], resolution: float, preset: str, changes: dict[str, object], seed: int
    ) -> None:
        self.fits.start(FitOrder(map_id, model_id, tuple(chains), resolution, preset, changes, seed))
        self.window.refresh()

    def _show_or_hide(self, identifier: str, shown: bool) -> None:
        self.styles.change_map(identifier, visible=shown)
        self.styles.change_model(identifier, visible=shown)

    def _remove(self, identifier: str) -> None:
        if identifier in self.session.maps:
            self.files.remove_map(identifier)
        else:
            self.files.remove_model(identifier)

    def _trigger(self, identifier: str) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "open": lambda: self.files.open_paths(self.dialogs.ask_for_files()),
            "open_example": self.open_example,
            "save": lambda: self.projects.save(self.session.path) if self.session.path else self._save_as(),
            "save_as": self._save_as,
            "save_model": self._save_model,
            "export_table": self._export_table,
            "screenshot": self._screenshot,
            "close_all": self.files.close_all,
            "quit": self.window.close,
            "fit": self.window.fit_panel.ask,
            "cancel": self.fits.cancel,
            "next": lambda: self.placements.step(1, self.window.table.shown_ranks()),
            "previous": lambda: self.placements.step(-1, self.window.table.shown_ranks()),
            "copy": lambda: QGuiApplication.clipboard().setText(self.placements.as_text(self.window.table.chosen_ranks())),
            "copy_command": self._copy_command,
            "look": self.window.viewer.look_at_everything,
            "level_up": lambda: self.styles.step_level(1),
            "level_down": lambda: self.styles.step_level(-1),
            "theme": self._change_theme,
            "shortcuts": self.dialogs.show_shortcuts,
            "about": lambda: self.dialogs.show_about(__version__),
        }
        handlers[identifier]()

    def open_example(self) -> None:
        folder = files("difffit_resources").joinpath("example")
        self.files.open_paths([Path(str(folder.joinpath(name))) for name in EXAMPLE])

    def _save_as(self) -> None:
        path = self.dialogs.ask_where_to_save("Save project", str(self.session.path or "project.difffit"), "Projects (*.difffit)")
        if path is not None:
            self.projects.save(path)

    def _save_model(self) -> None:
        placement = self.session.placement
        if placement is not None:
            path = self.dialogs.ask_where_to_save("Save placed model", f"placement_{placement.rank:03d}.cif", "mmCIF (*.cif);;PDB (*.pdb)")
            if path is not None:
                self.placements.save_model(path)

    def _export_table(self) -> None:
        path = self.dialogs.ask_where_to_save("Export placements", "placements.csv", "Tables (*.csv)")
        if path is not None:
            self.placements.export_table(path)

    def _screenshot(self) -> None:
        path = self.dialogs.ask_where_to_save("Save picture", "fit.png", "Pictures (*.png)")
        if path is not None:
            self.window.viewer.save_picture(path if path.suffix else path.with_suffix(".png"))
            self.window.show_notice(f"Wrote {path}", "info")

    def _copy_command(self) -> None:
        if self.session.fit is not None:
            QGuiApplication.clipboard().setText(self.session.fit.record.command)
            self.window.show_notice("Copied the command line that repeats this fit.", "info")

    def _change_theme(self) -> None:
        self.theme = LIGHT if self.theme is DARK else DARK
        self.settings.setValue("theme", self.theme.name)
        apply_theme(_application(), self.theme)
        self.window.set_theme(self.theme)

    def _may_close(self) -> bool:
        """Ask once if a fit runs or is not saved; then end the workers."""
        question = ""
        if self.jobs.fitting:
            question = "A fit is running. Stop it and quit?"
        elif self.session.fits and self.session.dirty:
            question = "There are fits that are not saved. Quit?"
        if question and not self.dialogs.confirm(question, "Quit without saving"):
            return False
        self.window.remember(self.settings)
        self.jobs.shutdown()
        return True

    def open_when_ready(self, paths: Sequence[Path]) -> None:
        """Open files once the window is up."""
        if paths:
            QTimer.singleShot(0, self.window, lambda: self.files.open_paths(paths))


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("a QApplication must be made first")
    return application
