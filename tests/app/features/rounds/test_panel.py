"""Accepting, zeroing out and going on, in a real window."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from vtkmodules.util.numpy_support import vtk_to_numpy

from difffit_app.application import Application
from difffit_app.features.rounds.panel import RoundsPanel
from difffit_app.features.rounds.tree import Row
from difffit_app.features.rounds.zero_out_panel import ZeroOutPanel
from difffit_app.state.changes.of_session import AddFit, ReplaceComposite
from difffit_app.state.items import OpenFit
from difffit_app.state.selection import Selection, residues_of
from difffit_app.state.subjects import CopySubject
from difffit_core.io.maps import read_map
from difffit_core.project.store import open_project


def rounds_of(application: Application) -> RoundsPanel:
    return application.window.panel("Rounds").widget()


def zero_out_of(application: Application) -> ZeroOutPanel:
    return application.window.panel("Zero Out").widget()


def trigger(application: Application, action: str) -> None:
    assert application.window.actions_by_id[action].isEnabled(), action
    application.window.actions_by_id[action].trigger()


@pytest.fixture
def placed(opened: Application, true_fit: OpenFit) -> Application:
    """The window with the right placement of chains D and E selected."""
    opened.session.add_fit(true_fit)
    return opened


@pytest.fixture
def accepted(placed: Application, qtbot: Any) -> Application:
    """It is accepted."""
    qtbot.mouseClick(placed.window.panels["Placements"].accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: placed.session.composite is not None)
    return placed


@pytest.fixture
def zeroed(accepted: Application, qtbot: Any) -> Application:
    """It is zeroed out."""
    trigger(accepted, "zero_out")
    qtbot.waitUntil(lambda: accepted.view_state.zeroing is not None, timeout=20_000)
    qtbot.mouseClick(zero_out_of(accepted).apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: accepted.session.working is not None, timeout=20_000)
    return accepted


def above(application: Application) -> int:
    style = application.view_state.maps["map-1"]
    return int((application.session.density("map-1").values > style.level).sum())


def test_an_accepted_placement_is_drawn_listed_and_can_be_taken_back(accepted: Application, qtbot: Any) -> None:
    session, viewer = accepted.session, accepted.window.viewer
    composite = session.composite
    assert composite is not None
    copy = composite.rounds[0].accepted[0]
    assert (copy.fit, copy.rank, copy.chains) == ("fit-1", 1, {"D": "D", "E": "E"})
    for drawing in (viewer.fit.drawing.composite, viewer.clusters.drawing.composite):
        assert len(drawing.actors) == 1
    assert not viewer.fit.drawing.composite.actors[0].GetVisibility()  # the selected placement itself is drawn there
    session.select_placement(2)
    assert viewer.fit.drawing.composite.actors[0].GetVisibility()
    tree = rounds_of(accepted).tree
    assert tree.item_of(Row(composite.id, composite.current, 0)) is not None
    assert "Accept placement 1 of 1bd2_moved.pdb.gz D, E" in accepted.window.actions_by_id["undo"].text()
    trigger(accepted, "undo")
    assert session.composites == {}
    assert viewer.fit.drawing.composite.actors == []
    trigger(accepted, "redo")
    assert session.composite == composite


@pytest.mark.parametrize(("apart", "drawn"), [(0.5, False), (4.0, True)])
def test_what_is_selected_where_a_copy_stands_is_drawn_once(accepted: Application, true_fit: OpenFit, apart: float, drawn: bool) -> None:
    """Whatever it was accepted from: composing moves copies a little, and of two in one place one would see patches of either."""
    moved = true_fit.arrays.translations + np.array([apart, 0, 0])
    records = [
        record.model_copy(update={"translation": tuple(place.tolist())})
        for record, place in zip(true_fit.record.placements, moved, strict=True)
    ]
    record = true_fit.record.model_copy(update={"id": "fit-2", "placements": tuple(records)})
    other = OpenFit.of(record, replace(true_fit.arrays, translations=moved))
    accepted.session.add_fit(other)
    copy = accepted.window.viewer.fit.drawing.composite.actors[0]
    assert bool(copy.GetVisibility()) == drawn
    accepted.session.select_placement(2)
    assert copy.GetVisibility()


def test_several_rows_are_accepted_at_once_under_names_of_their_own(placed: Application, qtbot: Any) -> None:
    placed.window.activateWindow()
    view = placed.window.panels["Placements"].view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in range(2):
        view.selectionModel().select(view.model().index(row, 0), flags)
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: placed.session.composite is not None)
    copies = placed.session.composite.rounds[0].accepted
    assert [copy.rank for copy in copies] == [1, 2]
    names = [name for copy in copies for name in copy.chains.values()]
    assert len(set(names)) == 4
    assert copies[0].chains == {"D": "D", "E": "E"}
    assert not {"A", "B", "C"} & set(names)  # which the model's other chains keep
    assert copies[1].clash > 0.05


def test_zeroing_out_is_looked_at_before_it_is_done(accepted: Application, qtbot: Any) -> None:
    session, drawing, panel = accepted.session, accepted.window.viewer.fit.drawing, zero_out_of(accepted)
    whole = above(accepted)
    trigger(accepted, "zero_out")
    qtbot.waitUntil(lambda: accepted.view_state.zeroing is not None, timeout=20_000)
    assert panel.isVisible()
    assert "of the density above" in panel.result.text()
    assert drawing._going is not None
    assert drawing._going.triangle_count > 500
    assert drawing.maps["map-1"].density is accepted.view_state.zeroing.density
    covered = accepted.view_state.zeroing
    accepted.window.activateWindow()
    panel.method.setFocus()
    qtbot.waitUntil(panel.method.hasFocus)
    qtbot.keyClick(panel.method, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: accepted.view_state.zeroing is not covered and panel.apply.isEnabled(), timeout=20_000)
    assert panel.choice() == ("threshold", 0.0)
    assert panel.threshold.isVisible()
    qtbot.keyClick(panel.method, Qt.Key.Key_Escape)
    assert accepted.view_state.zeroing is None
    assert drawing._going is None
    assert drawing.maps["map-1"].density is session.maps["map-1"].density
    assert above(accepted) == whole


def test_the_working_map_takes_the_place_of_the_map_until_it_is_switched_off(zeroed: Application, qtbot: Any) -> None:
    session, drawing = zeroed.session, zeroed.window.viewer.fit.drawing
    cut = session.composite.rounds[0].zero_out
    assert cut is not None
    assert 0.2 < cut.removed < 0.8
    assert drawing.maps["map-1"].density is session.working.density
    assert "Round 1" in zeroed.window.panels["Fit"].searched.text()
    left = above(zeroed)
    trigger(zeroed, "working_map")
    assert drawing.maps["map-1"].density is session.maps["map-1"].density
    assert zeroed.window.panels["Fit"].searched.isHidden()
    assert above(zeroed) > 1.2 * left
    trigger(zeroed, "working_map")
    assert above(zeroed) == left
    trigger(zeroed, "undo")
    qtbot.waitUntil(lambda: session.working is None, timeout=20_000)
    assert "Zero Out Round 1" in zeroed.window.actions_by_id["redo"].text()


def test_the_working_map_is_saved(zeroed: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    prompts.where = tmp_path / "left.mrc"
    trigger(zeroed, "save_working")
    qtbot.waitUntil(lambda: any("Wrote" in text for text in zeroed.window.notices.texts()), timeout=20_000)
    assert np.array_equal(read_map(tmp_path / "left.mrc").values, zeroed.session.working.density.values)


@pytest.mark.slow
def test_a_project_keeps_rounds_and_opens_where_one_stood(zeroed: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    before, values = zeroed.session.composite, zeroed.session.working.density.values
    prompts.where = tmp_path / "rounds.difffit"
    trigger(zeroed, "save")
    qtbot.waitUntil(lambda: not zeroed.session.dirty, timeout=20_000)
    assert open_project(tmp_path / "rounds.difffit")[0].composites == (before,)
    trigger(zeroed, "close_all")
    assert zeroed.session.working is None
    zeroed.files.open_paths([tmp_path / "rounds.difffit"])
    qtbot.waitUntil(lambda: zeroed.session.working is not None, timeout=60_000)
    assert zeroed.session.composite == before
    assert np.array_equal(zeroed.session.working.density.values, values)
    assert not zeroed.session.dirty


@pytest.mark.slow
def test_the_tree_is_walked_by_keys(zeroed: Application, prompts: Any, qtbot: Any) -> None:
    session, window, tree = zeroed.session, zeroed.window, rounds_of(zeroed).tree
    name, first = session.composite.id, session.composite.current
    window.raise_panel("Rounds")
    window.activateWindow()
    tree.setFocus()
    qtbot.waitUntil(tree.hasFocus)
    tree.setCurrentItem(tree.item_of(Row(name)))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert session.composite.current is None
    qtbot.waitUntil(lambda: session.working is None, timeout=20_000)
    assert "●" in tree.item_of(Row(name)).text(0)
    assert zeroed.window.viewer.fit.drawing.composite.actors == []
    trigger(zeroed, "branch_round")
    assert [one.parent for one in session.composite.rounds] == [None, None]
    for row in (Row(name), Row(name, first)):
        tree.item_of(row).setSelected(True)
    tree.item_of(Row(name, session.composite.current)).setSelected(False)
    trigger(zeroed, "compare_rounds")
    qtbot.waitUntil(lambda: "gained" in rounds_of(zeroed).comparison.toPlainText(), timeout=20_000)
    tree.clearSelection()
    tree.setCurrentItem(tree.item_of(Row(name, first)))
    qtbot.keyClick(tree, Qt.Key.Key_Delete)
    assert prompts.asked[-1] == "Delete Round 1 with 1 accepted copy? Undo brings it back."
    assert len(session.composite.rounds) == 1
    trigger(zeroed, "undo")
    assert len(session.composite.rounds) == 2
    tree.setCurrentItem(tree.item_of(Row(name, first)))
    trigger(zeroed, "go_round")
    qtbot.waitUntil(lambda: session.working is not None, timeout=20_000)
    assert session.composite.current == first


def test_accepted_copies_can_be_left_out_of_the_views(accepted: Application) -> None:
    actors = accepted.window.viewer.clusters.drawing.composite.actors
    assert all(actor.GetVisibility() for actor in actors)
    trigger(accepted, "show_accepted")
    assert not any(actor.GetVisibility() for actor in actors)
    trigger(accepted, "show_accepted")
    assert all(actor.GetVisibility() for actor in actors)


def test_an_accepted_model_is_not_drawn_where_its_file_has_it(accepted: Application) -> None:
    session, model = accepted.session, accepted.window.viewer.fit.models["model-1"]
    assert model.actor.GetVisibility()  # as the selected placement
    session.select_fit(None)
    assert not model.actor.GetVisibility()
    accepted.view_state.set_model_style("model-1", opacity=0.8)
    assert not model.actor.GetVisibility()
    trigger(accepted, "show_accepted")
    assert model.actor.GetVisibility()
    trigger(accepted, "show_accepted")
    trigger(accepted, "undo")
    session.select_fit(None)
    assert model.actor.GetVisibility()


def test_what_is_selected_of_a_model_stands_out_in_its_accepted_copies(accepted: Application) -> None:
    """A click with Ctrl on a copy selects, too; what is hidden then is selected again once that is undone."""
    drawing = accepted.window.viewer.fit.drawing.composite
    copy, actor = drawing._drawn[0], drawing.actors[0]
    assert not actor.GetMapper().GetScalarVisibility()
    residue = int(residues_of(accepted.session.models[copy.model].model, copy.chains)[3])
    accepted.selecting.pick(CopySubject(copy, residue))
    assert accepted.view_state.selection == Selection.of({copy.model: [residue]})
    assert actor.GetMapper().GetScalarVisibility()
    colours = vtk_to_numpy(actor.GetMapper().GetInput().GetPointData().GetScalars())
    assert len(np.unique(colours, axis=0)) == 2
    trigger(accepted, "hide_selection")
    assert not accepted.view_state.selection
    trigger(accepted, "undo")
    assert accepted.view_state.selection == Selection.of({copy.model: [residue]})
    accepted.selecting.clear()
    assert not actor.GetMapper().GetScalarVisibility()


def test_what_was_accepted_is_named_as_all_else_is(accepted: Application, make_fit: Any, qtbot: Any) -> None:
    """By model and map, told apart from another fit of the same model, and by the names that they have now."""
    session, tree = accepted.session, rounds_of(accepted).tree
    row = Row("composite-1", session.composite.rounds[0].id, 0)
    model, density = session.models["model-1"].name, session.maps["map-1"].name
    item = tree.item_of(row)
    assert item.text(1) == item.toolTip(1) == f"placement 1 of {model} · D, E in {density}"
    assert "wrong poses of the search it was found by" in item.toolTip(0)
    accepted.history.do(AddFit(make_fit("fit-7")))
    accepted.files.rename("map-1", "mine")
    assert tree.item_of(row).text(1) == f"placement 1 of {model} · D, E · fit 1 in mine"
    accepted.files.rename("model-1", "a · in mine")
    assert tree.item_of(row).text(1) == "placement 1 of a · in mine · D, E · fit 1 in mine", "the model keeps its name"
    copy = session.composite.rounds[0].accepted[0]
    composed = copy.model_copy(update={"by_hand": False, "source": "placement 1 of a search, composed"})
    first = session.composite.rounds[0].model_copy(update={"accepted": (composed,)})
    before = session.composite
    accepted.history.do(ReplaceComposite(before.model_copy(update={"rounds": (first,)}), "Compose"))
    assert tree.item_of(row).text(1) == "placement 1 of a search, composed"
    assert "the searches of this composite" in tree.item_of(row).toolTip(0)
    accepted.history.stack.undo()
    session.remove_fit("fit-1")
    assert tree.item_of(row).text(1) == f"placement 1 of {model} · D, E in {density}", "as it was recorded"


@pytest.mark.slow
def test_composites_of_one_name_are_told_apart(crowded: Application, qtbot: Any) -> None:
    tree, session, composites = rounds_of(crowded).tree, crowded.session, crowded.composites
    assert [tree.topLevelItem(i).text(0).removesuffix("  ●") for i in range(2)] == [
        f"The composite · in {session.maps[name].name}" for name in ("map-1", "map-2")
    ]
    composites.rename(("composite-2", None), "mine")
    assert [tree.topLevelItem(i).text(0).removesuffix("  ●") for i in range(2)] == ["The composite", "mine"]
    composites.rename(("composite-1", None), "mine")
    crowded.files.rename("map-2", session.maps["map-1"].name)
    named = session.maps["map-1"].name
    assert composites.title(("composite-1", None)) == f"mine · in {named} · #1, start"
