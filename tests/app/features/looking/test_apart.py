"""A model and a map in frames of their own: seen beside one another, told of, and brought together."""

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QPushButton

from difffit_app.application import Application
from difffit_app.state.apart import box_of, brought, far_from, gap, stood_beside
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import write_map
from difffit_core.io.models import write_model
from difffit_core.pose import Pose

FAR, FARTHER = np.array([3000.0, 0.0, 0.0]), np.array([0.0, -9000.0, 0.0])


def offers(application: Application) -> dict[str, QPushButton]:
    """The buttons by the map or model that they are about."""
    found = {}
    for one in application.window.notices.notices:
        for button in one.findChildren(QPushButton) if one.stays else ():
            found.setdefault(button.text().removeprefix("Bring ") if " lie " in one.text else one.text.split()[0], button)
    return found


def seen(application: Application, model: str) -> np.ndarray:
    """Its corners (2, 3) as drawn."""
    return np.array(application.window.viewer.fit.models[model].bounds()).reshape(3, 2).T


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
    assert set(offers(opened)) == {"far.cif", "too.cif", "away.mrc"}
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

    # brought, it is where the density is; undone, it is beside it again, and that is told no more than once
    session.select_map("map-1")
    offers(opened)["far.cif"].click()
    assert session.hand.model == "model-2"
    assert gap(seen(opened, "model-2"), box_of(density)) == 0
    assert set(offers(opened)) == {"too.cif"}
    opened.window.actions_by_id["undo"].trigger()
    assert gap(seen(opened, "model-2"), box_of(density)) > 0

    # what is gone is spoken of no more; moving by hand begins at the map
    opened.window.panels["Fit"].choose_map("map-1")
    opened.window.panels["Fit"].choose_model("model-3", ())
    opened.window.actions_by_id["move"].trigger()
    assert session.hand.model == "model-3"
    assert offers(opened) == {}
    opened.window.actions_by_id["move"].trigger()


def test_models_stand_where_there_is_room(opened: Application) -> None:
    density, model = opened.session.maps["map-1"].density, opened.session.models["model-1"].model
    assert stood_beside({"one": model}, []) == {}
    assert stood_beside({"one": model}, [density]) == {}
    elsewhere = [DensityMap(density.values, density.voxel_size, density.origin + FARTHER), density]
    assert far_from(model, elsewhere) is None, "one of two maps is near"
    level = opened.view_state.maps["map-1"].level
    hand = brought("one", model, ["D", "E"], elsewhere[0], level)
    above = elsewhere[0].positions(np.argwhere(elsewhere[0].values >= level))
    np.testing.assert_allclose(hand.centre, above.mean(axis=0), atol=density.voxel_size.max())
    nothing = brought("one", model, ["D"], density, float(density.values.max()) + 1)
    np.testing.assert_allclose(nothing.centre, density.middle)


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
