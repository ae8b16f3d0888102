"""Replaying how placements converged."""

from difffit_app.desk import Desk
from difffit_app.features.replay.bar import ReplayBar
from difffit_app.features.replay.controller import ReplaysController
from difffit_app.window.main_window import MainWindow


def wire(desk: Desk, window: MainWindow) -> ReplaysController:
    session, bar = desk.session, ReplayBar(window.icons)
    window.add_bar(bar)
    window.landmarks["replay"] = bar
    controller = ReplaysController(desk, bar)

    def toggle() -> None:
        controller.toggle()
        window.mark("replay", controller.is_open)

    def close() -> None:
        controller.close()
        window.mark("replay", False)

    def go_to(step: int | None) -> None:
        controller.go_to(step)
        window.mark("replay", controller.is_open)

    desk.view_state.replay_asked.connect(go_to)
    session.events.fit_selected.connect(lambda _: controller.follow())
    window.theme_changed.connect(lambda _: bar.set_icons())
    bar.step_chosen.connect(controller.show_step)
    bar.close_asked.connect(close)
    window.handlers |= {"replay": toggle}
    return controller
