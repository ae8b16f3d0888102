"""Looking at one thing among two maps and two models, by the mouse: double clicks, the menu over what one points at, hiding the rest."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QToolTip

from difffit_app.application import Application
from difffit_app.state.subjects import MapSubject, ModelSubject, PlacementSubject, ResidueSubject
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import write_map
from difffit_core.io.models import write_model
from difffit_core.pose import Pose

AWAY = np.array([150.0, 0.0, 0.0])
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def two(fitted: Application, tmp_path: Any, qtbot: Any) -> Application:
    """Two maps and two models, the second of each 150 Å beside the first, which has a fit of two placements."""
    session = fitted.session
    first, model = session.maps["map-1"].density, session.models["model-1"].model
    write_map(tmp_path / "beside.mrc", DensityMap(first.values, first.voxel_size, first.origin + AWAY))
    write_model(tmp_path / "part.cif", model.select_chains(["D", "E"]), Pose(np.eye(3), AWAY))
    fitted.files.open_paths([tmp_path / "beside.mrc", tmp_path / "part.cif"])
    qtbot.waitUntil(lambda: len(session.maps) == 2 and len(session.models) == 2 and not fitted.jobs.reading, timeout=60_000)
    return fitted


def middle_of_view(application: Application) -> np.ndarray:
    return np.array(application.window.viewer.fit.camera.GetFocalPoint())


def menu_of(application: Application, qtbot: Any) -> QMenu:
    """The one that has just opened."""
    qtbot.waitUntil(lambda: any(menu.isVisible() for menu in application.window.findChildren(QMenu, "subjectMenu")))
    return next(menu for menu in application.window.findChildren(QMenu, "subjectMenu") if menu.isVisible())


def words(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def choose(menu: QMenu, *path: str) -> None:
    """Press what stands there, through menus in the menu."""
    for name in path[:-1]:
        menu = next(action for action in menu.actions() if action.text() == name).menu()
    next(action for action in menu.actions() if action.text() == path[-1]).trigger()


def test_a_person_finds_their_way_among_two_maps_and_two_models(two: Application, place_of: Any, point_at: Any, qtbot: Any) -> None:
    window, session, styles = two.window, two.session, two.view_state
    viewer, plotter = window.viewer, window.viewer.fit.plotter
    look = window.actions_by_id["look_at_this"]

    # each is reached, wherever it lies
    for subject, x in ((MapSubject("map-2"), AWAY[0]), (MapSubject("map-1"), 0.0)):
        session.select_map(subject.id)
        look.trigger()
        expected = session.maps["map-1"].density.origin[0] + session.maps["map-1"].density.box[0] / 2 + x
        assert abs(middle_of_view(two)[0] - expected) < 15
    session.select_model("model-2")
    look.trigger()
    np.testing.assert_allclose(middle_of_view(two), np.array(viewer.fit.models["model-2"].bounds()).reshape(3, 2).mean(axis=1), atol=2)

    # a residue inside a map that lets light through is met, named, and centred by a double click
    model = session.models["model-2"].model
    alphas = np.flatnonzero(model.atom_names == "CA")
    near = alphas[np.argmax(model.coordinates[alphas] @ np.array(viewer.fit.camera.GetViewPlaneNormal()))]
    at = place_of(plotter, model.coordinates[near])
    point_at(plotter, at)
    name = f"{model.residue_names[near]} {model.residue_numbers[near]}, chain {model.chain_names[near]} of part.cif"
    qtbot.waitUntil(lambda: QToolTip.text() == name, timeout=5000)
    qtbot.mouseDClick(plotter, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseRelease(plotter, Qt.MouseButton.LeftButton, pos=at)  # which Qt's double click leaves out
    assert np.linalg.norm(middle_of_view(two) - model.coordinates[near]) < 4
    middle = QPoint(plotter.width() // 2, plotter.height() // 2)
    qtbot.mouseClick(plotter, Qt.MouseButton.RightButton, pos=middle)
    menu = menu_of(two, qtbot)
    assert {"Look at This", "Hide Others", "Show All", f"chain {model.chain_names[near]} of part.cif", "part.cif"} <= set(words(menu))
    distance = viewer.fit.camera.GetDistance()
    choose(menu, "Look at This")
    assert viewer.fit.camera.GetDistance() < distance
    menu.close()

    # hide all others, in one step
    window.menu_asked.emit(ModelSubject("model-2"), QPoint(5, 5))
    menu = menu_of(two, qtbot)
    choose(menu, "Hide Others")
    menu.close()
    assert [styles.maps["map-1"].visible, styles.maps["map-2"].visible, styles.models["model-1"].visible] == [False] * 3
    assert styles.models["model-2"].visible
    window.actions_by_id["undo"].trigger()
    assert styles.maps["map-1"].visible
    assert styles.models["model-1"].visible

    # what the menu of the bar does, of the map that was pointed at, though another is chosen
    session.select_map("map-1")
    window.menu_asked.emit(MapSubject("map-2"), QPoint(5, 5))
    menu = menu_of(two, qtbot)
    session.select_map("map-1")
    choose(menu, "Draw As", "Mesh")
    menu.close()
    assert (styles.maps["map-1"].mode, styles.maps["map-2"].mode) == ("surface", "mesh")
    window.menu_asked.emit(ModelSubject("model-1"), QPoint(5, 5))
    menu = menu_of(two, qtbot)
    choose(menu, "Use in Fit")
    menu.close()
    assert window.panels["Fit"].subject()[1] == "model-1"

    # the table and the list open the same
    table = window.panels["Placements"]
    table.view.customContextMenuRequested.emit(table.view.visualRect(table.model.index(1, 0)).center())
    menu = menu_of(two, qtbot)
    assert words(menu)[0] == "Placement 2 of " + session.models["model-1"].name
    choose(menu, "Look at This")
    assert session.placement.rank == 2
    menu.close()
    contents = window.panels["Open"]
    contents.list.customContextMenuRequested.emit(contents.list.visualItemRect(contents.list.item(0)).center())
    menu = menu_of(two, qtbot)
    assert words(menu)[0] == session.maps["map-1"].name
    menu.close()


def test_what_is_gone_is_not_looked_at(two: Application, qtbot: Any) -> None:
    window, looking = two.window, two.looking
    looking.point_at(PlacementSubject("fit-1", 2))
    session = two.session
    fit = next(iter(session.fits))
    session.remove_fit(fit)
    before = middle_of_view(two)
    for subject in (PlacementSubject(fit, 2), ResidueSubject("model-9", 1), MapSubject("map-9")):
        looking.look_at(subject)
        looking.show_only(subject)
    np.testing.assert_array_equal(middle_of_view(two), before)
    plotter = window.viewer.clusters.plotter
    qtbot.mouseClick(plotter, Qt.MouseButton.RightButton, pos=QPoint(3, plotter.height() - 3))
    menu = menu_of(two, qtbot)
    assert "Show All" in words(menu), "over nothing there is a menu, too"
    menu.close()
    qtbot.mousePress(plotter, Qt.MouseButton.RightButton, pos=QPoint(20, 40))
    qtbot.mouseMove(plotter, QPoint(20, 90))
    qtbot.mouseRelease(plotter, Qt.MouseButton.RightButton, pos=QPoint(20, 90))
    assert not any(one.isVisible() for one in window.findChildren(QMenu, "subjectMenu")), "a drag zooms"
