"""Placing models together in a real window: the panel, what is told of a composite, and its export."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.application import Application
from difffit_app.features.compose.panel import ComposePanel
from difffit_app.state.items import OpenFit
from difffit_core.compose.settings import ComposeSettings
from difffit_core.io.models import read_model, write_model
from difffit_core.output import MANIFEST
from difffit_core.pose import Pose
from difffit_core.project.store import open_project

QUICK = {"refine_atoms": 300}


def panel_of(application: Application) -> ComposePanel:
    return application.window.panel("Compose").widget()


@pytest.fixture(scope="session")
def parts_of_example(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The shipped map, and the two halves of the example in files of their own."""
    folder, source = tmp_path_factory.mktemp("parts"), repository / "resources" / "example"
    model = read_model(source / "1bd2_moved.pdb.gz")
    paths = [folder / "receptor.cif", folder / "antigen.cif"]
    for path, chains in zip(paths, (("D", "E"), ("A", "B", "C")), strict=True):
        write_model(path, model.select_chains(chains), Pose.identity())
    return [source / "1bd2_4A.mrc.gz", *paths]


@pytest.fixture
def ready(application: Application, parts_of_example: list[Path], qtbot: Any) -> Application:
    """The window with them open, and the panel in front, set up to be quick."""
    application.files.open_paths(parts_of_example)
    qtbot.waitUntil(lambda: len(application.session.models) == 2 and not application.jobs.reading, timeout=60_000)
    application.window.actions_by_id["show_compose"].trigger()
    panel = panel_of(application)
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    for name, value in QUICK.items():
        panel.fit_form.editors[name].set_value(value)
    return application


def test_every_setting_of_a_composite_has_an_editor(ready: Application) -> None:
    panel = panel_of(ready)
    assert {*panel.basic.editors, *panel.advanced.editors} == set(ComposeSettings.model_fields)
    assert not panel.basic.editors.keys() & panel.advanced.editors.keys()
    assert panel.basic.changes() == panel.advanced.changes() == {}
    panel.basic.editors["symmetry"].set_value("D2")
    panel.basic.editors["impose"].set_value(True)
    panel.basic.editors["zero_out"].set_value("soft")
    assert panel.basic.changes() == {"symmetry": "D2", "impose": True, "zero_out": "soft"}
    panel.basic.reset()
    assert panel.wanted.chosen() == [("model-1", 1), ("model-2", 1)]
    wanted, copies = panel.wanted.rows["model-2"]
    copies.setValue(0)
    assert copies.text() == "all there are"
    assert panel.wanted.chosen() == [("model-1", 1), ("model-2", None)]
    wanted.setChecked(False)
    assert panel.wanted.chosen() == [("model-1", 1)]


def test_it_opens_at_its_top_and_goes_to_what_is_told_where_that_is_asked_for(opened: Application, true_fit: OpenFit, qtbot: Any) -> None:
    session, panel, actions = opened.session, panel_of(opened), opened.window.actions_by_id
    session.add_fit(true_fit)
    qtbot.mouseClick(opened.window.panels["Placements"].accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.composite is not None)
    bar = panel._area.verticalScrollBar()
    actions["show_compose"].trigger()
    qtbot.waitUntil(lambda: panel.told.isVisible() and bar.maximum() > 0, timeout=60_000)
    qtbot.wait(300)
    assert bar.value() == 0
    actions["examine"].trigger()
    qtbot.waitUntil(lambda: bar.value() > 0)
    actions["show_compose"].trigger()
    assert bar.value() == 0

    # undone, it is spoken of no more, and the panel is as it is filled in; also where that was still being found out
    actions["examine"].trigger()
    qtbot.waitUntil(lambda: bar.value() > 0)
    actions["undo"].trigger()
    assert not panel.told.isVisible()
    assert bar.value() == 0
    actions["redo"].trigger()
    actions["undo"].trigger()
    qtbot.waitUntil(lambda: opened.jobs.geometry.running is None and not opened.jobs.reading)
    assert opened.examining.examined is None
    assert not panel.told.isVisible()


@pytest.mark.slow
def test_models_are_placed_together_told_of_exported_and_undone(ready: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    panel, session, window = panel_of(ready), ready.session, ready.window
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    assert panel.foot.cancel.isEnabled()
    qtbot.waitUntil(lambda: not ready.jobs.fitting and not panel.foot.cancel.isEnabled(), timeout=60_000)
    assert window.notices.texts() == []
    qtbot.waitUntil(lambda: ready.examining.examined is not None, timeout=60_000)
    copies = session.composite.rounds[0].accepted
    assert {copy.model for copy in copies} == {"model-1", "model-2"}
    assert len(window.viewer.clusters.drawing.composite.actors) == len(copies)
    assert "of the density explained" in panel.foot.status.text()
    assert "density is explained" in panel.told.text()
    window.actions_by_id["copy_compose"].trigger()
    command = QGuiApplication.clipboard().text()
    assert command.startswith("difffit compose")
    assert "receptor.cif:1" in command
    assert "--set refine_atoms=300" in command
    prompts.folder = tmp_path / "out"
    window.actions_by_id["export_composite"].trigger()
    qtbot.waitUntil(lambda: any("Wrote composite.cif" in text for text in window.notices.texts()), timeout=120_000)
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {
        "composite.cif",
        "composite.pdb",
        "composite.cxc",
        "composite.pml",
        "composite.json",
        "residual.mrc",
        "report.html",
        MANIFEST,
    }
    assert "in the window" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert read_model(tmp_path / "out" / "composite.cif").chains == ("D", "E", "A", "B", "C")
    prompts.folder = tmp_path / "over"
    window.actions_by_id["hand_over_composite"].trigger()
    qtbot.waitUntil(lambda: any("Handed over" in text for text in window.notices.texts()), timeout=60_000)
    assert read_model(tmp_path / "over" / "model.cif").chains == ("D", "E", "A", "B", "C")
    prompts.where = tmp_path / "composite"
    window.actions_by_id["save"].trigger()
    qtbot.waitUntil((tmp_path / "composite.difffit").exists, timeout=20_000)
    assert open_project(tmp_path / "composite.difffit")[0].composites[0].solve is not None
    window.actions_by_id["undo"].trigger()
    assert session.composites == {}
    assert session.fits == {}
    assert ready.examining.examined is None
    assert not panel.told.isVisible()
