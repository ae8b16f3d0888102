"""A model and a map in frames of their own: seen beside one another, told of, and brought together."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from difffit_app.application import Application
from difffit_app.state.apart import box_of, brought, far_from, gap, stood_beside
from difffit_app.state.changes.of_session import Bring, RemoveModel
from difffit_app.state.drawn import pose_drawn
from difffit_app.state.project.view import show_view, view_of
from difffit_app.state.project.view_record import View
from difffit_app.state.standing import standing
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import write_map
from difffit_core.io.models import write_model
from difffit_core.pose import Pose

FAR, FARTHER = np.array([3000.0, 0.0, 0.0]), np.array([0.0, -9000.0, 0.0])


def offers(application: Application) -> dict[str, QPushButton]:
    """The buttons by what they bring, or the map that they are about."""
    found = {}
    for one in application.window.notices.notices:
        for button in one.findChildren(QPushButton) if one.stays else ():
            found.setdefault(button.text().removeprefix("Bring ") if " lie " in one.text else one.text.split()[0], button)
    return found


def seen(application: Application, model: str) -> np.ndarray:
    """Its corners (2, 3) as drawn."""
    return np.array(application.window.viewer.fit.models[model].bounds()).reshape(3, 2).T


def middle(application: Application, model: str) -> np.ndarray:
    return seen(application, model).mean(axis=0)


def test_far_things_are_seen_told_of_and_brought_together(opened: Application, tmp_path: Path, qtbot: Any) -> None:
    session, viewer = opened.session, opened.window.viewer
    density, model = session.maps["map-1"].density, session.models["model-1"].model
    assert far_from(model, [density]) is None
    assert viewer.fit.models["model-1"].pose is None
    assert offers(opened) == {}
    write_model(tmp_path / "far.cif", model.select_chains(["D"]), Pose(np.eye(3), FAR))
    write_model(tmp_path / "too.cif", model.select_chains(["E"]), Pose(np.eye(3), FAR))
    write_map(tmp_path / "away.mrc", DensityMap(density.values, density.voxel_size, density.origin + FARTHER))
    opened.files.open_paths([tmp_path / name for name in ("far.cif", "too.cif", "away.mrc")])
    qtbot.waitUntil(lambda: len(session.models) == 3 and len(session.maps) == 2 and not opened.jobs.reading, timeout=60_000)
    assert set(offers(opened)) == {"All to Map", "away.mrc"}
    assert len([one for one in opened.window.notices.notices if one.stays]) == 2, "models that are far stand in one line"

    # what was opened last is seen in full, and not two maps as dots
    spot = np.array(viewer.fit.camera.GetFocalPoint())
    assert gap(np.stack([spot, spot]), box_of(session.maps["map-2"].density)) == 0
    assert np.linalg.norm(spot - np.array(viewer.fit.camera.GetPosition())) < 10 * density.box.max()

    # beside the map, one after another
    side = density.box.max()
    boxes = [seen(opened, "model-2"), seen(opened, "model-3")]
    assert all(0 < gap(box, box_of(density)) < 2 * side for box in boxes)
    assert gap(*boxes) > 0

    # each frame is reached
    (other,) = [one for one in opened.window.notices.findChildren(QPushButton) if one.text() == "Look at the Other"]
    assert other.isVisible()
    session.select_map("map-1")
    offers(opened)["away.mrc"].click()
    focus = np.array(viewer.fit.camera.GetFocalPoint())
    assert gap(np.stack([focus, focus]), box_of(session.maps["map-2"].density)) == 0

    # brought, they are where the density is, as far from one another as in their files; undone, they are beside it again
    session.select_map("map-1")
    bring = offers(opened)["All to Map"]
    assert bring.isVisible()
    between = middle(opened, "model-3") - middle(opened, "model-2")
    qtbot.mouseClick(bring, Qt.MouseButton.LeftButton)
    assert opened.commands.done[-1] == "bring #3 #4 to #1"
    assert set(session.brought) == {"model-2", "model-3"}
    assert all(gap(seen(opened, name), box_of(density)) == 0 for name in session.brought)
    apart = box_of(session.models["model-3"].model).mean(axis=0) - box_of(session.models["model-2"].model).mean(axis=0)
    np.testing.assert_allclose(middle(opened, "model-3") - middle(opened, "model-2"), apart, atol=4.0)
    assert np.linalg.norm(apart - between) > 10
    assert offers(opened) == {}
    opened.window.actions_by_id["undo"].trigger()
    assert session.brought == {}
    assert all(gap(seen(opened, name), box_of(density)) > 0 for name in ("model-2", "model-3"))
    assert offers(opened) == {}, "that is told no more than once"

    # one alone stays there as another is brought, and where it is moved by hand from
    for name in ("model-2", "model-3"):
        session.select_model(name)
        opened.window.actions_by_id["bring_model"].trigger()
    assert opened.commands.done[-1] == "bring #4 to #1"
    assert all(gap(seen(opened, name), box_of(density)) == 0 for name in ("model-2", "model-3"))
    opened.window.panels["Fit"].choose_map("map-1")
    opened.window.panels["Fit"].choose_model("model-3", ())
    opened.window.actions_by_id["move"].trigger()
    assert session.hand is None
    opened.window.viewer.fit.hand.shifted.emit(np.array([3.0, 0.0, 0.0]))
    opened.window.viewer.fit.hand.settled.emit()
    np.testing.assert_allclose(session.hand.pose.translation - session.brought["model-3"].translation, [3.0, 0, 0])
    opened.window.actions_by_id["move"].trigger()
    opened.window.actions_by_id["put_back"].trigger()
    assert session.hand is None
    assert set(session.brought) == {"model-2", "model-3"}
    opened.window.actions_by_id["put_back"].trigger()
    assert session.brought == {}


def test_a_line_that_was_dismissed_comes_again_with_what_is_opened_next(opened: Application, tmp_path: Path, qtbot: Any) -> None:
    session, model = opened.session, opened.session.models["model-1"].model
    for name, chain in (("far", "D"), ("too", "E"), ("third", "A")):
        write_model(tmp_path / f"{name}.cif", model.select_chains([chain]), Pose(np.eye(3), FAR))
    opened.files.open_paths([tmp_path / "far.cif", tmp_path / "too.cif"])
    qtbot.waitUntil(lambda: len(session.models) == 3 and not opened.jobs.reading)
    (line,) = [one for one in opened.window.notices.notices if one.stays]
    qtbot.mouseClick(line.closed, Qt.MouseButton.LeftButton)
    session.remove_model("model-3")
    opened.history.do(Bring({"model-2": Pose.identity()}))
    opened.history.undo()
    assert offers(opened) == {}
    opened.files.open_paths([tmp_path / "third.cif"])
    qtbot.waitUntil(lambda: len(session.models) == 3 and not opened.jobs.reading)
    (line,) = [one for one in opened.window.notices.notices if one.stays]
    assert "third.cif" in line.text


def test_a_model_shown_in_a_placement_is_brought_too(fitted: Application) -> None:
    session = fitted.session
    before = seen(fitted, "model-1").mean(axis=0)
    fitted.commands.run("bring #2 to #1")
    assert session.hand.model == "model-1"
    assert np.linalg.norm(seen(fitted, "model-1").mean(axis=0) - before) > 1
    session.select_placement(2)
    assert session.hand is None
    fitted.history.undo()
    assert session.brought == {}


def test_what_was_brought_comes_back_with_its_model_and_its_project(opened: Application, tmp_path: Path, qtbot: Any) -> None:
    session, pose = opened.session, Pose(np.eye(3), np.array([5.0, 6.0, 7.0]))
    opened.history.do(Bring({"model-1": pose}))
    assert session.has_unsaved_work
    opened.history.do(RemoveModel.of(session, "model-1"))
    assert session.brought == {}
    opened.history.undo()
    assert session.brought == {"model-1": pose}
    assert pose_drawn(session, "model-1") is pose
    assert standing(session, "model-1").pose is pose
    kept = View.model_validate(view_of(session, opened.view_state, opened.window.viewer).kept())
    session.set_brought({})
    show_view(kept, session, opened.view_state)
    np.testing.assert_allclose(session.brought["model-1"].translation, pose.translation)


def test_models_stand_where_there_is_room(opened: Application) -> None:
    density, model = opened.session.maps["map-1"].density, opened.session.models["model-1"].model
    assert stood_beside({"one": model}, []) == {}
    assert stood_beside({"one": model}, [density]) == {}
    elsewhere = [DensityMap(density.values, density.voxel_size, density.origin + FARTHER), density]
    assert far_from(model, elsewhere) is None, "one of two maps is near"
    level = opened.view_state.maps["map-1"].level
    chains = model.select_chains(["D", "E"])
    (pose,) = brought({"one": chains}, elsewhere[0], level).values()
    above = elsewhere[0].positions(np.argwhere(elsewhere[0].values >= level))
    np.testing.assert_allclose(pose.apply(chains.fit_coordinates).mean(axis=0), above.mean(axis=0), atol=density.voxel_size.max())
    (nothing,) = brought({"one": chains}, density, float(density.values.max()) + 1).values()
    np.testing.assert_allclose(nothing.apply(chains.fit_coordinates).mean(axis=0), density.middle)


def test_models_of_one_frame_keep_how_they_stand_to_one_another(opened: Application) -> None:
    density, model = opened.session.maps["map-1"].density, opened.session.models["model-1"].model
    one, other = model.select_chains(["D"]), model.select_chains(["E"])
    alone = model.select_chains(["A"])
    alone = replace(alone, coordinates=alone.coordinates + 9 * FAR)
    poses = brought({"one": one, "alone": alone, "other": other}, density, float(density.values.max()) + 1)
    np.testing.assert_array_equal(poses["one"].translation, poses["other"].translation)
    both = np.concatenate([one.fit_coordinates, other.fit_coordinates])
    np.testing.assert_allclose(poses["one"].apply(both).mean(axis=0), density.middle)
    np.testing.assert_allclose(poses["alone"].apply(alone.fit_coordinates).mean(axis=0), density.middle)


def test_a_map_and_its_models_go_at_once(opened: Application, tmp_path: Path, qtbot: Any) -> None:
    """As where one undo takes back all that was opened together."""
    session, view = opened.session, opened.window.viewer
    write_model(tmp_path / "far.cif", session.models["model-1"].model.select_chains(["D"]), Pose(np.eye(3), FAR))
    opened.files.open_paths([tmp_path / "far.cif"])
    qtbot.waitUntil(lambda: len(session.models) == 2 and not opened.jobs.reading, timeout=60_000)
    with session.at_once():
        session.remove_map("map-1")
        session.remove_model("model-1")
        session.remove_model("model-2")
    assert view.fit.models == {}
    assert offers(opened) == {}
