"""What the pointer tells and does in the views."""

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QLabel, QToolTip

from difffit_app.desk import Desk
from difffit_app.features.pointer.controller import CursorController
from difffit_app.offered import Slices
from difffit_app.scene.cluster_scene import ClusterScene
from difffit_app.scene.drawings.picking import Under
from difffit_app.scene.fit_scene import FitScene
from difffit_app.scene.stage import Ray
from difffit_app.scene.tools.pointer import Pointer
from difffit_app.state.subjects import PlacementSubject, ResidueSubject
from difffit_app.window.main_window import MainWindow


def wire(desk: Desk, window: MainWindow, slices: Slices, score_of: Callable[[str, int], str]) -> QLabel:
    """``score_of`` tells how well a residue, of a model's id and by its `AtomicModel.residue_index`, fits."""
    session, view_state = desk.session, desk.view_state
    viewer, fit = window.viewer, window.viewer.fit
    controller = CursorController(desk)
    label = QLabel()
    label.setAccessibleName("Position and density under the pointer")
    what = QLabel()
    what.setAccessibleName("What is under the pointer")
    for place, each in enumerate((what, label)):
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

    pointer = Pointer(fit, cuts)
    pointer.rested.connect(show)
    pointer.left.connect(label.clear)

    def name(scene: FitScene | ClusterScene, found: Under | None) -> None:
        """In the status bar, and over the pointer; of placements their own words stand there, see `SpherePicker`."""
        subject = None if found is None else found.subject
        words = controller.name(subject)
        what.setText(words and f"{words}   ·  ")
        if isinstance(subject, PlacementSubject):
            return
        score = score_of(subject.model, subject.residue) if isinstance(subject, ResidueSubject) and words else ""
        if words:
            QToolTip.showText(QCursor.pos(), f"{words}  ·  {score}" if score else words, scene.plotter)
        else:
            QToolTip.hideText()

    fit.rested_on.connect(lambda found: name(fit, found))
    viewer.clusters.rested_on.connect(lambda found: name(viewer.clusters, found))
    pointer.stepped.connect(slices.step_slice)
    fit.clicked.connect(centre)
    return label
