"""Setting up, running and cancelling fits."""

import sys
from importlib import import_module

from PySide6.QtGui import QGuiApplication

from difffit_app.controllers.fits import FitsController
from difffit_app.wiring.parts import Handlers, Parts
from difffit_app.workers.lane import Job
from difffit_core.fit.recipe import FitRecipe


def wire(parts: Parts, handlers: Handlers) -> FitsController:
    session, window, panel = parts.session, parts.window, parts.window.fit_panel
    controller = FitsController(session, parts.view_state, parts.jobs, window, panel, window.viewer, parts.history)

    def fit(recipe: FitRecipe) -> None:
        controller.start(with_preferences(parts, recipe).changed(region=parts.view_state.sphere))
        window.refresh()

    def get_ready(_: object) -> None:
        """Import what fits as soon as there is something to fit: while it runs the window should answer."""
        if session.maps and session.models and "difffit_core.fit.run" not in sys.modules:
            parts.jobs.draw(Job("getting ready to fit", lambda _: import_module("difffit_core.fit.run"), lambda _: None, lambda _: None))

    def copy_command() -> None:
        if session.fit is not None:
            QGuiApplication.clipboard().setText(session.fit.record.command)
            window.show_notice("Copied the command line that repeats this fit.", "info")

    for opened in (session.events.map_added, session.events.model_added):
        opened.connect(get_ready)
    panel.fit_asked.connect(fit)
    panel.cancel_asked.connect(controller.cancel)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    parts.jobs.compute.changed.connect(window.refresh)
    parts.jobs.compute.changed.connect(lambda: window.viewer.hurry(parts.jobs.fitting))
    parts.jobs.compute.changed.connect(lambda: window.table.wait(parts.jobs.fitting))
    handlers |= {"fit": panel.ask, "cancel": controller.cancel, "copy_command": copy_command}
    return controller


def with_preferences(parts: Parts, recipe: FitRecipe) -> FitRecipe:
    """What the fit panel asks for, on the device and the threads that the preferences name."""
    preferred = parts.preferences.current
    return recipe.changed(device=preferred.device, threads=preferred.threads)
