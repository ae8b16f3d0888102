"""The mouse over the fit view: the status bar, slices, and coarse drawing while it turns."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from difffit_app.application import Application
from difffit_app.features.pointer import wire as pointer


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
def test_slow_frames_are_drawn_coarsely_while_the_mouse_turns(
    opened: Application, slow: bool, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pointer, "_SLOW_FRAME_S", -1.0 if slow else 1e9)
    plotter, actor = opened.window.viewer.fit.plotter, opened.window.viewer.fit.maps["map-1"]
    turned: list[bool] = []
    monkeypatch.setattr(actor, "turn", turned.append)
    qtbot.mousePress(plotter, Qt.MouseButton.LeftButton, pos=middle(opened))
    qtbot.mouseMove(plotter, middle(opened) + QPoint(30, 10))
    qtbot.mouseMove(plotter, middle(opened) + QPoint(40, 10))
    qtbot.mouseRelease(plotter, Qt.MouseButton.LeftButton, pos=middle(opened) + QPoint(40, 10))
    assert turned == ([True, False] if slow else [False])
    turned.clear()
    wheel(opened, 1, Qt.KeyboardModifier.NoModifier)
    assert turned == ([True] if slow else [])
    qtbot.waitUntil(lambda: turned[-1:] == [False], timeout=5000)
