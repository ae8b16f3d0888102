"""Map > Half Maps."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.halves.controller import HalvesController
from difffit_app.features.halves.panel import HalvesPanel
from difffit_app.features.halves.result_panel import HalvesResultPanel
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.halves.recipe import HalvesRecipe
from difffit_core.recipes.words import Parameter

SET_UP, FOUND = "Half Maps", "Half Map FSC"
_MAPS = "Maps (*.mrc *.map *.ccp4 *.rec *.gz *.bz2 *.xz *.zip)"


def wire(desk: Desk, window: MainWindow) -> HalvesController:
    session, panel, found = desk.session, HalvesPanel(desk.session), HalvesResultPanel()
    window.add_panel(SET_UP, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    window.add_panel(FOUND, found, Qt.DockWidgetArea.BottomDockWidgetArea, "Placements", shown=False)
    controller = HalvesController(desk, panel, found)

    def start(recipe: HalvesRecipe, identifier: str | None) -> None:
        window.raise_panel(FOUND)
        with desk.commands.doing("halves", recipe, of=identifier or ""):
            controller.start(recipe, identifier)

    def read(recipe: HalvesRecipe, of: str) -> None:
        if of and of not in session.maps:
            raise UserError(f"halves wants an open map after of, as #1, got {of}")
        told = session.resolution(of) if of else None
        resolution = told.value if told is not None and recipe.resolution is None else recipe.resolution
        files = {name: str(desk.commands.path(getattr(recipe, name))) for name in ("first", "second")}
        mask = str(desk.commands.path(recipe.mask)) if recipe.mask else ""
        start(recipe.changed(resolution=resolution, mask=mask, **files), of or None)

    def show() -> None:
        window.raise_panel(SET_UP)
        if session.map is not None:
            panel.map.propose(session.map)
            controller.propose(session.map.id)

    def asking(title: str, choose: Callable[[Path], object]) -> Callable[[], None]:
        def ask() -> None:
            path = desk.prompts.ask_for_file(title, _MAPS)
            if path is not None:
                choose(path)

        return ask

    def export() -> None:
        folder = desk.prompts.ask_for_folder("Export what the half maps say into a folder")
        if folder is not None:
            controller.export(folder)

    def copy_command() -> None:
        recipe = panel.recipe()
        if recipe is not None:
            QGuiApplication.clipboard().setText(recipe.command())
            window.show_notice("Copied the command line that reads these half maps.", "info")

    def refresh(*_: object) -> None:
        window.refresh()

    whose = Parameter("of", "--of", str, "", "The open map of which they are halves.", "#ID")
    desk.commands.add(Verb("halves", HalvesRecipe, read, "Read resolution and noise of two half maps: halves HALF1 HALF2 of #1", (whose,)))
    window.extend_conditions(
        lambda now: replace(
            now,
            can_read_halves=panel.can_read,
            halves_read=controller.read is not None,
            can_use_halves=controller.can_use,
            uses_halves=session.map is not None and session.map.density.evidence is not None,
        )
    )
    panel.asked.connect(start)
    panel.cancel_asked.connect(controller.cancel)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.map_chosen.connect(controller.propose)
    panel.first.asked.connect(asking("The first half map", panel.first.set_path))
    panel.second.asked.connect(asking("The second half map", panel.second.set_path))
    panel.mask_file.asked.connect(asking("A mask", panel.mask_file.set_path))
    for field in (panel.first, panel.second):
        field.changed.connect(window.refresh)
    controller.on_read = window.refresh
    session.events.map_selected.connect(refresh)
    window.theme_changed.connect(found.set_theme)
    found.set_theme(window.theme)
    panel.offer((window.actions_by_id["copy_halves"], "Command"))
    found.offer((window.actions_by_id["use_halves"], "Use in Fits"), (window.actions_by_id["export_halves"], "Export …"))
    window.handlers |= {
        "map_halves": show,
        "use_halves": controller.use,
        "leave_halves": controller.leave,
        "export_halves": export,
        "copy_halves": copy_command,
    }
    return controller
