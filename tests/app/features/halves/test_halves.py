"""Half maps are read in a real window with two maps open, used in a fit, undone, kept in a project."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.application import Application
from difffit_app.features.halves.panel import HalvesPanel
from difffit_app.features.halves.result_panel import HalvesResultPanel
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.settings import FitSettings

SMALL = {"starts": 80, "steps": 20, "candidates": 12, "refine_steps": 8, "refine_atoms": 300, "polish_steps": 6}


@pytest.mark.slow
def test_half_maps_are_read_used_and_kept(
    application: Application, halves: list[Path], example: list[Path], tmp_path: Path, prompts: Any, qtbot: Any
) -> None:
    window, session, (whole, first, second, other) = application.window, application.session, halves
    application.files.open_paths([whole, other, example[1]])
    qtbot.waitUntil(lambda: len(session.maps) == 2 and len(session.models) == 1 and not application.jobs.reading, timeout=60_000)
    session.select_map("map-1")
    window.actions_by_id["map_halves"].trigger()
    panel: HalvesPanel = window.panels["Half Maps"]
    found: HalvesResultPanel = window.panels["Half Map FSC"]
    assert (panel.map.currentData(), panel.resolution.value()) == ("map-1", 6.0)
    assert not panel.foot.start.isEnabled()
    panel.local.set_value(False)
    panel.show_files(first, first)
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.running, timeout=60_000)
    assert window.notices.texts(), "one file twice is no pair"
    assert not window.actions_by_id["export_halves"].isEnabled()
    for path, answer in ((first, panel.first), (second, panel.second)):
        prompts.file = path
        answer.asked.emit()
    window.actions_by_id["copy_halves"].trigger()
    assert QGuiApplication.clipboard().text().startswith(f"difffit halves {first} {second} --resolution 6 ")
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.running, timeout=60_000)
    assert "Stated resolution 6 Å" in found.told.text()
    assert len(found.plot.curves) == 4
    prompts.folder = tmp_path
    window.actions_by_id["export_halves"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "half_maps" / "halves.json").exists() and not application.jobs.reading, timeout=60_000)

    assert session.maps["map-1"].density.evidence is None
    window.actions_by_id["use_halves"].trigger()
    assert session.maps["map-1"].density.half_maps == (str(first), str(second))
    assert session.maps["map-2"].density.evidence is None
    assert not window.actions_by_id["use_halves"].isEnabled()
    window.actions_by_id["undo"].trigger()
    assert session.maps["map-1"].density.evidence is None
    window.actions_by_id["redo"].trigger()
    settings = FitSettings.preset("fast", **SMALL)
    application.fits.start(FitRecipe(map="map-1", model="model-1", chains=("D", "E"), resolution=6.0, settings=settings))
    qtbot.waitUntil(lambda: session.fit is not None, timeout=60_000)
    assert session.fit is not None
    assert f"--half-maps {first} {second}" in session.fit.record.command

    project = tmp_path / "kept.difffit"
    application.projects.save(project)
    qtbot.waitUntil(lambda: session.path == project, timeout=60_000)
    session.clear()
    assert found.told.text().startswith("No half maps")
    application.files.open_paths([project])
    qtbot.waitUntil(lambda: len(session.maps) == 2 and len(session.fits) == 1 and not application.jobs.reading, timeout=60_000)
    assert session.maps["map-1"].density.half_maps == (str(first), str(second))
    session.select_map("map-1")
    window.actions_by_id["leave_halves"].trigger()
    assert session.maps["map-1"].density.evidence is None
