"""A folder of models is assembled in a real window with two maps open: followed, looked at, changed, accepted, undone, saved."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from difffit_app.application import Application
from difffit_app.features.assemble.assembly_panel import AssemblyPanel
from difffit_app.features.assemble.panel import AssemblePanel
from difffit_core.assemble.bending import Bent
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose
from difffit_core.project.store import open_project
from difffit_core.refine.bending.geometry import Geometry
from difffit_core.refine.request import RefineResult
from difffit_core.residues import Residues

SMALL = {"starts": 80, "steps": 20, "candidates": 12, "refine_steps": 8, "refine_atoms": 300, "polish_steps": 6}


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chains D and E in files of their own, away from their places."""
    folder, model = tmp_path_factory.mktemp("parts"), read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz")
    for chain in "DE":
        write_model(folder / f"part_{chain}.cif", model.select_chains((chain,)), Pose.identity())
    return folder


def drop(panel: AssemblePanel, folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(panel, QDragEnterEvent(QPoint(9, 9), copy, data, left, plain))
    QApplication.sendEvent(panel, QDropEvent(QPointF(9, 9), copy, data, left, plain))


@pytest.mark.slow
def test_a_folder_becomes_a_composite(
    application: Application, example: list[Path], folder: Path, prompts: Any, tmp_path: Path, qtbot: Any
) -> None:
    window, session, view_state = application.window, application.session, application.view_state
    maps = [tmp_path / "map.mrc", tmp_path / "other.mrc"]
    density = read_map(example[0])
    for path in maps:
        write_map(path, replace(density, values=density.values[::2, ::2, ::2].copy(), voxel_size=2 * density.voxel_size))
    application.files.open_paths(maps)
    qtbot.waitUntil(lambda: len(session.maps) == 2 and not application.jobs.reading, timeout=60_000)
    window.actions_by_id["show_assemble"].trigger()
    panel: AssemblePanel = window.panels["Assemble"]
    found: AssemblyPanel = window.panels["Assembly"]
    panel.map.setCurrentIndex(0)
    drop(panel, folder)
    assert panel.library.path() == folder
    assert panel.store.path() == folder.parent / f"{folder.name}_assembly"
    panel.resolution.setValue(4.0)
    panel.choose_store(tmp_path / "kept")
    panel.fit_form.show_changed(FitSettings.preset("balanced", **SMALL))
    panel.processes.setValue(1)
    panel.editors["stoichiometry"].set_value("part_E:1")
    window.refresh()
    window.actions_by_id["copy_assemble"].trigger()
    assert QGuiApplication.clipboard().text().startswith(f"difffit assemble {maps[0]} {folder} --resolution 4 --level ")

    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    assert panel.foot.cancel.isEnabled()
    assert found.summary.text() == "The assembly comes here as it grows."
    qtbot.waitUntil(lambda: not panel.running, timeout=60_000)
    assembled = found.assembled
    assert assembled is not None
    assert assembled.finished
    (place,) = assembled.places
    assert (place.held.name, place.verdict) == ("part_E", "stands out")
    assert "part_E" in found.decisions.topLevelItem(0).child(0).text(0)
    (actor,) = window.viewer.fit.drawing.assembly.actors
    assert session.composites == {}

    save = window.actions_by_id["save_bent_assembly"]
    assert not save.isEnabled(), "nothing was bent"
    model, pose = place.held.model, place.held.pose
    moved = pose.apply(model.coordinates) + 1.0
    residues, sound = Residues.of(model), Geometry(0.0, 0.0)
    still, all_of = np.zeros(len(residues)), np.ones(len(residues), bool)
    bent = Bent(0, RefineResult(model, moved, pose, "", None, residues, still, still, still, all_of, (), (), sound, {}))
    found.changed.emit(replace(assembled, result=replace(assembled.result, bent=(bent,))))
    window.refresh()
    prompts.where = tmp_path / "bent"
    save.trigger()
    qtbot.waitUntil(lambda: (tmp_path / "bent.cif").exists() and not application.jobs.reading, timeout=60_000)
    np.testing.assert_allclose(read_model(tmp_path / "bent.cif").coordinates, moved, atol=2e-3)
    found.changed.emit(assembled)

    beside = replace(place.held, name="other", path=str(folder / "part_D.cif"), model=read_model(folder / "part_D.cif"))
    more = (replace(place, others=(beside,)), replace(place, number=2, chains={"E": "F"}))
    found.show_assembled(replace(assembled, places=more))
    found.changed.emit(found.assembled)
    first, second = (found.places.topLevelItem(row) for row in (0, 1))
    second.setCheckState(0, Qt.CheckState.Unchecked)
    drawn = window.viewer.fit.drawing.assembly.actors
    assert [one.GetProperty().GetOpacity() for one in drawn] == [1.0, pytest.approx(0.15)]
    assert drawn[0] is actor, "what stays is not made anew"
    assert not window.actions_by_id["swap_assembled"].isEnabled()
    found.places.setCurrentItem(first.child(0))
    window.actions_by_id["swap_assembled"].trigger()
    assert [one.held.name for one in found.assembled.places] == ["other", "part_E"]
    assert [one.name for one in found.assembled.places[0].others] == ["part_E"]

    accept = window.actions_by_id["accept_assembly"]
    accept.trigger()
    accept.trigger()
    qtbot.waitUntil(lambda: session.composite is not None and not application.jobs.reading, timeout=60_000)
    (record,) = session.composites.values()
    assert not accept.isEnabled(), "it is accepted as it is"
    assert record.map == "map-1"
    assert [(one.model, one.chains) for one in record.rounds[0].accepted] == [("model-1", {"D": "D"})]
    assert session.models["model-1"].name == "part_D.cif"
    assert "1 of 2 places left out, 1 given to another model" in record.solve.notes[-1]
    assert record.solve.score is None
    assert record.solve.command.startswith("difffit assemble ")
    assert view_state.assembly == ()
    project = tmp_path / "kept.difffit"
    application.projects.save(project)
    qtbot.waitUntil(lambda: session.path == project, timeout=60_000)
    assert open_project(project)[0].composites == (record,)
    window.actions_by_id["undo"].trigger()
    assert (dict(session.composites), dict(session.models)) == ({}, {})
    assert accept.isEnabled()
    session.remove_map("map-1")
    assert found.assembled is None
