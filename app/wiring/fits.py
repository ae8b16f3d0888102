"""Setting up, running and cancelling fits."""

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication

from difffit_app.controllers.fits import FitOrder, FitsController
from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> FitsController:
    session, window, panel = parts.session, parts.window, parts.window.fit_panel
    controller = FitsController(session, parts.view_state, parts.jobs, window, panel, window.viewer, parts.history)

    def fit(
        map_id: str, model_id: str, chains: Sequence[str], resolution: float, preset: str, changes: dict[str, object], seed: int
    ) -> None:
        preferred = parts.preferences.current
        controller.start(FitOrder(map_id, model_id, tuple(chains), resolution, preset, changes, seed, preferred.device, preferred.threads))
        window.refresh()

    def copy_command() -> None:
        if session.fit is not None:
            QGuiApplication.clipboard().setText(session.fit.record.command)
            window.show_notice("Copied the command line that repeats this fit.", "info")

    panel.fit_asked.connect(fit)
    panel.cancel_asked.connect(controller.cancel)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    parts.jobs.compute.changed.connect(window.refresh)
    handlers |= {"fit": panel.ask, "cancel": controller.cancel, "copy_command": copy_command}
    return controller
