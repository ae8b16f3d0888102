"""How maps and models are drawn."""

from collections.abc import Callable
from typing import Any

from difffit_app.controllers.problems import tell
from difffit_app.controllers.styles import StylesController
from difffit_app.wiring.parts import Handlers, Parts
from difffit_app.workers.lane import Job


def wire(parts: Parts, _: Handlers) -> StylesController:
    contents, map_panel = parts.window.contents, parts.window.map_panel
    controller = StylesController(parts.session, parts.view_state, parts.history)

    def show_or_hide(identifier: str, shown: bool) -> None:
        controller.change_map(identifier, visible=shown)
        controller.change_model(identifier, visible=shown)

    def later(work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        parts.jobs.draw(Job("drawing", lambda _: work(), done, lambda error: tell(parts.window, "drawing", error)))

    parts.window.viewer.fit.drawing.later = later
    map_panel.level_moving.connect(controller.move_level)
    map_panel.level_set.connect(controller.set_level)
    map_panel.suggestion_asked.connect(controller.suggest_level)
    map_panel.stepped.connect(controller.step_level)
    map_panel.style_changed.connect(lambda identifier, name, value: controller.change_map(identifier, **{name: value}))
    contents.visibility_chosen.connect(show_or_hide)
    contents.colouring_chosen.connect(lambda identifier, name: controller.change_model(identifier, colour_by=name))
    return controller
