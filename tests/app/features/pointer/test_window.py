"""The mouse over the fit view: the status bar, slices, and coarse drawing while it turns."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from difffit_app.application import Application
from difffit_app.scene import plainer, scene_widget
from difffit_app.scene.actors.isosurface import contour, image_of
from difffit_app.state.selection import Selection


def middle(application: Application) -> QPoint:
    plotter = application.window.viewer.fit.plotter
    return QPoint(plotter.width() // 2, plotter.height() // 2)


def wheel(application: Application, notches: int, modifiers: Qt.KeyboardModifier) -> None:
    plotter, place = application.window.viewer.fit.plotter, QPointF(middle(application))
    event = QWheelEvent(
        place, plotter.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plotter, event)


def test_the_status_bar_tells_position_and_density(opened: Application, qtbot: Any) -> None:
    plotter = opened.window.viewer.fit.plotter
    assert opened.cursor.text() == ""
    qtbot.mouseMove(plotter, middle(opened) - QPoint(5, 5))
    qtbot.mouseMove(plotter, middle(opened))
    qtbot.waitUntil(lambda: "Å" in opened.cursor.text() and "density" in opened.cursor.text(), timeout=5000)
    QApplication.sendEvent(plotter, QEvent(QEvent.Type.Leave))
    assert opened.cursor.text() == ""


def test_the_status_bar_names_the_residue_under_the_pointer(opened: Application, place_of: Any, point_at: Any, qtbot: Any) -> None:
    scene, model = opened.window.viewer.fit, opened.session.models["model-1"].model
    label = next(each for each in opened.window.statusBar().findChildren(QLabel) if each.accessibleName() == "What is under the pointer")
    alphas = np.flatnonzero(model.atom_names == "CA")
    nearest = alphas[np.argmax(model.coordinates[alphas] @ np.array(scene.camera.GetViewPlaneNormal()))]
    point_at(scene.plotter, place_of(scene.plotter, model.coordinates[nearest]))
    qtbot.waitUntil(lambda: label.text() != "", timeout=5000)
    name = f"{model.residue_names[nearest]} {model.residue_numbers[nearest]}, chain {model.chain_names[nearest]}"
    assert label.text().rstrip(" ·") == name
    QApplication.sendEvent(scene.plotter, QEvent(QEvent.Type.Leave))
    assert label.text() == ""


def test_ctrl_and_wheel_move_the_slice_and_not_the_camera(opened: Application) -> None:
    opened.styles.change_map("map-1", mode="slice")
    camera = opened.window.viewer.fit.camera
    before, place = camera.GetPosition(), opened.session.maps["map-1"].density.shape_xyz[2] - 1
    wheel(opened, 2, Qt.KeyboardModifier.ControlModifier)
    assert opened.view_state.maps["map-1"].slices[2] == place // 2 + 2
    assert camera.GetPosition() == before
    opened.styles.change_map("map-1", mode="surface")
    wheel(opened, 1, Qt.KeyboardModifier.NoModifier)
    assert camera.GetPosition() != before
    assert opened.view_state.maps["map-1"].slices[2] == place // 2 + 2


def test_a_click_brings_the_other_slices_there(opened: Application, qtbot: Any) -> None:
    opened.styles.change_map("map-1", mode="slice", all_slices=True, slices=(0, 0, 5))
    item, scene = opened.session.maps["map-1"], opened.window.viewer.fit
    target = item.density.origin + np.array([7, 9, 5]) * item.density.voxel_size
    scene.camera.SetFocalPoint(*target)
    scene.camera.SetPosition(*(target + np.array([1.0, 2.0, 300.0])))
    qtbot.mouseClick(scene.plotter, Qt.MouseButton.LeftButton, pos=middle(opened))
    np.testing.assert_allclose(opened.view_state.maps["map-1"].slices, (7, 9, 5), atol=1)
    assert opened.view_state.maps["map-1"].slices[2] == 5


@pytest.mark.parametrize("slow", [True, False])
def test_slow_frames_are_drawn_plainly_while_the_mouse_turns(
    opened: Application, slow: bool, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fewer triangles, no soft shadows, no smooth edges; all of it is back at rest."""
    monkeypatch.setattr(scene_widget, "SLOW_FRAME_S", -1.0 if slow else 1e9)
    monkeypatch.setattr(plainer, "MANY", 100)
    viewer = opened.window.viewer
    plotter, actor, model = viewer.fit.plotter, viewer.fit.maps["map-1"], viewer.fit.models["model-1"]
    opened.view_state.set_effects(soft_shadows=True)
    opened.styles.change_map("map-1", step=1)  # the voxels as they are, however near
    whole, colours = actor.triangle_count, model.actor.GetMapper().GetInput().GetPointData().GetScalars()

    def look() -> tuple[bool, bool, bool]:
        renderer = plotter.renderer
        return actor.triangle_count == whole, bool(renderer.GetUseFXAA()), bool(renderer.GetUseSSAO())

    qtbot.mousePress(plotter, Qt.MouseButton.LeftButton, pos=middle(opened))
    for step in (30, 40):
        place = QPointF(middle(opened) + QPoint(step, 10))
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(plotter, QMouseEvent(QEvent.Type.MouseMove, place, plotter.mapToGlobal(place), left, left, none))
    assert viewer.fit.motion.moving
    if slow:
        qtbot.waitUntil(lambda: look() == (False, False, False) or not viewer.fit.motion.moving)
    else:
        assert look() == (True, True, True)
    qtbot.mouseRelease(plotter, Qt.MouseButton.LeftButton, pos=middle(opened) + QPoint(40, 10))
    qtbot.waitUntil(lambda: not opened.jobs.geometry.busy)
    qtbot.waitUntil(lambda: not viewer.fit.motion.moving)
    assert look() == (True, True, True)
    wheel(opened, 1, Qt.KeyboardModifier.NoModifier)
    assert look() == ((False, False, False) if slow else (True, True, True)), "what was made is there from the beginning"
    opened.view_state.select(Selection.of({"model-1": [5]}))  # which paints, while another surface is drawn
    qtbot.waitUntil(lambda: not viewer.fit.motion.moving)
    assert look() == (True, True, True)
    painted = model.actor.GetMapper().GetInput()
    assert painted.GetPointData().GetScalars().GetNumberOfTuples() == painted.GetNumberOfPoints()
    assert painted.GetPointData().GetScalars() is not colours


@pytest.mark.parametrize("slow", [True, False])
def test_what_is_near_is_drawn_finely_once_it_rests(opened: Application, slow: bool, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene_widget, "SLOW_FRAME_S", -1.0 if slow else 1e9)
    monkeypatch.setattr(plainer, "MANY", 10**9)
    scene = opened.window.viewer.fit
    actor = scene.maps["map-1"]
    plain = contour(image_of(actor.density), actor.style.level).GetNumberOfPolys()
    for _ in range(4):
        wheel(opened, 1, Qt.KeyboardModifier.NoModifier)
    assert scene.motion.moving
    qtbot.waitUntil(lambda: actor.triangle_count > 1.5 * plain and not scene.motion.moving, timeout=20_000)
    fine = actor.triangle_count
    wheel(opened, 1, Qt.KeyboardModifier.NoModifier)
    assert actor.triangle_count == (plain if slow else fine)
    for _ in range(20):
        wheel(opened, -1, Qt.KeyboardModifier.NoModifier)
    qtbot.waitUntil(lambda: actor.triangle_count == plain and not scene.motion.moving, timeout=20_000)
    qtbot.waitUntil(lambda: not opened.jobs.geometry.busy)
