"""Map > Symmetry."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.symmetry.controller import SymmetryController
from difffit_app.features.symmetry.panel import SymmetryPanel
from difffit_app.state.composing import Axis
from difffit_app.state.levels import level_for
from difffit_app.window.main_window import MainWindow
from difffit_core.align.symmetry_recipe import SymmetryRecipe

TITLE = "Symmetry"


def wire(desk: Desk, window: MainWindow) -> SymmetryController:
    panel = SymmetryPanel(desk.session)
    window.add_panel(TITLE, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    controller = SymmetryController(desk, panel)

    def start(recipe: SymmetryRecipe) -> None:
        recipe = recipe.changed(level=level_for(desk.view_state, recipe.map, recipe.level))
        with desk.commands.doing("symmetry", recipe):
            controller.start(desk.preferred(recipe))

    def copy_command() -> None:
        if controller.found is not None:
            QGuiApplication.clipboard().setText(controller.found.command)
            window.show_notice("Copied the command line that finds this symmetry.", "info")

    def show() -> None:
        window.raise_panel(TITLE)
        if desk.session.map is not None:
            panel.map.propose(desk.session.map)

    def symmetric() -> bool:
        return controller.found is not None and controller.found.is_any

    imposed = {"impose": "what was found is imposed by impose-symmetry"}
    desk.commands.add(
        Verb(
            "symmetry",
            SymmetryRecipe,
            start,
            "Find the symmetry of a map: symmetry #1",
            maps=("map",),
            elsewhere=imposed,
        )
    )
    window.extend_conditions(lambda now: replace(now, symmetry_known=controller.found is not None, symmetric=symmetric()))

    def on_axes(axes: tuple[Axis, ...]) -> None:
        window.mark("symmetry_axes", bool(axes))
        window.refresh()

    desk.view_state.map_axes_changed.connect(on_axes)
    panel.asked.connect(start)
    panel.cancel_asked.connect(controller.cancel)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.offer(
        (window.actions_by_id["impose_symmetry"], "Impose"),
        (window.actions_by_id["symmetry_axes"], "Axes"),
        (window.actions_by_id["copy_symmetry"], "Command"),
    )
    window.handlers |= {
        "symmetry_axes": lambda: controller.show_axes(not desk.view_state.map_axes),
        "map_symmetry": show,
        "impose_symmetry": controller.impose,
        "copy_symmetry": copy_command,
    }
    return controller
