"""Bending a model, what came of it, and taking it elsewhere."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.elsewhere import OF_FILE, OF_MAP
from difffit_app.commands.things import BendComposite
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.refine.bent_panel import BentPanel
from difffit_app.features.refine.composite import CompositeToBend
from difffit_app.features.refine.controller import RefineController
from difffit_app.features.refine.panel import RefinePanel
from difffit_app.offered import ResolutionOf
from difffit_app.state.levels import level_for
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.pose import Pose
from difffit_core.refine.recipe import RefineRecipe

TITLE, BENT = "Refine", "Bent"


def wire(desk: Desk, window: MainWindow, resolution_of: ResolutionOf) -> None:
    session, view_state, panel = desk.session, desk.view_state, RefinePanel(desk.session)
    window.add_panel(TITLE, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    bent = BentPanel(session)
    window.add_panel(BENT, bent, Qt.DockWidgetArea.BottomDockWidgetArea, "Placements", shown=False)
    controller, whole = RefineController(desk, panel), CompositeToBend(desk, panel, resolution_of)

    def refine(recipe: RefineRecipe) -> None:
        """From where the recipe has the model, or else its file."""
        recipe = recipe.changed(level=level_for(view_state, recipe.map, recipe.level))
        with desk.commands.doing("refine", recipe if recipe.pose is not None else recipe.changed(pose=Pose.identity())):
            controller.start(desk.preferred(recipe))
        window.refresh()

    def refine_as_shown(recipe: RefineRecipe) -> None:
        """From where one sees the model, unless the line says where it stands."""
        fit, placement = session.fit, session.placement
        placed = fit is not None and placement is not None and (fit.record.map, fit.record.model) == (recipe.map, recipe.model)
        refine(recipe.changed(pose=placement.pose) if recipe.pose is None and placed and placement is not None else recipe)

    def copy_command() -> None:
        if session.refinement is not None:
            QGuiApplication.clipboard().setText(session.refinement.record.command)
            window.show_notice("Copied the command line that repeats this refinement.", "info")

    def save() -> None:
        if session.refinement is not None:
            name = session.models[session.refinement.record.model].name.split(".")[0]
            path = desk.prompts.ask_where_to_save("Save refined model", f"{name}_refined.cif", "Models (*.cif *.pdb)")
            if path is not None:
                controller.save(path)

    def bend_composite() -> None:
        path = desk.prompts.ask_where_to_save("Save the composite as a model", "composite.cif", "mmCIF (*.cif)")
        if path is not None:
            with desk.commands.doing("bend-composite", {"file": str(path)}):
                set_up(path)

    def set_up(path: Path) -> None:
        window.raise_panel(TITLE)
        whole.set_up(path)

    def set_up_asked(recipe: BendComposite) -> None:
        if session.composite is None:
            raise UserError("there is no composite that could be bent")
        set_up(desk.commands.path(recipe.file))

    desk.commands.add(
        Verb(
            "refine",
            RefineRecipe,
            refine_as_shown,
            "Bend a model into a map, from where it is shown",
            maps=("map",),
            into="in",
            models=("model",),
            elsewhere=OF_FILE | OF_MAP,
        ),
        Verb("bend-composite", BendComposite, set_up_asked, "Write the composite as a model, and set Refine up to bend it"),
    )
    window.extend_conditions(lambda now: replace(now, fitting=now.fitting or panel.running))
    panel.asked.connect(refine)
    panel.cancel_asked.connect(controller.cancel)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    bent.chosen.connect(session.select_refinement)
    bent.morphed.connect(view_state.set_morph)
    view_state.morph_changed.connect(bent.show_morph)
    session.events.refinement_selected.connect(window.refresh)
    window.theme_changed.connect(bent.set_theme)
    bent.set_theme(window.theme)
    session.events.refinement_added.connect(lambda _: window.bring_forward(BENT))
    panel.offer((window.actions_by_id["save_refined"], "Save …"), (window.actions_by_id["copy_refine"], "Command"))
    window.handlers |= {
        "show_refine": lambda: window.raise_panel(TITLE),
        "bend_composite": bend_composite,
        "show_bent": lambda: window.raise_panel(BENT),
        "save_refined": save,
        "copy_refine": copy_command,
        "remove_refinement": controller.remove,
    }
