"""Fitting inside a sphere."""

from PySide6.QtCore import Qt

from difffit_app.controllers.regions import RegionsController
from difffit_app.views.panels.sphere_panel import SpherePanel
from difffit_app.wiring.parts import Handlers, Parts

TITLE = "Fit in Sphere"


def wire(parts: Parts, handlers: Handlers) -> RegionsController:
    view_state, window = parts.view_state, parts.window
    panel, scene = SpherePanel(view_state), window.viewer.fit
    dock = window.add_panel(TITLE, panel, Qt.DockWidgetArea.BottomDockWidgetArea, "Placements", shown=False)
    controller = RegionsController(parts.session, view_state, window, window.viewer, window.fit_panel.subject)

    def show(sphere: object) -> None:
        scene.sphere.hold(view_state.sphere if view_state.moving is None else None)
        window.mark("sphere", sphere is not None)
        window.fit_panel.fit.setText("Fit" if sphere is None else "Fit in Sphere")
        if sphere is None:
            dock.hide()
            window.raise_panel("Placements")
        elif not dock.isVisible():
            if view_state.layout == "gallery":
                view_state.set_layout("views")
            window.raise_panel(TITLE)
        window.refresh()

    def show_table(_: object) -> None:
        if view_state.sphere is not None:
            window.raise_panel("Placements")

    parts.session.events.fit_added.connect(show_table)
    panel.sphere_chosen.connect(controller.choose)
    panel.fit_asked.connect(window.fit_panel.ask)
    panel.clear_asked.connect(controller.clear)
    scene.sphere.changed.connect(controller.choose)
    scene.clicked.connect(controller.centre_on)
    view_state.sphere_changed.connect(show)
    view_state.moving_changed.connect(lambda _: scene.sphere.hold(view_state.sphere if view_state.moving is None else None))
    cancel = handlers["cancel"]
    handlers["cancel"] = lambda: controller.clear() if not parts.jobs.fitting and view_state.moving is None else cancel()
    handlers["sphere"] = controller.toggle
    return controller
