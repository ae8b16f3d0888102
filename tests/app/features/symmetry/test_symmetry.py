"""The symmetry of a map is found in a real window with two maps open: drawn, imposed, undone, forgotten with its map."""

from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from scipy.ndimage import gaussian_filter

from difffit_app.application import Application
from difffit_app.features.symmetry.controller import SymmetryController
from difffit_app.features.symmetry.panel import SymmetryPanel
from difffit_app.features.symmetry.views import SymmetryView
from difffit_app.state.changes.of_session import AddMap
from difffit_app.state.items import OpenMap
from difffit_app.workers.lane import SETTLED, Context
from difffit_core.align.symmetry_recipe import SymmetryRecipe
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled
from difffit_core.io.maps import write_map


def four_fold(path: Path) -> Path:
    """Blobs about z with one that spoils nothing: each four times."""
    rng, values = np.random.default_rng(3), np.zeros((40, 48, 48), np.float32)
    for _ in range(14):
        radius, angle, z = rng.uniform(4, 17), rng.uniform(0, np.pi / 2), rng.integers(9, 31)
        for turn in range(4):
            at = angle + turn * np.pi / 2
            values[z, round(23.5 + radius * np.sin(at)), round(23.5 + radius * np.cos(at))] += 10
    values = gaussian_filter(values, 1.6)
    values = (values + sum(np.rot90(values, turn, (1, 2)) for turn in (1, 2, 3))) / 4
    write_map(path, DensityMap(values + rng.normal(0, 1e-3, values.shape).astype(np.float32), np.full(3, 2.0), np.zeros(3)))
    return path


def test_what_is_stopped_is_told_and_changes_nothing(desk: Any, open_map: OpenMap) -> None:
    desk.jobs.hold = True
    view = create_autospec(SymmetryView, instance=True)
    controller = SymmetryController(desk, view)
    AddMap(open_map).apply(desk.session, desk.view_state)
    controller.start(SymmetryRecipe(map="map-1", resolution=30))
    controller.cancel()
    (job,) = desk.jobs.held
    with pytest.raises(FitCancelled) as stopped:
        job.work(Context(job.on_progress, job.cancel))
    assert job.on_failed(stopped.value) is SETTLED
    view.show_outcome.assert_called_with("Stopped.")
    view.show_running.assert_called_with(False)
    assert controller.found is None
    view.show_found.assert_not_called()


@pytest.mark.slow
def test_a_symmetry_is_found_drawn_and_imposed(application: Application, small_example: list[Path], tmp_path: Path, qtbot: Any) -> None:
    window, session, view_state = application.window, application.session, application.view_state
    application.files.open_paths([four_fold(tmp_path / "four_14A.mrc"), small_example[0]])
    qtbot.waitUntil(lambda: len(session.maps) == 2 and not application.jobs.reading, timeout=60_000)
    session.select_map("map-1")
    window.actions_by_id["map_symmetry"].trigger()
    panel: SymmetryPanel = window.panels["Symmetry"]
    assert (panel.map.currentData(), panel.resolution.value()) == ("map-1", 14.0)
    panel.resolution.setValue(15.0)  # what is set here is known to every panel, and the other way round
    assert window.panels["Fit"].resolution.value() == 15.0
    session.set_resolution("map-1", 14.0)
    assert panel.resolution.value() == 14.0
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    assert panel.running
    qtbot.waitUntil(lambda: not panel.running, timeout=60_000)
    assert panel.title.text() == "four_14A.mrc: C4"
    (axis,) = view_state.map_axes
    assert abs(axis.direction[2]) > 0.999
    assert np.allclose(axis.centre[:2], 47.0, atol=0.5)
    assert len(window.viewer.fit.drawing.axes.actors) == 1
    window.actions_by_id["symmetry_axes"].trigger()
    assert window.viewer.fit.drawing.axes.actors == []
    window.actions_by_id["symmetry_axes"].trigger()
    window.actions_by_id["copy_symmetry"].trigger()
    assert QGuiApplication.clipboard().text().startswith(f"difffit symmetry {tmp_path / 'four_14A.mrc'} --resolution 14 --level ")

    window.actions_by_id["impose_symmetry"].trigger()
    qtbot.waitUntil(lambda: len(session.maps) == 3, timeout=60_000)
    made, source = session.maps["map-3"].density, session.maps["map-1"].density
    noise = [np.abs(one.values - np.rot90(one.values, 1, (1, 2)))[8:-8, 8:-8, 8:-8].std() for one in (made, source)]
    assert noise[0] < 0.6 * noise[1]
    assert session.maps["map-3"].said[0].startswith("averaged over C4")
    assert not view_state.maps["map-1"].visible
    window.actions_by_id["undo"].trigger()
    assert list(session.maps) == ["map-1", "map-2"]
    session.remove_map("map-2")
    assert view_state.map_axes
    session.remove_map("map-1")
    assert view_state.map_axes == ()
    assert panel.title.text() == ""
    assert not window.actions_by_id["impose_symmetry"].isEnabled()
