"""Map > Align To."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.aligning.alignment_panel import AlignmentPanel
from difffit_app.features.aligning.controller import AlignController
from difffit_app.features.aligning.panel import AlignPanel
from difffit_app.state.levels import level_for
from difffit_app.state.made_maps import file_of
from difffit_app.window.main_window import MainWindow
from difffit_core.align.recipe import AlignRecipe

SET_UP, FOUND = "Align", "Alignment"


def wire(desk: Desk, window: MainWindow) -> AlignController:
    session, panel, found = desk.session, AlignPanel(desk.session), AlignmentPanel()
    window.add_panel(SET_UP, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    dock = window.add_panel(FOUND, found, Qt.DockWidgetArea.BottomDockWidgetArea, "Placements", shown=False)
    controller = AlignController(desk, panel, found)

    def start(recipe: AlignRecipe) -> None:
        levels = [desk.view_state.maps[one].level for one in recipe.moving]
        moving = levels[0] if len(set(levels)) == 1 and recipe.moving_level is None else recipe.moving_level
        recipe = recipe.changed(level=level_for(desk.view_state, recipe.fixed, recipe.level), moving_level=moving)
        window.raise_panel(FOUND)
        with desk.commands.doing("align", recipe):
            controller.start(desk.preferred(recipe))
        window.refresh()

    def show() -> None:
        window.raise_panel(SET_UP)
        if session.map is not None:
            panel.propose(session.map.id)

    def look_at(number: int, rank: int) -> None:
        controller.look_at(number, rank)
        window.refresh()

    def copy_command() -> None:
        recipe = panel.recipe()
        if recipe is not None:
            names = {one: str(file_of(session.maps[one], session)) for one in (recipe.fixed, *recipe.moving)}
            levels = [desk.view_state.maps[one].level for one in (recipe.fixed, *recipe.moving)]
            same = levels[1] if len(set(levels[1:])) == 1 else None
            named = recipe.changed(
                fixed=names[recipe.fixed], moving=tuple(names[one] for one in recipe.moving), level=levels[0], moving_level=same
            )
            QGuiApplication.clipboard().setText(named.command())
            window.show_notice("Copied the command line that aligns the same.", "info")

    def export() -> None:
        folder = desk.prompts.ask_for_folder("Export the alignment into a folder")
        if folder is not None:
            controller.export(folder)

    def toggle_difference() -> None:
        controller.show_difference(not controller.is_different)

    def look_away_when_hidden(visible: bool) -> None:
        """The map stands where it stands, unless one looks at the alignment."""
        if not visible:
            controller.look_away()

    desk.commands.add(Verb("align", AlignRecipe, start, "Lay maps onto a map: align #2 to #1", maps=("fixed", "moving"), into="to"))
    window.extend_conditions(
        lambda now: replace(now, fitting=now.fitting or panel.running, can_align=panel.can_align, aligned=controller.shown is not None)
    )
    desk.view_state.difference_changed.connect(lambda shown: window.mark("align_difference", shown is not None))
    panel.asked.connect(start)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.cancel_asked.connect(desk.jobs.cancel_fit)
    panel.moving.itemChanged.connect(window.refresh)
    found.chosen.connect(look_at)
    dock.visibilityChanged.connect(look_away_when_hidden)
    window.theme_changed.connect(found.set_theme)
    found.set_theme(window.theme)
    panel.offer((window.actions_by_id["copy_align"], "Command"))
    found.offer(
        (window.actions_by_id["align_difference"], "Difference"),
        (window.actions_by_id["export_alignment"], "Export …"),
        (window.actions_by_id["keep_aligned"], "Keep"),
    )
    window.handlers |= {
        "map_align": show,
        "copy_align": copy_command,
        "keep_aligned": controller.keep,
        "align_difference": toggle_difference,
        "export_alignment": export,
    }
    return controller
