"""How maps and models are drawn."""

from collections.abc import Callable
from typing import Any

from difffit_app.desk import Desk
from difffit_app.features.contents import menus
from difffit_app.features.contents.controller import StylesController
from difffit_app.features.contents.map_panel import MapPanel
from difffit_app.features.contents.panel import ContentsPanel
from difffit_app.offered import OpenFiles
from difffit_app.window.main_window import MainWindow
from difffit_app.workers.lane import Job

OPEN, MAP = "Open", "Map"


def wire(desk: Desk, window: MainWindow, files: OpenFiles) -> StylesController:
    contents, map_panel = ContentsPanel(desk.session, desk.view_state, window.icons), MapPanel(desk.session, desk.view_state)
    window.add_panel(OPEN, contents)
    window.add_panel(MAP, map_panel)
    window.landmarks |= {"contents": contents, "histogram": map_panel.histogram}
    controller = StylesController(desk)

    def show_or_hide(identifier: str, shown: bool) -> None:
        controller.change_map(identifier, visible=shown)
        controller.change_model(identifier, visible=shown)

    def later(work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        desk.jobs.draw(Job("drawing", lambda _: work(), done))

    window.viewer.fit.drawing.later = later
    map_panel.level_moving.connect(controller.move_level)
    map_panel.level_set.connect(controller.set_level)
    map_panel.suggestion_asked.connect(controller.suggest_level)
    map_panel.stepped.connect(controller.step_level)
    map_panel.style_changed.connect(lambda identifier, name, value: controller.change_map(identifier, **{name: value}))
    contents.visibility_chosen.connect(show_or_hide)
    contents.colouring_chosen.connect(lambda identifier, name: controller.change_model(identifier, colour_by=name))
    contents.removal_asked.connect(files.remove)
    window.theme_changed.connect(map_panel.set_theme)
    window.theme_changed.connect(lambda _: contents.refresh_icons())
    map_panel.set_theme(window.theme)
    menus.wire(desk, window, contents, map_panel, controller, files)
    return controller
