"""Moving a model with real mouse and key events, and the sphere to fit inside."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from scipy.spatial.transform import Rotation

from difffit_app.application import Application
from difffit_app.scene.tools.hand_tool import angstroms_a_pixel, view_frame
from difffit_app.state.items import OpenFit
from difffit_core.pose import Pose

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
PLAIN, SHIFT, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def moving(fitted: Application, qtbot: Any) -> Application:
    """The mode on, the scores there."""
    fitted.window.actions_by_id["move"].trigger()
    panel = fitted.window.panel("Move by Hand").widget()
    qtbot.waitUntil(lambda: panel.values["inside"].text() != "…", timeout=60_000)
    return fitted


def middle_of_view(application: Application) -> QPoint:
    plotter = application.window.viewer.fit.plotter
    return QPoint(plotter.width() // 2, plotter.height() // 2)


def drag(application: Application, by: QPoint, button: Qt.MouseButton = LEFT, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    plotter, start = application.window.viewer.fit.plotter, middle_of_view(application)
    QTest.mousePress(plotter, button, modifier, start)
    for share in (0.5, 1.0):
        place = QPointF(start) + QPointF(by) * share
        QApplication.sendEvent(plotter, mouse_move(place, button, modifier))
    QTest.mouseRelease(plotter, button, modifier, start + by)


def mouse_move(place: QPointF, button: Qt.MouseButton, modifier: Qt.KeyboardModifier) -> Any:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    return QMouseEvent(QEvent.Type.MouseMove, place, place, Qt.MouseButton.NoButton, button, modifier)


def wheel(application: Application, modifier: Qt.KeyboardModifier, notches: int) -> None:
    plotter = application.window.viewer.fit.plotter
    place = QPointF(middle_of_view(application))
    delta = QPoint(0, 120 * notches)
    QApplication.sendEvent(
        plotter, QWheelEvent(place, place, QPoint(), delta, Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False)
    )


def placed(application: Application) -> Pose:
    assert application.session.placement is not None
    return application.session.placement.pose


def hand(application: Application) -> Any:
    assert application.session.hand is not None
    return application.session.hand


def shown_matrix(application: Application) -> np.ndarray:
    matrix = application.window.viewer.fit.models["model-1"].actor.GetUserMatrix()
    return np.array([[matrix.GetElement(row, column) for column in range(4)] for row in range(3)])


def test_shift_drag_moves_the_model_with_the_pointer(moving: Application) -> None:
    scene = moving.window.viewer.fit
    camera = np.array(scene.camera.GetPosition())
    middle = placed(moving).apply(np.zeros(3))
    before = shown_matrix(moving)
    frame = view_frame(scene.camera)
    anchor = np.array(scene.models["model-1"].bounds()).reshape(3, 2).mean(axis=1)
    expected = (30 * frame[:, 0] - 20 * frame[:, 1]) * angstroms_a_pixel(scene, anchor)
    drag(moving, QPoint(30, 20), modifier=SHIFT)
    np.testing.assert_allclose(hand(moving).pose.apply(np.zeros(3)) - middle, expected, atol=1e-6)
    np.testing.assert_allclose(shown_matrix(moving)[:, 3] - before[:, 3], expected, atol=1e-6)
    np.testing.assert_array_equal(scene.camera.GetPosition(), camera)
    assert scene.models["model-1"].chains == ("D", "E")
    assert "Moved by hand" in moving.window.viewer.fit_title
    drag(moving, QPoint(-30, -20), MIDDLE)
    np.testing.assert_allclose(hand(moving).pose.apply(np.zeros(3)), middle, atol=1e-3)


def test_a_drag_turns_the_front_of_the_model_after_the_pointer(moving: Application) -> None:
    frame = view_frame(moving.window.viewer.fit.camera)
    drag(moving, QPoint(40, 0))
    turn = hand(moving).pose.rotation @ placed(moving).rotation.T
    front = frame[:, 2]
    assert turn @ front @ frame[:, 0] > 0.05, "the side that faces the viewer goes right"
    np.testing.assert_allclose(turn @ frame[:, 1], frame[:, 1], atol=1e-9)
    np.testing.assert_allclose(hand(moving).centre, placed(moving).apply(hand(moving).middle), atol=1e-9)
    moving.window.actions_by_id["undo"].trigger()
    assert moving.session.hand is None
    drag(moving, QPoint(40, 0), modifier=CONTROL)
    roll = hand(moving).pose.rotation @ placed(moving).rotation.T
    np.testing.assert_allclose(roll @ front, front, atol=1e-9)


def test_a_right_drag_and_the_plain_wheel_are_the_cameras(moving: Application) -> None:
    camera = moving.window.viewer.fit.camera
    before = np.array(camera.GetPosition())
    drag(moving, QPoint(40, 10), RIGHT)
    after = np.array(camera.GetPosition())
    assert np.linalg.norm(after - before) > 1
    np.testing.assert_allclose(moving.window.viewer.clusters.camera.GetPosition(), after)
    wheel(moving, PLAIN, 1)
    assert np.linalg.norm(np.array(camera.GetPosition()) - after) > 1
    assert moving.session.hand is None


def test_the_wheel_with_control_moves_it_away_and_back(moving: Application, qtbot: Any) -> None:
    back = view_frame(moving.window.viewer.fit.camera)[:, 2]
    step = moving.window.panel("Move by Hand").widget().step.value()
    wheel(moving, CONTROL, 2)
    np.testing.assert_allclose(hand(moving).pose.translation - placed(moving).translation, -2 * step * back, atol=0.02)
    qtbot.waitUntil(lambda: moving.history.stack.undoText() == "Move by Hand", timeout=5000)


def test_keys_nudge_in_the_view(moving: Application) -> None:
    frame = view_frame(moving.window.viewer.fit.camera)
    moving.window.panel("Move by Hand").widget().step.setValue(2.5)
    plotter = moving.window.viewer.fit.plotter
    for name, column, sign in (
        ("Right", 0, 1), ("Left", 0, -1), ("Up", 1, 1), ("Down", 1, -1), ("PageUp", 2, -1), ("PageDown", 2, 1),
    ):  # fmt: skip
        key = getattr(Qt.Key, f"Key_{name}")
        QTest.keyClick(plotter, key)
        np.testing.assert_allclose(hand(moving).pose.translation - placed(moving).translation, sign * 2.5 * frame[:, column], atol=1e-9)
        before = hand(moving).pose.rotation
        QTest.keyClick(plotter, key, SHIFT)
        assert np.degrees(Rotation.from_matrix(hand(moving).pose.rotation @ before.T).magnitude()) == pytest.approx(2)
        assert moving.history.stack.undoText() == "Move by Hand"
        for _ in range(2):
            moving.window.actions_by_id["undo"].trigger()
        assert moving.session.hand is None


def test_the_scores_follow_and_both_views(moving: Application, qtbot: Any) -> None:
    panel = moving.window.panel("Move by Hand").widget()
    assert panel.changes["inside"].text() == "as before"
    moving.moving.shift(np.array([400.0, 0.0, 0.0]))
    qtbot.waitUntil(lambda: panel.values["inside"].text() == "0%", timeout=5000)
    np.testing.assert_allclose(moving.window.viewer.clusters.spheres.halo.GetPosition(), hand(moving).centre)
    panel.buttons["put_back"].click()
    qtbot.waitUntil(lambda: panel.changes["inside"].text() == "as before", timeout=5000)
    np.testing.assert_allclose(shown_matrix(moving)[:, 3], placed(moving).translation)


def test_done_leaves_it_there_and_escape_takes_it_back(moving: Application) -> None:
    window = moving.window
    drag(moving, QPoint(30, 0), modifier=SHIFT)
    window.panel("Move by Hand").widget().buttons["done"].click()
    assert not window.actions_by_id["move"].isChecked()
    assert not window.panel("Move by Hand").isVisible()
    assert moving.session.hand is not None
    camera = np.array(window.viewer.fit.camera.GetPosition())
    pose = hand(moving).pose
    drag(moving, QPoint(40, 10))
    assert np.linalg.norm(np.array(window.viewer.fit.camera.GetPosition()) - camera) > 1
    assert hand(moving).pose is pose
    window.actions_by_id["move"].trigger()
    window.actions_by_id["cancel"].trigger()
    assert moving.session.hand is None
    assert moving.view_state.moving is None


@pytest.mark.slow
def test_a_model_that_was_never_fitted_is_moved_kept_and_undone(opened_example: Application, qtbot: Any) -> None:
    application = opened_example
    window, panel = application.window, application.window.panels["Fit"]
    panel.chains.choose(("D", "E"))
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    panel.form.editors["starts"].set_value(150)
    window.actions_by_id["move"].trigger()
    drag(application, QPoint(20, 10), modifier=SHIFT)
    pose = hand(application).pose
    window.actions_by_id["keep"].trigger()
    qtbot.waitUntil(lambda: application.session.fit is not None, timeout=120_000)
    fit = application.session.fit
    assert fit is not None
    np.testing.assert_allclose(fit.placements[0].pose.translation, pose.translation, atol=1e-6)
    assert fit.record.recipe.start is not None
    assert "--start=" in fit.record.command
    assert application.session.hand is None
    assert not panel.form.changes().keys() & {"refine_steps", "polish_steps"}, "the next search refines as before"
    window.actions_by_id["undo"].trigger()
    assert application.session.fits == {}
    np.testing.assert_array_equal(hand(application).pose.translation, pose.translation)


@pytest.mark.slow
def test_refine_here_climbs_back_to_the_truth(opened_example: Application, qtbot: Any, repository: Any) -> None:
    application = opened_example
    panel = application.window.panels["Fit"]
    panel.chains.choose(("D", "E"))
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    application.window.actions_by_id["move"].trigger()
    table = (repository / "resources" / "example" / "README.md").read_text().splitlines()
    rows = [line.replace("|", " ").split() for line in table if " |  " in line]
    truth = np.array([[float(number) for number in row] for row in rows if len(row) == 4])
    application.moving.turn(truth[:, :3])
    application.moving.shift(truth[:, 3] - hand(application).pose.translation + [2.0, -1.5, 1.0])
    application.moving.settle()
    application.window.panel("Move by Hand").widget().buttons["refine"].click()
    qtbot.waitUntil(lambda: application.session.fit is not None, timeout=120_000)
    pose = placed(application)
    points = application.session.models["model-1"].model.select_chains(("D", "E")).fit_coordinates
    apart = pose.apply(points) - Pose(truth[:, :3], truth[:, 3]).apply(points)
    assert np.sqrt((apart**2).sum(axis=1).mean()) < 0.2
    assert application.history.stack.undoText().startswith("Refine ")


@pytest.fixture
def sphered(fitted: Application) -> Application:
    """A sphere shown around the placed model."""
    fitted.window.actions_by_id["sphere"].trigger()
    return fitted


def test_the_sphere_is_dragged_by_its_middle_and_resized_by_its_rim(sphered: Application, qtbot: Any) -> None:
    scene, state = sphered.window.viewer.fit, sphered.view_state
    scene.look_at((-60, 60, -60, 60, -60, 60), 1.0)
    assert state.sphere is not None
    first = state.sphere
    scene.camera.SetFocalPoint(*first.centre)
    scene.camera.SetPosition(*(np.array(first.centre) + np.array([0, 0, 8 * first.radius])))
    scene.camera.SetViewUp(0, 1, 0)
    drag(sphered, QPoint(30, 0))
    assert state.sphere.centre[0] - first.centre[0] == pytest.approx(30 * angstroms_a_pixel(scene, np.array(first.centre)), rel=0.01)
    assert state.sphere.radius == first.radius
    drag(sphered, QPoint(0, 60))
    assert state.sphere.centre[0] != first.centre[0], "the camera turned, and the sphere stayed"
    wheel(sphered, CONTROL, 3)
    assert state.sphere.radius == pytest.approx(first.radius * 1.05**3)
    rim = scene.on_screen(np.array(state.sphere.centre) + view_frame(scene.camera)[:, 0] * state.sphere.radius)
    middle = scene.on_screen(np.array(state.sphere.centre))
    plotter = scene.plotter
    QTest.mousePress(plotter, LEFT, PLAIN, rim.toPoint())
    QApplication.sendEvent(plotter, mouse_move(middle + (rim - middle) * 0.5, LEFT, PLAIN))
    QTest.mouseRelease(plotter, LEFT, PLAIN, middle.toPoint())
    assert state.sphere.radius == pytest.approx(first.radius * 1.05**3 / 2, rel=0.1)


def test_the_sphere_has_numbers_and_goes_with_escape(sphered: Application) -> None:
    window, state = sphered.window, sphered.view_state
    panel = window.panel("Fit in Sphere").widget()
    panel.centre[1].setValue(12.5)
    panel.radius.setValue(9.0)
    assert state.sphere is not None
    assert (state.sphere.centre[1], state.sphere.radius) == (12.5, 9.0)
    assert window.panels["Fit"].foot.start.text() == "Fit in Sphere"
    for scene in (window.viewer.fit, window.viewer.clusters):
        assert [actor.GetVisibility() for actor in scene._region.actors] == [1, 1, 1]
        assert scene._region.actors[0].GetScale() == (9.0, 9.0, 9.0)
    window.actions_by_id["cancel"].trigger()
    assert state.sphere is None
    assert window.panels["Fit"].foot.start.text() == "Fit"
    assert not window.panel("Fit in Sphere").isVisible()


@pytest.mark.slow
def test_a_fit_inside_the_sphere_finds_only_what_lies_there(
    opened_example: Application, qtbot: Any, make_fit: Callable[..., OpenFit]
) -> None:
    application = opened_example
    panel = application.window.panels["Fit"]
    panel.chains.choose(("B",))
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    panel.form.editors["starts"].set_value(200)
    application.window.actions_by_id["sphere"].trigger()
    density = application.session.maps["map-1"].density
    x, y, z = density.positions(np.argwhere(density.values > 0.8))[:2000].mean(axis=0).tolist()
    sphere_panel = application.window.panel("Fit in Sphere").widget()
    for box, value in zip((*sphere_panel.centre, sphere_panel.radius), (x, y, z, 15.0), strict=True):
        box.setValue(value)
    sphere_panel.fit.click()
    qtbot.waitUntil(lambda: application.session.fit is not None, timeout=120_000)
    fit = application.session.fit
    assert fit is not None
    assert fit.record.recipe.region is not None
    assert fit.record.recipe.region.holds(fit.centres()).all()
    assert "--within=" in fit.record.command
