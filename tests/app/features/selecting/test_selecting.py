"""Residues and chains picked in 3D and in the sequence among two models; hidden, coloured, fitted, taken out of a map and written."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from vtkmodules.util.numpy_support import vtk_to_numpy

from difffit_app.application import Application
from difffit_app.features.selecting.bar import SequenceBar
from difffit_app.features.selecting.strip import EYE, HEAD, SequenceStrip
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.state.selection import Selection, residues_of
from difffit_app.state.subjects import ResidueSubject
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose
from difffit_core.quality.sample import sample

NONE, CTRL, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def two(fitted: Application, tmp_path: Path, qtbot: Any) -> Application:
    """Two models, the second of two chains 150 Å beside the first, which is in a placement."""
    session = fitted.session
    model = session.models["model-1"].model
    write_model(tmp_path / "part.cif", model.select_chains(["D", "E"]), Pose(np.eye(3), np.array([150.0, 0.0, 0.0])))
    fitted.files.open_paths([tmp_path / "part.cif"])
    qtbot.waitUntil(lambda: len(session.models) == 2 and not fitted.jobs.reading, timeout=60_000)
    return fitted


def bar_of(application: Application) -> SequenceBar:
    return application.window.findChild(SequenceBar)


def click(strip: SequenceStrip, place: tuple[int, int], qtbot: Any, keys: Qt.KeyboardModifier = NONE) -> None:
    qtbot.mouseClick(strip.viewport(), LEFT, keys, strip.rect_of(place).center())


def drawn(actor: ModelActor) -> int:
    """How many residues are."""
    return len(np.unique(actor.item.model.residue_index[actor._mesh.atoms]))


def colour_of(actor: ModelActor, residue: int) -> list[int]:
    colours = vtk_to_numpy(actor.actor.GetMapper().GetInput().GetPointData().GetScalars())
    return colours[actor.item.model.residue_index[actor._mesh.atoms] == residue][0].tolist()


def test_picked_in_3d_and_in_the_sequence(two: Application, place_of: Any, qtbot: Any) -> None:
    window, session, view = two.window, two.session, two.view_state
    plotter, bar = window.viewer.fit.plotter, bar_of(two)
    assert bar.isHidden()
    session.select_model("model-2")
    window.actions_by_id["look_at_this"].trigger()
    model, actor = session.models["model-2"].model, window.viewer.fit.models["model-2"]
    alphas = np.flatnonzero(model.atom_names == "CA")
    near = alphas[np.argmax(model.coordinates[alphas] @ np.array(window.viewer.fit.camera.GetViewPlaneNormal()))]
    picked = int(model.residue_index[near])
    before = colour_of(actor, picked)
    qtbot.mouseClick(plotter, LEFT, CTRL, place_of(plotter, model.coordinates[near]))
    assert view.selection == Selection.of({"model-2": [picked]})
    assert colour_of(actor, picked) != before
    assert not bar.isHidden(), "it shows what was picked"
    strip = bar.strip
    assert [row.chain for row in strip.rows] == ["D", "E"]
    assert f"{model.chain_names[near]} {model.residue_numbers[near]}" in bar.words.text()
    assert any(strip._is_in_sight(place) for place in strip._places(frozenset([picked])))

    # the sequence: a click, more by Ctrl, up to by Shift, a drag, the keys, a chain
    strip.horizontalScrollBar().setValue(0)
    row = strip.rows[0].residues
    click(strip, (0, 2), qtbot)
    click(strip, (0, 5), qtbot, CTRL)
    assert view.selection.of_model("model-2").tolist() == row[[2, 5]].tolist()
    click(strip, (0, 8), qtbot, SHIFT)
    assert view.selection.of_model("model-2").tolist() == row[[2, 5, 6, 7, 8]].tolist()
    click(strip, (0, 5), qtbot, CTRL)
    assert row[5] not in view.selection.of_model("model-2")
    qtbot.mousePress(strip.viewport(), LEFT, NONE, strip.rect_of((0, 1)).center())
    qtbot.mouseMove(strip.viewport(), strip.rect_of((0, 3)).center())
    qtbot.mouseRelease(strip.viewport(), LEFT, NONE, strip.rect_of((0, 3)).center())
    assert view.selection.of_model("model-2").tolist() == row[1:4].tolist()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_Right, SHIFT)
    assert view.selection.of_model("model-2").tolist() == row[4:6].tolist()
    qtbot.mouseClick(strip.viewport(), LEFT, NONE, QPoint(HEAD - 4, strip.rect_of((1, -1)).center().y()))
    assert bar.words.text().endswith("chain E of part.cif")
    window.actions_by_id["select_wider"].trigger()
    assert len(view.selection) == len(residues_of(model))
    window.actions_by_id["cancel"].trigger()
    assert not view.selection

    # hidden and coloured, by the sequence and the menu, and back by Undo
    everything = drawn(actor)
    qtbot.mouseClick(strip.viewport(), LEFT, NONE, QPoint(EYE // 2, strip.rect_of((1, -1)).center().y()))
    assert drawn(actor) < everything
    assert view.models["model-1"].hidden == ()
    window.actions_by_id["undo"].trigger()
    assert drawn(actor) == everything
    window.menu_asked.emit(ResidueSubject("model-2", picked), QPoint(5, 5))
    menu = next(menu for menu in window.findChildren(QMenu, "subjectMenu") if menu.isVisible())
    next(action for action in menu.actions() if action.text() == "Hide").trigger()
    menu.close()
    assert view.models["model-2"].hidden == ((picked, picked),)
    assert strip.words_at(next(iter(strip._places(frozenset([picked]))))).endswith("(hidden)")
    window.actions_by_id["show_residues_again"].trigger()
    assert drawn(actor) == everything
    window.actions_by_id["select_model"].trigger()
    window.actions_by_id["hide_selection"].trigger()
    assert actor.is_empty
    window.actions_by_id["look"].trigger()
    assert np.abs(np.array(window.viewer.fit.camera.GetFocalPoint()) - session.maps["map-1"].density.middle).max() < 100
    window.actions_by_id["undo"].trigger()


@pytest.mark.slow
def test_a_selection_is_coloured_fitted_zeroed_out_and_written(two: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    window, session, view = two.window, two.session, two.view_state
    model, pose = session.models["model-1"].model, session.placement.pose
    some = residues_of(model, ["A"])[10:40]
    view.select(Selection.of({"model-1": some.tolist()}))
    prompts.colour = "#ff0000"
    window.actions_by_id["colour_selection"].trigger()
    window.actions_by_id["select_nothing"].trigger()
    assert view.models["model-1"].painted == ((int(some[0]), int(some[-1]), "#ff0000"),)
    window.actions_by_id["uncolour_residues"].trigger()
    assert view.models["model-1"].painted == ()

    # whole chains need no file
    view.select(Selection.of({"model-1": residues_of(model, ["D", "E"]).tolist()}))
    window.actions_by_id["fit_selection"].trigger()
    assert window.panels["Fit"].subject()[1:3] == ("model-1", ("D", "E"))

    # of two models each goes into a file of its own, where it is drawn
    view.select(Selection.of({"model-1": some.tolist(), "model-2": [0, 1]}))
    window.actions_by_id["fit_selection"].trigger()
    assert "takes a part of one model" in window.notices.texts()[-1]
    prompts.where = tmp_path / "chosen.cif"
    window.actions_by_id["export_selection"].trigger()
    names = [tmp_path / f"chosen_{Path(session.models[one].name).stem}.cif" for one in ("model-1", "model-2")]
    qtbot.waitUntil(lambda: all(name.exists() for name in names) and not two.jobs.reading, timeout=30_000)
    written = read_model(names[0])
    assert written.residue_count == len(some)
    kept = np.isin(model.residue_index, some) & model.in_fit
    np.testing.assert_allclose(written.fit_coordinates, pose.apply(model.coordinates[kept]), atol=2e-3)

    # taken out of the map, which is opened, and fitted from a file
    inside = sample(session.maps["map-1"].density, pose.apply(model.coordinates))
    dense = np.unique(model.residue_index[np.argsort(np.where(model.in_fit, inside, -np.inf))[-200:]])
    view.select(Selection.of({"model-1": dense.tolist()}))
    prompts.where = tmp_path / "left.mrc"
    window.actions_by_id["zero_out_selection"].trigger()
    qtbot.waitUntil(lambda: len(session.maps) == 2 and not two.jobs.reading, timeout=60_000)
    before, after = session.maps["map-1"].density.values, read_map(tmp_path / "left.mrc").values
    changed = before != after
    assert changed.any()
    assert (after[changed] <= 0).all()
    assert any("above the level" in text for text in window.notices.texts())
    prompts.where = tmp_path / "part_of_A.cif"
    window.actions_by_id["fit_selection"].trigger()
    qtbot.waitUntil(lambda: len(session.models) == 3 and not two.jobs.reading, timeout=60_000)
    assert window.panels["Fit"].subject()[1] == "model-3"
    two.files.remove("model-1")
    assert not view.selection, "what was selected went with its model"
