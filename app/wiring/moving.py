"""Moving a model by hand, and fitting it from there."""

from typing import Any

from PySide6.QtCore import Qt

from difffit_app.controllers.fits import FitsController
from difffit_app.controllers.moving import MovingController
from difffit_app.views.panels.moving_panel import MovingPanel
from difffit_app.wiring.fits import with_preferences
from difffit_app.wiring.parts import Handlers, Parts
from difffit_core.fit.settings import FitSettings
from difffit_core.pose import Pose

TITLE = "Move by Hand"


def wire(parts: Parts, handlers: Handlers, fits: FitsController) -> MovingController:
    session, view_state, window = parts.session, parts.view_state, parts.window
    panel, tool = MovingPanel(), window.viewer.fit.hand
    dock = window.add_panel(TITLE, panel, Qt.DockWidgetArea.BottomDockWidgetArea, "Placements", shown=False)

    def fit_from(pose: Pose, changes: dict[str, Any]) -> None:
        recipe = window.fit_panel.recipe()
        if recipe is None:
            return
        settings = recipe.settings
        if not (changes or settings.refine_steps or settings.polish_steps):  # as of the paper's preset, which refines nothing
            settings = FitSettings()
        settings = FitSettings.checked({**dict(settings), **changes})
        fits.start(with_preferences(parts, recipe).changed(start=pose, settings=settings))
        window.refresh()

    controller = MovingController(session, view_state, parts.jobs, window, panel, parts.history, window.fit_panel.subject, fit_from)

    def show_mode(model: object) -> None:
        tool.activate(model is not None)
        window.mark("move", model is not None)
        if model is not None:
            if view_state.layout == "gallery":
                view_state.set_layout("views")
            window.raise_panel(TITLE)
        else:
            dock.hide()
            window.raise_panel("Placements")
        window.refresh()

    def offer_put_back(hand: object) -> None:
        if window.actions_by_id["put_back"].isEnabled() != (hand is not None):
            window.refresh()

    tool.turned.connect(controller.turn)
    tool.shifted.connect(controller.shift)
    tool.stepped.connect(controller.step)
    tool.turn_stepped.connect(controller.turn_step)
    tool.settled.connect(controller.settle)
    panel.refine_asked.connect(controller.refine)
    panel.keep_asked.connect(controller.keep)
    panel.put_back_asked.connect(controller.put_back)
    panel.done_asked.connect(controller.toggle)
    panel.step_chosen.connect(controller.set_step)
    for changed in (window.fit_panel.map.currentIndexChanged, window.fit_panel.chains.changed, window.fit_panel.resolution.valueChanged):
        changed.connect(controller.follow_set_up)
    panel.set_theme(window.theme)
    window.theme_changed.connect(panel.set_theme)
    view_state.moving_changed.connect(show_mode)
    session.events.hand_moved.connect(offer_put_back)
    handlers |= {"move": controller.toggle, "refine": controller.refine, "keep": controller.keep, "put_back": controller.put_back}
    cancel = handlers["cancel"]
    handlers["cancel"] = lambda: cancel() if parts.jobs.fitting else controller.escape()
    return controller
