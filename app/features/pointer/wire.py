"""What the pointer tells and does in the fit view."""

import numpy as np
from PySide6.QtWidgets import QLabel

from difffit_app.desk import Desk
from difffit_app.features.pointer.controller import CursorController
from difffit_app.offered import Slices
from difffit_app.scene.stage import Ray
from difffit_app.scene.tools.pointer import Pointer
from difffit_app.window.main_window import MainWindow

_SLOW_FRAME_S = 0.1


def wire(desk: Desk, window: MainWindow, slices: Slices) -> QLabel:
    session, view_state = desk.session, desk.view_state
    viewer, fit = window.viewer, window.viewer.fit
    controller = CursorController(desk)
    label = QLabel()
    label.setAccessibleName("Position and density under the pointer")
    residue = QLabel()
    residue.setAccessibleName("Residue under the pointer")
    for place, each in enumerate((residue, label)):
        window.statusBar().insertPermanentWidget(place, each)

    def cuts() -> bool:
        return session.map is not None and view_state.maps[session.map.id].mode == "slice"

    def show(ray: Ray) -> None:
        label.setText(controller.describe(*ray, np.array(fit.camera.GetFocalPoint())))

    def centre(ray: Ray) -> None:
        if session.map is not None and view_state.maps[session.map.id].all_slices:
            point = controller.slice_under(*ray)
            if point is not None:
                slices.centre_slices(session.map.id, point.tolist())

    def turn(turning: bool) -> None:
        """Draw coarsely while the camera moves, if whole frames take long."""
        if not turning or fit.plotter.renderer.GetLastRenderTimeInSeconds() > _SLOW_FRAME_S:
            fit.drawing.turn(turning)

    pointer = Pointer(fit, cuts)
    pointer.rested.connect(show)
    pointer.left.connect(label.clear)

    def name(found: tuple[str, int] | None) -> None:
        words = controller.name_residue(found)
        residue.setText(words and f"{words}   ·  ")

    fit.residue_hovered.connect(name)
    pointer.stepped.connect(slices.step_slice)
    fit.clicked.connect(centre)
    for one in (pointer, Pointer(viewer.clusters)):
        one.turning.connect(turn)
    return label
