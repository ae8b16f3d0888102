"""Map and spheres in one scene."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolTip
from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.application import Application
from difffit_app.scene.camera.offset import beside


@pytest.fixture
def offset(fitted: Application, qtbot: Any) -> Application:
    qtbot.mouseClick(fitted.window.viewer.offset_switch, Qt.MouseButton.LeftButton)
    viewer = fitted.window.viewer
    qtbot.waitUntil(lambda: not viewer.clusters.isVisible())
    qtbot.waitUntil(lambda: viewer.fit.plotter.width() > 0.95 * viewer.width())
    return fitted


def shift_of(application: Application) -> np.ndarray:
    return application.window.viewer.clusters.drawing.shift


def test_the_spheres_stand_beside_the_map_by_the_width_of_its_box(offset: Application) -> None:
    box = offset.session.maps["map-1"].density.box
    np.testing.assert_allclose(shift_of(offset), [1.05 * box[0], 0, 0])
    drawing = offset.window.viewer.clusters.drawing
    np.testing.assert_allclose(drawing.spheres.solid.GetPosition(), shift_of(offset))
    np.testing.assert_allclose(drawing.spheres.halo.GetPosition(), drawing.spheres.centres[0] + shift_of(offset))
    fit = offset.window.viewer.fit.plotter.renderer
    assert fit.HasViewProp(drawing.spheres.solid)
    assert not offset.window.viewer.clusters.plotter.renderer.HasViewProp(drawing.spheres.solid)


def test_the_camera_holds_both(offset: Application, place_of: Callable[..., QPoint]) -> None:
    viewer = offset.window.viewer
    plotter = viewer.fit.plotter
    boxes = [viewer.fit.visible_bounds(), viewer.clusters.drawing.visible_bounds()]
    middles = [np.array(box).reshape(3, 2).mean(axis=1) for box in boxes if box is not None]
    left, right = (place_of(plotter, middle) for middle in middles)
    assert 0 < left.x() < plotter.width() / 2 < right.x() < plotter.width()
    assert plotter.width() == pytest.approx(viewer.width(), abs=4), "the right pane gives its room to the one scene"


def test_spheres_are_picked_and_named_where_they_are_seen(
    offset: Application, place_of: Callable[..., QPoint], point_at: Callable[..., None], qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: told.append(text))
    plotter, spheres = offset.window.viewer.fit.plotter, offset.window.viewer.clusters.spheres
    place = place_of(plotter, spheres.centres[1] + shift_of(offset))
    point_at(plotter, place)
    assert told[-1].startswith("Placement 2: ")
    qtbot.mouseClick(plotter, Qt.MouseButton.LeftButton, pos=place)
    assert offset.session.placement is not None
    assert offset.session.placement.rank == 2
    np.testing.assert_allclose(spheres.halo.GetPosition(), spheres.centres[1] + shift_of(offset))
    qtbot.mouseClick(plotter, Qt.MouseButton.LeftButton, pos=place_of(plotter, spheres.centres[0]))
    assert offset.session.placement.rank == 2, "there is no sphere in the map itself"


def test_back_in_two_views_all_is_as_before(fitted: Application, qtbot: Any, picture_of: Callable[..., np.ndarray]) -> None:
    viewer, actions = fitted.window.viewer, fitted.window.actions_by_id
    viewer.fit.camera.Zoom(1)
    before = viewer.current_camera()
    qtbot.waitUntil(lambda: picture_of(viewer.clusters.plotter).std() > 3, timeout=20_000)
    seen = picture_of(viewer.clusters.plotter)
    actions["offset"].trigger()
    assert actions["offset"].isChecked()
    assert viewer.offset_switch.isChecked()
    actions["views"].trigger()
    assert not viewer.offset_switch.isChecked()
    np.testing.assert_allclose(np.concatenate(viewer.current_camera()[:3]), np.concatenate(before[:3]), atol=1e-6)
    np.testing.assert_array_equal(shift_of(fitted), 0)
    np.testing.assert_allclose(viewer.clusters.spheres.halo.GetPosition(), viewer.clusters.spheres.centres[0])
    qtbot.waitUntil(lambda: np.abs(picture_of(viewer.clusters.plotter) - seen).mean() < 0.5, timeout=20_000)


def test_the_switch_off_and_the_menu_agree(offset: Application, qtbot: Any) -> None:
    qtbot.mouseClick(offset.window.viewer.offset_switch, Qt.MouseButton.LeftButton)
    assert offset.view_state.layout == "views"
    assert not offset.window.actions_by_id["offset"].isChecked()
    qtbot.waitUntil(offset.window.viewer.clusters.isVisible)


def test_a_map_and_a_fit_that_come_later_are_shown_beside_too(opened: Application, make_fit: Callable[..., Any]) -> None:
    opened.window.actions_by_id["offset"].trigger()
    opened.session.add_fit(make_fit())
    drawing = opened.window.viewer.clusters.drawing
    assert np.linalg.norm(drawing.shift) > 10
    np.testing.assert_allclose([ghost.GetPosition() for ghost in drawing._ghosts["map-1"]], [drawing.shift] * 2)
    opened.window.actions_by_id["close_all"].trigger()
    assert opened.view_state.layout == "views"


@pytest.mark.parametrize(
    ("position", "up", "expected"),
    [
        ((0, 0, 1), (0, 1, 0), (10.5, 0, 0)),
        ((0, 0, -1), (0, 1, 0), (-10.5, 0, 0)),
        ((1, 0, 0), (0, 0, 1), (0, 21, 0)),
        ((0, 1, 0), (1, 0, 0), (0, 0, 31.5)),
    ],
)
def test_the_shift_goes_to_the_right_as_it_is_seen(position: Any, up: Any, expected: Any) -> None:
    camera = vtkCamera()
    camera.SetPosition(*position)
    camera.SetFocalPoint(0, 0, 0)
    camera.SetViewUp(*up)
    np.testing.assert_allclose(beside(camera, np.array([10.0, 20.0, 30.0])), expected, atol=1e-9)
