"""Looking round without a mouse."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette

from difffit_app.application import Application
from difffit_app.scene.camera.keys import ZOOM, shift, turn
from difffit_app.scene.camera.pose import camera_height


@pytest.fixture
def focused(fitted: Application, qtbot: Any) -> Application:
    plotter = fitted.window.viewer.fit.plotter
    fitted.window.activateWindow()
    plotter.setFocus()
    qtbot.waitUntil(plotter.hasFocus)
    return fitted


def on_the_left_of(application: Application, point: np.ndarray) -> float:
    """How far left of the middle of the view a point is, in Å."""
    camera = application.window.viewer.fit.camera
    right = np.cross(camera.GetDirectionOfProjection(), camera.GetViewUp())
    return float(-(point - camera.GetFocalPoint()) @ right)


def test_arrows_turn_all_views_by_five_degrees(focused: Application, qtbot: Any) -> None:
    viewer = focused.window.viewer
    before = np.array(viewer.fit.camera.GetDirectionOfProjection())
    near = np.array(viewer.fit.camera.GetFocalPoint()) - 10 * before
    qtbot.keyClick(viewer.fit.plotter, Qt.Key.Key_Left)
    after = np.array(viewer.fit.camera.GetDirectionOfProjection())
    assert np.degrees(np.arccos(before @ after)) == pytest.approx(5)
    assert on_the_left_of(focused, near) > 0.5, "what is near goes to the left"
    np.testing.assert_allclose(viewer.clusters.camera.GetPosition(), viewer.fit.camera.GetPosition())
    qtbot.keyClick(viewer.fit.plotter, Qt.Key.Key_Right)
    np.testing.assert_allclose(viewer.fit.camera.GetDirectionOfProjection(), before, atol=1e-9)
    assert focused.session.placement is not None
    assert focused.session.placement.rank == 1, "arrows in a view leave the table alone"


def test_keys_zoom_and_shift(focused: Application, qtbot: Any) -> None:
    viewer = focused.window.viewer
    distance, middle = viewer.fit.camera.GetDistance(), np.array(viewer.fit.camera.GetFocalPoint())
    qtbot.keyClick(viewer.fit.plotter, Qt.Key.Key_Plus)
    assert viewer.fit.camera.GetDistance() == pytest.approx(distance / ZOOM)
    qtbot.keyClick(viewer.fit.plotter, Qt.Key.Key_Minus)
    assert viewer.fit.camera.GetDistance() == pytest.approx(distance)
    qtbot.keyClick(viewer.fit.plotter, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert on_the_left_of(focused, middle) == pytest.approx(0.04 * camera_height(viewer.fit.camera))


def test_the_menu_does_the_same(focused: Application) -> None:
    camera, actions = focused.window.viewer.fit.camera, focused.window.actions_by_id
    before = np.array(camera.GetPosition())
    for name in ("turn_left", "turn_up", "zoom_in", "zoom_out", "turn_down", "turn_right"):
        actions[name].trigger()
        assert np.linalg.norm(np.array(camera.GetPosition()) - before) > (1 if name != "turn_right" else -1)
    np.testing.assert_allclose(camera.GetPosition(), before, atol=0.5)


def test_the_view_that_has_the_keys_has_a_rim(focused: Application, qtbot: Any) -> None:
    viewer = focused.window.viewer
    highlight = viewer.palette().color(QPalette.ColorRole.Highlight).name()

    def rim(scene: Any) -> str:
        return str(scene.grab().toImage().pixelColor(0, scene.height() // 2).name())

    qtbot.waitUntil(lambda: rim(viewer.fit) == highlight)
    assert rim(viewer.clusters) != highlight
    viewer.clusters.plotter.setFocus()
    qtbot.waitUntil(lambda: rim(viewer.clusters) == highlight)
    assert rim(viewer.fit) != highlight
    assert viewer.fit.plotter.accessibleName()
    assert viewer.clusters.plotter.accessibleName()


def test_turning_and_shifting_are_taken_back_by_their_opposites(focused: Application) -> None:
    camera = focused.window.viewer.fit.camera
    before = np.array([camera.GetPosition(), camera.GetFocalPoint(), camera.GetViewUp()])
    turn(camera, 30, 0)
    turn(camera, -30, 0)
    shift(camera, 0.2, -0.1)
    shift(camera, -0.2, 0.1)
    np.testing.assert_allclose([camera.GetPosition(), camera.GetFocalPoint(), camera.GetViewUp()], before, atol=1e-6)
