"""Fitting inside a sphere."""

from PySide6.QtCore import Qt

from difffit_app.commands.things import InSphere
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.sphere.controller import RegionsController
from difffit_app.features.sphere.panel import SpherePanel
from difffit_app.offered import FitSetUp
from difffit_app.state.items import OpenFit
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError
from difffit_core.fit.sphere import Sphere
from difffit_core.number_words import decimal_numbers

TITLE = "Fit in Sphere"


def wire(desk: Desk, window: MainWindow, fit_panel: FitSetUp) -> RegionsController:
    view_state = desk.view_state
    panel, scene = SpherePanel(view_state), window.viewer.fit
    dock = window.add_panel(TITLE, panel, Qt.DockWidgetArea.BottomDockWidgetArea, "Placements", shown=False)
    controller = RegionsController(desk, window.viewer, fit_panel.subject)

    def show(sphere: object) -> None:
        scene.sphere.hold(view_state.sphere if view_state.moving is None else None)
        window.mark("sphere", sphere is not None)
        if sphere is None:
            dock.hide()
            window.raise_panel("Placements")
        elif not dock.isVisible():
            if view_state.layout == "gallery":
                view_state.set_layout("views")
            window.raise_panel(TITLE)
        window.refresh()

    def show_table(fit: OpenFit) -> None:
        if view_state.sphere is not None and fit.record.screen is None:
            window.raise_panel("Placements")

    def put(recipe: InSphere) -> None:
        words, there = recipe.place, view_state.sphere is not None
        if len(words) < 2 and (not words or words[0] in ("on", "off")):
            if not words or there is not (words[0] == "on"):
                controller.toggle()
            return
        try:
            x, y, z, radius = decimal_numbers(",".join(words))
        except ValueError:
            raise UserError(f"sphere wants four numbers, X Y Z RADIUS in Å, or on or off, got {' '.join(words)}") from None
        controller.choose(Sphere((x, y, z), radius))

    desk.commands.add(Verb("sphere", InSphere, put, "Have the next fit look in a sphere only: sphere 10 20 30 15, sphere off"))
    desk.session.events.fit_added.connect(show_table)
    panel.sphere_chosen.connect(controller.choose)
    panel.fit_asked.connect(fit_panel.ask)
    panel.clear_asked.connect(controller.clear)
    scene.sphere.changed.connect(controller.choose)
    scene.clicked.connect(controller.centre_on)
    view_state.sphere_changed.connect(show)
    view_state.moving_changed.connect(lambda _: scene.sphere.hold(view_state.sphere if view_state.moving is None else None))
    window.escape.add("sphere", lambda: view_state.sphere is not None, controller.clear)
    window.handlers["sphere"] = controller.toggle
    return controller
