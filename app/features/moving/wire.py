"""Moving a model by hand, and fitting it from there."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from difffit_app.commands.things import Place
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.moving.controller import MovingController
from difffit_app.features.moving.panel import MovingPanel
from difffit_app.offered import FitSetUp
from difffit_app.state.apart import chains_to_fit
from difffit_app.state.items import HandPose
from difffit_app.state.levels import level_for
from difffit_app.state.parts import part_of
from difffit_app.state.selection import chains_of
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.fit.place_words import read_pose
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.settings import FitSettings
from difffit_core.pose import Pose

TITLE = "Move by Hand"


def wire(desk: Desk, window: MainWindow, fit_panel: FitSetUp, start: Callable[[FitRecipe], object]) -> MovingController:
    session, view_state = desk.session, desk.view_state
    panel, tool = MovingPanel(), window.viewer.fit.hand
    dock = window.add_panel(TITLE, panel, Qt.DockWidgetArea.BottomDockWidgetArea, "Placements", shown=False)

    def fit_from(pose: Pose, changes: dict[str, Any]) -> None:
        recipe = fit_panel.recipe()
        if recipe is None:
            return
        settings = recipe.settings
        if not (changes or settings.refine_steps or settings.polish_steps):  # as of the paper's preset, which refines nothing
            settings = FitSettings()
        settings = FitSettings.checked({**dict(settings), **changes})
        level = level_for(view_state, recipe.map, recipe.level)
        asked = recipe.changed(start=pose, settings=settings, level=level)
        with desk.commands.doing("fit", asked):
            start(desk.preferred(asked))
        window.refresh()

    controller = MovingController(desk, panel, fit_panel.subject, fit_from)

    def place(recipe: Place) -> None:
        identifier, residues = part_of(recipe.what, session)
        if identifier not in session.models:
            raise UserError(f"{session.maps[identifier].name} is a map, and cannot be placed")
        model = session.models[identifier].model
        chains = chains_to_fit(model) if residues is None else chains_of(model, residues.tolist())
        middle = model.select_chains(chains).fit_coordinates.mean(axis=0)
        controller.place(HandPose(identifier, chains, middle, read_pose(recipe.pose, "pose")))

    desk.commands.add(Verb("place", Place, place, "Put a model, or chains of it, into a pose: place #2/A 1,0,0,0,1,0,0,0,1,10,0,0"))

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

    def offer_put_back(*_: object) -> None:
        if window.actions_by_id["put_back"].isEnabled() != bool(session.hand or session.brought):
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
    fit_panel.set_up_changed.connect(controller.follow_set_up)
    panel.set_theme(window.theme)
    window.theme_changed.connect(panel.set_theme)
    view_state.moving_changed.connect(show_mode)
    session.events.hand_moved.connect(offer_put_back)
    session.events.brought_changed.connect(offer_put_back)
    window.handlers |= {"move": controller.toggle, "refine": controller.refine, "keep": controller.keep, "put_back": controller.put_back}
    window.escape.add("moving", lambda: view_state.moving is not None, controller.escape)
    return controller
