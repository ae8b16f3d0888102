"""The planes in a real window: by menu, wheel and handles; what is cut off is not met by the pointer; projects keep them."""

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from difffit_app.application import Application
from difffit_app.features.clipping.bar import ClippingBar
from difffit_app.scene.pictures.picture import Outlook, draw_picture
from difffit_app.state.depth import Clip
from difffit_app.state.figure import Figure
from difffit_app.state.project.view import show_view, view_of
from difffit_app.widgets.action_button import ActionButton
from difffit_core.conventions import Array
from difffit_core.errors import UserError


def wheel(application: Application, notches: int, keys: Qt.KeyboardModifier) -> None:
    view = application.window.viewer.fit.plotter
    place, none = view.rect().center(), Qt.MouseButton.NoButton
    there = QPointF(view.mapToGlobal(place))
    delta = QPoint(0, 120 * notches) if keys != Qt.KeyboardModifier.AltModifier else QPoint(120 * notches, 0)
    event = QWheelEvent(QPointF(place), there, QPoint(), delta, none, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view, event)


def test_planes_by_menu_wheel_and_handles(opened: Application, picture_of: Any, qtbot: Any) -> None:
    window, view_state, fit = opened.window, opened.view_state, opened.window.viewer.fit
    opened.session.select_model("model-1")
    model = opened.session.models["model-1"].model
    fit.look_at(fit.models["model-1"].bounds(), fit.aspect)
    shift, ctrl, alt = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    bar = window.findChild(ClippingBar)
    assert not bar.isVisible()
    distance = fit.camera.GetDistance()
    window.actions_by_id["clip"].trigger()
    first = view_state.clip
    assert first is not None
    assert first.front == first.back > 0
    assert bar.isVisible()
    assert window.actions_by_id["clip"].isChecked()
    fit.motion.end()
    wheel(opened, 2, shift)
    assert fit.motion.moving, "so that its frames come quickly"
    assert view_state.clip.front < first.front
    assert view_state.clip.back == first.back
    wheel(opened, -2, shift)
    wheel(opened, 1, shift | ctrl)
    assert abs(view_state.clip.front - first.front) < 0.2, "but for what is plainer while they move"
    assert view_state.clip.back > first.back
    before = view_state.clip
    wheel(opened, 3, alt)
    moved = view_state.clip
    assert moved.front != before.front
    assert abs((moved.front + moved.back) - (before.front + before.back)) < 1e-9
    assert fit.camera.GetDistance() == distance  # none of it zoomed
    fit.motion.end()
    bar.slider.setValue((-4.0, 3.0))
    assert fit.motion.moving
    assert view_state.clip == Clip(4.0, 3.0)
    assert "slab of 7.0 Å" in bar.label.text()

    view_state.set_clip(Clip(0.0, 500.0))
    fit.prepare()
    position = np.array(fit.camera.GetPosition())
    axis = np.array(fit.camera.GetDirectionOfProjection())
    depth = (model.fit_coordinates - position) @ axis - fit.camera.GetDistance()
    picked = residues_under(fit, model.fit_coordinates[depth < -10][::20])
    assert picked
    for residue in picked:
        farthest = ((model.coordinates[model.residue_index == residue] - position) @ axis).max() - fit.camera.GetDistance()
        assert farthest > -4  # as far as a line of sight may be from an atom, and a residue is long

    view_state.set_clip(Clip(500.0, 0.0))
    view_state.set_map_style("map-1", visible=False)
    fit.prepare()
    picked = residues_under(fit, model.fit_coordinates[::20])
    assert picked
    for residue in picked:
        nearest = ((model.coordinates[model.residue_index == residue] - position) @ axis).min() - fit.camera.GetDistance()
        assert nearest < 1, "what is behind the back plane is not met either"
    view_state.set_map_style("map-1", visible=True)
    deep = [fit.under(fit.ray(fit.on_screen(point))) for point in model.fit_coordinates[depth > 10][::20]]
    assert all((one.point - position) @ axis <= fit.camera.GetDistance() + 0.1 for one in deep if one is not None)

    view_state.set_clip(Clip(0.0, 500.0))
    kept = view_of(opened.session, view_state, window.viewer)
    assert (kept.clip.front, kept.clip.back) == (0.0, 500.0)
    bar.close_button.click()
    assert view_state.clip is None
    assert not bar.isVisible()
    show_view(kept, opened.session, view_state)
    assert view_state.clip == Clip(0.0, 500.0)
    opened.session.clear()
    assert view_state.clip is None


def test_planes_are_echoed_and_can_be_typed(opened: Application, qtbot: Any) -> None:
    window, view_state, commands = opened.window, opened.view_state, opened.commands
    window.actions_by_id["clip"].trigger()
    bar = window.findChild(ClippingBar)
    bar.slider.setValue((-4.0, 3.0))
    bar.slider.setValue((-4.5, 3.0))
    wheel(opened, 1, Qt.KeyboardModifier.ShiftModifier)
    assert view_state.clip is not None
    assert view_state.clip.front is not None
    line = f"slab {round(view_state.clip.front, 2)} 3.0"
    assert commands.done[-2:] == ["clip on", line], "one line of a drag"
    qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
    assert view_state.clip is None
    assert commands.done[-1] == "clip off"
    commands.run("slab -2 10.5")
    assert view_state.clip == Clip(-2.0, 10.5)
    commands.run("clip-fix on")
    commands.run("slab 1 2")
    assert view_state.clip.fixed is not None, "they stay fixed"
    with pytest.raises(UserError, match="at least 1 Å between the planes of a slab, got -1"):
        commands.run("slab 1 -2")
    assert (view_state.clip.front, view_state.clip.back) == (1.0, 2.0)


def residues_under(fit: Any, points: Array) -> list[int]:
    """What the lines of sight through these points meet."""
    found = (fit.drawing.residue_under(fit.ray(fit.on_screen(point))) for point in points)
    return [one[1] for one in found if one is not None]


def test_planes_that_are_fixed_stay_in_the_map_as_the_view_is_turned(opened: Application, qtbot: Any) -> None:
    window, view_state, fit = opened.window, opened.view_state, opened.window.viewer.fit
    model = opened.session.models["model-1"].model
    view_state.set_map_style("map-1", visible=False)
    fit.look_at(fit.models["model-1"].bounds(), fit.aspect)
    view_state.set_clip(Clip(0.0, 500.0))
    bar = window.findChild(ClippingBar)
    button = next(one for one in bar.findChildren(ActionButton) if one.text() == "Fix")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    clip, middle, axis = view_state.clip, np.array(fit.camera.GetFocalPoint()), np.array(fit.camera.GetDirectionOfProjection())
    assert clip.fixed is not None
    assert "fixed" in bar.label.text()
    assert (clip.front, clip.back) == (0.0, 500.0)
    fit.camera.Azimuth(120)
    fit.camera.OrthogonalizeViewUp()
    fit.prepare()
    depth = (model.fit_coordinates - middle) @ axis
    picked = residues_under(fit, model.fit_coordinates[::25])
    assert picked
    for residue in picked:
        assert (
            (model.coordinates[model.residue_index == residue] - middle) @ axis
        ).max() > -8  # a line of sight, which is oblique, may pass so far from an atom
    assert depth.min() < -20, "there is something to cut off"
    assert drawn(opened) < 0.8 * drawn(opened, whole=True)

    wheel(opened, 1, Qt.KeyboardModifier.ShiftModifier)
    assert view_state.clip.front == 0.0, "seen from behind, what is nearer is what the back plane cuts off"
    assert view_state.clip.back < 500.0
    view_state.set_clip(clip)
    bar.slider.setValue((-2.0, 3.0))
    assert view_state.clip == Clip(2.0, 3.0, clip.fixed)
    kept = view_of(opened.session, view_state, window.viewer)
    view_state.set_clip(None)
    assert not window.actions_by_id["clip_fix"].isChecked()
    show_view(kept, opened.session, view_state)
    assert view_state.clip == Clip(2.0, 3.0, clip.fixed)
    window.actions_by_id["clip_fix"].trigger()
    assert view_state.clip == Clip(2.0, 3.0), "they go with the view again"
    view_state.set_clip(None)
    fit.prepare()
    assert all(not actor.GetMapper().GetClippingPlanes() for actor in fit.stage.renderer.GetActors() if actor.GetMapper())


def drawn(application: Application, whole: bool = False) -> float:
    """Which share of a picture is covered, with what is cut off now, or without."""
    session, view_state, viewer = application.session, application.view_state, application.window.viewer
    clip = view_state.clip
    if whole:
        view_state.set_clip(None)
    outlook = Outlook(camera=view_of(session, view_state, viewer).camera)
    pixels = np.asarray(draw_picture(session, view_state, Figure(width=120, height=90, legend=False), outlook))
    view_state.set_clip(clip)
    return float((pixels[..., :3].min(axis=-1) < 250).mean())
