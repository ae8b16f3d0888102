"""Setting up, running and cancelling fits."""

import sys
from dataclasses import replace
from importlib import import_module

from PySide6.QtGui import QGuiApplication

from difffit_app.commands.elsewhere import OF_FILE, OF_MAP
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.fit.controller import FitsController
from difffit_app.features.fit.panel import FitPanel
from difffit_app.state.levels import level_for
from difffit_app.window.main_window import MainWindow
from difffit_app.workers.lane import Job
from difffit_core.fit.recipe import FitRecipe

TITLE = "Fit"


def wire(desk: Desk, window: MainWindow) -> tuple[FitsController, FitPanel]:
    session, jobs, view_state, preferences = desk.session, desk.jobs, desk.view_state, desk.preferences
    panel = FitPanel(session)
    window.add_panel(TITLE, panel)
    window.landmarks["fit"] = panel.foot.start
    controller = FitsController(desk, panel, window.viewer)

    def fit(recipe: FitRecipe) -> None:
        """From a pose, or in the sphere where there is one and no other was asked for."""
        region = recipe.region or (view_state.sphere if recipe.start is None else None)
        recipe = recipe.changed(region=region, level=level_for(view_state, recipe.map, recipe.level))
        with desk.commands.doing("fit", recipe):
            controller.start(desk.preferred(recipe))
        window.refresh()

    def get_ready(_: object) -> None:
        """Import what fits as soon as there is something to fit: while it runs the window should answer."""
        if session.maps and session.models and "difffit_core.fit.run" not in sys.modules:
            jobs.draw(Job("getting ready to fit", lambda _: import_module("difffit_core.fit.run"), lambda _: None))

    def copy_command() -> None:
        if session.fit is not None:
            QGuiApplication.clipboard().setText(session.fit.record.command)
            window.show_notice("Copied the command line that repeats this fit.", "info")

    def name_search(sphere: object) -> None:
        panel.foot.start.setText("Fit" if sphere is None else "Fit in Sphere")

    desk.commands.add(
        Verb(
            "fit",
            FitRecipe,
            fit,
            "Find where a model sits in a map: fit #2 in #1 resolution 4",
            maps=("map",),
            into="in",
            models=("model",),
            elsewhere=OF_FILE | OF_MAP,
        )
    )
    window.extend_conditions(lambda now: replace(now, can_fit=panel.can_fit, fitting=panel.running))
    for opened in (session.events.map_added, session.events.model_added):
        opened.connect(get_ready)
    view_state.sphere_changed.connect(name_search)
    panel.fit_asked.connect(fit)
    panel.cancel_asked.connect(controller.cancel)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.chains.changed.connect(window.refresh)
    panel.set_preset(preferences.current.preset)
    preferences.changed.connect(lambda preferred: panel.set_preset(preferred.preset))
    jobs.compute.changed.connect(window.refresh)
    jobs.compute.changed.connect(lambda: window.viewer.hurry(jobs.fitting))
    window.escape.add("fit", lambda: jobs.fitting, controller.cancel)
    window.handlers |= {"fit": panel.ask, "copy_command": copy_command}
    return controller, panel
