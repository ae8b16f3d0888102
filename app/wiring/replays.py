"""Replaying how placements converged."""

from difffit_app.controllers.replays import ReplaysController
from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> ReplaysController:
    session, window, bar = parts.session, parts.window, parts.window.replay_bar
    controller = ReplaysController(session, parts.view_state, parts.jobs, window, bar)

    def toggle() -> None:
        controller.toggle()
        window.mark("replay", controller.is_open)

    def close() -> None:
        controller.close()
        window.mark("replay", False)

    def go_to(step: int | None) -> None:
        controller.go_to(step)
        window.mark("replay", controller.is_open)

    parts.view_state.replay_asked.connect(go_to)
    session.events.fit_selected.connect(lambda _: controller.follow())
    bar.step_chosen.connect(controller.show_step)
    bar.close_asked.connect(close)
    handlers |= {"replay": toggle}
    return controller
