"""File > Fetch."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.fetch.controller import FetchController, command_of
from difffit_app.features.fetch.kept_dialog import KeptDialog
from difffit_app.features.fetch.panel import FetchPanel
from difffit_app.offered import OpenFiles
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.fetch.recipe import FetchRecipe
from difffit_core.recipes.words import Parameter

TITLE = "Fetch"


def wire(desk: Desk, window: MainWindow, files: OpenFiles) -> FetchController:
    panel, kept = FetchPanel(), KeptDialog(window)
    window.add_panel(TITLE, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)

    def open_fetched(paths: Sequence[Path]) -> None:
        with desk.commands.quietly():
            files.open_paths(paths)

    controller = FetchController(desk, panel, kept, open_fetched)

    def show() -> None:
        window.raise_panel(TITLE)
        panel.entries.setFocus()

    def show_kept() -> None:
        kept.open()
        controller.look()

    def choose_folder() -> None:
        folder = desk.prompts.ask_for_folder("Folder for fetched files")
        if folder is not None:
            panel.folder.set_path(folder)

    def copy_command() -> None:
        QGuiApplication.clipboard().setText(command_of(panel.recipe(), panel.folder.path()))
        window.show_notice("Copied the command line that fetches the same.", "info")

    window.extend_conditions(lambda now: replace(now, can_fetch=panel.can_fetch, fetching=panel.running))

    def start(recipe: FetchRecipe, out: Path | None) -> None:
        with desk.commands.doing("fetch", recipe, out="" if out is None else str(out)):
            controller.start(recipe, out)

    def fetch(recipe: FetchRecipe, out: str) -> None:
        if not recipe.accessions():  # what is none is told now
            raise UserError("fetch wants accessions, as EMD-21897 or 6WTI, got none")
        start(recipe, desk.commands.path(out) if out else None)

    into = Parameter("out", "--out", str, "", "Folder for copies of what is fetched.", "FOLDER")
    desk.commands.add(Verb("fetch", FetchRecipe, fetch, "Fetch and open entries: fetch EMD-21897 6WTI", (into,)))
    panel.asked.connect(lambda recipe: start(recipe, panel.folder.path()))
    panel.changed.connect(window.refresh)
    panel.cancel_asked.connect(controller.cancel)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.folder.asked.connect(choose_folder)
    kept.clearing_asked.connect(controller.clear)
    panel.offer((window.actions_by_id["copy_fetch"], "Command"), (window.actions_by_id["fetched_files"], "Fetched Files …"))
    window.escape.add("fetch", lambda: panel.running, controller.cancel)
    window.handlers |= {"fetch": show, "fetched_files": show_kept, "copy_fetch": copy_command}
    return controller
