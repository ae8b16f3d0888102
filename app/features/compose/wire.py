"""Placing models together, what came of it, and taking it elsewhere."""

import math
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.elsewhere import OF_FILE, OF_MAP
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.compose.controller import ComposeController
from difffit_app.features.compose.examining import ExaminingController
from difffit_app.features.compose.panel import ComposePanel
from difffit_app.offered import ResolutionOf
from difffit_app.state.levels import level_for
from difffit_app.window.main_window import MainWindow
from difffit_core.compose.recipe import ComposeRecipe

TITLE = "Compose"
_SMALLEST_BALL, _LARGEST_BALL = 3.0, 20.0
"""Radii in Å of what marks unexplained density."""


def wire(desk: Desk, window: MainWindow, resolution_of: ResolutionOf) -> ExaminingController:
    session, viewer = desk.session, window.viewer
    panel = ComposePanel(session)
    dock = window.add_panel(TITLE, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    composing = ComposeController(desk, panel)
    examining = ExaminingController(desk, panel, viewer, resolution_of)

    def compose(recipe: ComposeRecipe) -> None:
        recipe = recipe.changed(level=level_for(desk.view_state, recipe.map, recipe.level))
        with desk.commands.doing("compose", recipe):
            composing.start(desk.preferred(recipe))
        window.refresh()

    marked: list[int] = []

    def unmark(_: object) -> None:
        """Pieces are others once the composite is."""
        if marked:
            marked.clear()
            viewer.fit.mark.hide()

    def go_to_island(number: int) -> None:
        examined = examining.examined
        if examined is not None:
            island = examined.result.residual.islands[number]
            radius = min(max((3 * island.volume / (4 * math.pi)) ** (1 / 3), _SMALLEST_BALL), _LARGEST_BALL)
            marked.append(number)
            viewer.fit.mark.show_place(island.centre, radius, f"unexplained: {island.volume:,.0f} Å³")
            viewer.centre_on(island.centre)

    def export() -> None:
        folder = desk.prompts.ask_for_folder("Export the composite into a folder")
        if folder is not None:
            examining.export(folder)

    def copy_command() -> None:
        command = examining.command()
        if command:
            QGuiApplication.clipboard().setText(command)
            window.show_notice("Copied the command line that repeats this composite.", "info")
        else:
            window.show_notice("This composite was made by hand: save it, and difffit replay repeats its fits.", "info")

    def examine() -> None:
        window.raise_panel(TITLE)
        panel.go_to_told()
        examining.examine()

    def show() -> None:
        window.raise_panel(TITLE)
        panel.go_to_top()

    desk.commands.add(
        Verb(
            "compose",
            ComposeRecipe,
            compose,
            "Place models together: compose #2:14 in #1",
            maps=("map",),
            into="in",
            models=("wanted",),
            elsewhere=OF_FILE | OF_MAP,
        )
    )
    window.extend_conditions(lambda now: replace(now, fitting=now.fitting or panel.running))
    panel.asked.connect(compose)
    session.events.composite_selected.connect(unmark)
    panel.cancel_asked.connect(desk.jobs.cancel_fit)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.island_chosen.connect(go_to_island)
    dock.visibilityChanged.connect(examining.watch)
    panel.offer((window.actions_by_id["export_composite"], "Export …"), (window.actions_by_id["copy_compose"], "Command"))
    window.handlers |= {
        "show_compose": show,
        "export_composite": export,
        "copy_compose": copy_command,
        "examine": examine,
    }
    return examining
