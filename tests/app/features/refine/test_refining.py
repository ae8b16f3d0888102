"""A model is bent in a real window with two maps and two models open: panel, views, undo, project, and what is written."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.application import Application
from difffit_app.features.refine.panel import RefinePanel
from difffit_app.state.changes.of_session import AddComposite
from difffit_core.density_map import DensityMap
from difffit_core.handover.of_project import of_project
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose
from difffit_core.project.base import PoseRecord, now
from difffit_core.project.composites import AcceptedRecord, CompositeRecord, RoundRecord
from difffit_core.project.store import open_bent, open_project


def panel_of(application: Application) -> RefinePanel:
    return application.window.panel("Refine").widget()


@pytest.fixture(scope="session")
def two_of_each(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The shipped map and another, chain E beside its place and chain C."""
    folder, source = tmp_path_factory.mktemp("bent"), repository / "resources" / "example"
    example = read_map(source / "1bd2_4A.mrc.gz")
    other = folder / "other.mrc"
    write_map(other, DensityMap(example.values[::2, ::2, ::2].copy(), 2 * example.voxel_size, example.origin))
    model = read_model(source / "1bd2_moved.pdb.gz")
    paths = [folder / "chain_e.cif", folder / "chain_c.cif"]
    for path, chain in zip(paths, "EC", strict=True):
        write_model(path, model.select_chains((chain,)), Pose.identity())
    return [other, source / "1bd2_4A.mrc.gz", *reversed(paths)]


@pytest.fixture
def ready(application: Application, two_of_each: list[Path], qtbot: Any) -> Application:
    """The panel in front, set up for the second map and the second model, which its file has far from its place."""
    application.files.open_paths(two_of_each)
    qtbot.waitUntil(lambda: len(application.session.models) == 2 and not application.jobs.reading, timeout=60_000)
    application.window.actions_by_id["show_refine"].trigger()
    panel = panel_of(application)
    panel.map.setCurrentIndex(1)
    panel.model.setCurrentIndex(1)
    panel.basic.editors["rigid_bodies_only"].set_value(True)
    panel.basic.editors["start"].set_value("here")
    return application


def bend(application: Application, qtbot: Any) -> None:
    panel, count = panel_of(application), len(application.session.refinements)
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    assert panel.foot.cancel.isEnabled()
    qtbot.waitUntil(lambda: len(application.session.refinements) == count + 1 and not application.jobs.fitting, timeout=60_000)
    qtbot.waitUntil(lambda: application.window.viewer.fit.drawing.bent.model is not None, timeout=60_000)


@pytest.mark.slow
def test_a_model_is_bent_shown_undone_saved_and_opened_again(ready: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    session, window, bent = ready.session, ready.window, ready.window.panel("Bent").widget()
    names = [session.maps["map-2"].name, session.models["model-2"].name]
    bend(ready, qtbot)
    one = session.refinement
    assert one is not None
    assert (one.record.map, one.record.model) == ("map-2", "model-2")
    drawing = window.viewer.fit.drawing
    assert not drawing.models["model-2"].actor.GetVisibility(), "the rigid one is not drawn beside it"
    assert drawing.models["model-1"].actor.GetVisibility()
    assert all(name in bent.box.currentText() for name in names)
    assert "Local correlation" in bent.told.text()
    assert all(warning.message in bent.told.text() for warning in one.record.warnings)
    assert len(bent.plot.after.getData()[0]) == len(one.arrays.index)

    bent.slider.setValue(0)
    qtbot.waitUntil(lambda: drawing.bent._shown == (one, 0.0), timeout=60_000)
    bent.slider.setValue(bent.slider.maximum())
    qtbot.waitUntil(lambda: drawing.bent._shown == (one, 1.0), timeout=60_000)

    window.actions_by_id["copy_refine"].trigger()
    command = QGuiApplication.clipboard().text()
    assert command == one.record.command
    assert command.startswith("difffit refine ")
    assert "chain_e.cif" in command
    assert "--rigid-bodies-only" in command

    window.actions_by_id["undo"].trigger()
    assert session.refinements == {}
    assert drawing.bent.model is None
    assert drawing.models["model-2"].actor.GetVisibility()
    assert not window.actions_by_id["save_refined"].isEnabled()
    window.actions_by_id["redo"].trigger()
    qtbot.waitUntil(lambda: drawing.bent.model == "model-2", timeout=60_000)

    prompts.where = tmp_path / "bent.cif"
    window.actions_by_id["save_refined"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "bent.cif").exists() and not ready.jobs.reading, timeout=60_000)
    assert np.allclose(read_model(tmp_path / "bent.cif").coordinates, one.arrays.coordinates, atol=2e-3)

    prompts.folder = tmp_path / "over"
    window.actions_by_id["hand_over"].trigger()
    qtbot.waitUntil(lambda: any("Handed over" in text for text in window.notices.texts()), timeout=60_000)
    assert np.allclose(read_model(tmp_path / "over" / "model.cif").coordinates, one.arrays.coordinates, atol=2e-3)
    assert (tmp_path / "over" / "reference.cif").is_file()

    path = tmp_path / "kept.difffit"
    ready.projects.save(path)
    qtbot.waitUntil(lambda: session.path == path, timeout=60_000)
    project, _ = open_project(path)
    assert [kept.id for kept in project.refinements] == [one.id]
    assert any(step.text.startswith("Handed over") and step.text.endswith(str(tmp_path / "over")) for step in project.steps)
    assert np.array_equal(open_bent(path, project)[one.id].coordinates, one.arrays.coordinates)
    again = of_project(path, tmp_path)
    atoms = np.array([found.atom.pos.tolist() for found in again.structure[0].all()])
    assert np.array_equal(atoms, one.arrays.coordinates)
    assert again.reference is not None
    session.clear()
    assert drawing.bent.model is None
    ready.files.open_paths([path])
    qtbot.waitUntil(lambda: drawing.bent.model == "model-2", timeout=60_000)
    assert session.refinement is not None
    assert session.refinement.record == one.record
    window.actions_by_id["undo"].trigger()
    session.remove_model("model-1")
    assert session.refinements, "another model's"
    session.remove_model("model-2")
    assert session.refinements == {}


def test_a_refinement_begins_at_the_selected_placement_and_choosing_one_shows_it(fitted: Application, qtbot: Any) -> None:
    session, window, panel = fitted.session, fitted.window, panel_of(fitted)
    window.actions_by_id["show_refine"].trigger()
    assert session.placement is not None
    assert panel.placed.isEnabled()
    recipe = panel.recipe()
    assert recipe is not None
    assert recipe.chains == session.fit.record.chains
    assert np.array_equal(recipe.pose.rotation, session.placement.pose.rotation)
    panel.placed.setChecked(False)
    assert panel.recipe().pose is None
    panel.placed.setChecked(True)
    session.select_placement(None)
    assert not panel.placed.isEnabled()
    assert panel.recipe().pose is None


@pytest.mark.slow
def test_what_is_no_value_is_refused_in_a_sentence(ready: Application) -> None:
    panel = panel_of(ready)
    panel.hold.setText("E:no")
    panel.foot.start.click()
    assert any("E:no" in text for text in ready.window.notices.texts())
    panel.hold.setText("Z")
    panel.foot.start.click()
    assert any("Z" in text for text in ready.window.notices.texts())
    assert not ready.jobs.fitting
    assert not panel.running


@pytest.mark.slow
def test_a_composite_is_set_up_to_be_bent(ready: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    """What is accepted becomes one model in the map's frame; its copies keep apart, whatever else is open."""
    session, window, panel = ready.session, ready.window, panel_of(ready)
    model, there = session.models["model-2"].model, Pose(np.diag([-1.0, -1.0, 1.0]), np.array([80.0, 0.0, 0.0]))
    copies = [
        AcceptedRecord(
            model="model-2", pose=PoseRecord.of(pose), chains={"E": name}, accepted=now(), source="by hand", local_correlation=0.7
        )
        for pose, name in ((Pose.identity(), "A"), (there, "B"))
    ]
    round_ = RoundRecord(id="round-1", accepted=tuple(copies))
    ready.history.do(AddComposite(CompositeRecord(id="composite-1", name="Composite 1", map="map-2", rounds=(round_,), current="round-1")))
    session.select_composite("composite-1")
    prompts.where = tmp_path / "both.cif"
    window.actions_by_id["bend_composite"].trigger()
    qtbot.waitUntil(lambda: len(session.models) == 3 and not ready.jobs.reading, timeout=60_000)
    recipe = panel.recipe()
    assert recipe is not None
    assert (recipe.map, recipe.model, recipe.apart, recipe.settings.start) == ("map-2", "model-3", ("A", "B"), "here")
    assert not recipe.settings.alike
    whole = session.models["model-3"].model
    assert whole.chains == ("A", "B")
    np.testing.assert_allclose(whole.select_chains(["B"]).coordinates, there.apply(model.coordinates), atol=2e-3)
    assert "--apart=A,B" in recipe.command() or "--apart A,B" in recipe.command()
    window.actions_by_id["undo"].trigger()
    assert len(session.models) == 2


@pytest.mark.slow
def test_a_model_that_is_closed_while_its_bent_one_is_made(ready: Application, monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> None:
    bend(ready, qtbot)
    drawing, late = ready.window.viewer.fit.drawing, []
    monkeypatch.setattr(drawing, "later", lambda make, take: late.append((make, take)))
    ready.window.panel("Bent").widget().slider.setValue(0)
    ready.session.remove_model("model-2")
    ((make, take),) = ((make, take) for make, take in late if make.__qualname__.startswith("BentDrawing."))  # others draw plainer shapes
    take(make())
    assert drawing.bent.model is None
