"""Looking at one thing: by a double click, from the menu that opens over it, or from the menu View."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from difffit_app.desk import Desk
from difffit_app.features.looking import verbs
from difffit_app.features.looking.apart import ApartController
from difffit_app.features.looking.controller import LookingController
from difffit_app.features.looking.menu import SubjectMenu
from difffit_app.offered import FitSetUp, Selects
from difffit_app.scene.cluster_scene import ClusterScene
from difffit_app.scene.fit_scene import FitScene
from difffit_app.scene.stage import Ray
from difffit_app.state.subjects import PlacementSubject, Subject
from difffit_app.widgets.entries import Entry, fill
from difffit_app.window.main_window import MainWindow
from difffit_core.placement import Placement


def wire(
    desk: Desk, window: MainWindow, fits: FitSetUp, selecting: Selects, named: Callable[[str], Callable[[], None] | None]
) -> LookingController:
    """``named`` gives what looks from where a name says, as front."""
    session, viewer = desk.session, window.viewer
    controller = LookingController(desk, viewer)
    apart = ApartController(desk, controller)
    subjects = SubjectMenu(desk, window, controller, fits, selecting)

    def pop_up(entries: list[Entry], place: QPoint) -> None:
        menu = QMenu(window)
        menu.setObjectName("subjectMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        fill(menu, entries)
        menu.popup(place)

    def open_over(scene: FitScene | ClusterScene, ray: Ray | None, place: QPoint) -> None:
        found = None if ray is None else scene.under(ray)
        if ray is None:  # a key asked: what was chosen last is meant
            pop_up(subjects.entries(controller.current), place)
        elif found is None:
            pop_up(subjects.entries(None), place)
        else:
            pop_up(subjects.entries(found.subject, found.maps), place)

    def open_over_tile(placement: Placement | None, place: QPoint) -> None:
        fit = session.fit
        pop_up(subjects.entries(None if fit is None or placement is None else PlacementSubject(fit.id, placement.rank)), place)

    def centre(scene: FitScene | ClusterScene, ray: Ray) -> None:
        found = scene.under(ray)
        if found is not None:
            controller.point_at(found.subject)
            viewer.centre_on(found.point.tolist())

    def follow(scene: FitScene | ClusterScene) -> None:
        scene.double_clicked.connect(lambda ray: centre(scene, ray))
        scene.menu_asked.connect(lambda ray, place: open_over(scene, ray, place))

    def look_asked(subject: Subject) -> None:
        controller.look_at(subject)

    verbs.add(desk, controller, apart, viewer, named)
    for scene in (viewer.fit, viewer.clusters):
        follow(scene)
    viewer.tile_menu_asked.connect(open_over_tile)
    window.menu_asked.connect(lambda subject, place: pop_up(subjects.entries(subject), place))
    window.look_asked.connect(look_asked)
    window.handlers |= {
        "bring_model": apart.bring,
        "look_at_this": lambda: controller.look_at(controller.current),
        "hide_others": lambda: controller.show_only(controller.current),
        "show_everything": controller.show_all,
    }
    return controller
