"""Distances and angles between atoms."""

from difffit_app.desk import Desk
from difffit_app.features.measuring.controller import MeasuringController
from difffit_app.scene.stage import Ray
from difffit_app.window.main_window import MainWindow


def wire(desk: Desk, window: MainWindow) -> MeasuringController:
    view_state, scene = desk.view_state, window.viewer.fit
    controller = MeasuringController(desk)

    def click(ray: Ray) -> None:
        if not view_state.measuring:
            return
        found = scene.under(ray)
        subject = None if found is None else found.subject
        actor = scene.models.get(getattr(subject, "model", ""))
        controller.take(subject, None if found is None else found.point, None if actor is None else actor.pose)

    def show(on: bool) -> None:
        window.mark("measure", on)
        window.refresh()

    scene.clicked.connect(click)
    view_state.measuring_changed.connect(show)
    desk.session.events.cleared.connect(lambda: view_state.set_measuring(False))
    window.escape.add("measuring", lambda: view_state.measuring, controller.stop)
    window.handlers |= {"measure": controller.toggle, "clear_measured": controller.clear}
    return controller
