"""Working maps of what is open."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.editing.controller import EditController
from difffit_app.features.editing.panel import EditPanel
from difffit_app.features.editing.parts import with_parts_apart
from difffit_app.state.made_maps import file_of, making_of
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.map_edit.recipe import MapRecipe

TITLE = "Edit Map"


def wire(desk: Desk, window: MainWindow) -> None:
    session, panel = desk.session, EditPanel(desk.session, desk.view_state)
    window.add_panel(TITLE, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    controller = EditController(desk, panel)

    def save() -> None:
        if session.map is not None:
            suggested = file_of(session.map, session).name
            path = desk.prompts.ask_where_to_save("Save map", suggested, "Maps (*.mrc *.map *.ccp4 *.mrc.gz)")
            if path is not None:
                controller.save(path)

    def save_map(path: Path, what: str | None) -> None:
        if what is not None and what not in session.maps:
            raise UserError(f"{path.suffix} files hold maps, got a model")
        if what is not None and (session.map is None or session.map.id != what):
            session.select_map(what)
        if session.map is None:
            raise UserError("no map is open to be saved")
        controller.save(path)

    desk.commands.writers |= dict.fromkeys(MAP_SUFFIXES, save_map)

    def copy_command() -> None:
        if session.map is not None and session.map.made is not None:
            QGuiApplication.clipboard().setText(making_of(session.map, session))
            window.show_notice("Copied the command line that makes this map.", "info")

    def make(recipe: MapRecipe) -> None:
        recipe = recipe.changed(steps=tuple(with_parts_apart(step, session) for step in recipe.steps))
        with desk.commands.doing("map", recipe):
            controller.start(recipe)

    desk.commands.add(Verb("map", MapRecipe, make, "Make a working map of a map: map #1 zone #2 within 8 low-pass 6", maps=("map",)))
    panel.asked.connect(make)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.plot_wanted.connect(controller.plot)
    window.theme_changed.connect(panel.set_theme)
    panel.set_theme(window.theme)
    panel.offer((window.actions_by_id["map_save"], "Save …"), (window.actions_by_id["map_command"], "Command"))
    window.handlers |= {
        "map_edit": lambda: window.raise_panel(TITLE),
        "map_save": save,
        "map_command": copy_command,
    }
