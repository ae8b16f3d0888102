"""A map is laid onto another in a real window with three open: followed, looked at, kept, undone, saved and opened again."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from scipy.spatial.transform import Rotation

from difffit_app.application import Application
from difffit_app.features.aligning.alignment_panel import AlignmentPanel
from difffit_app.features.aligning.panel import AlignPanel
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map, write_map
from difffit_core.map_edit.steps import Place
from difffit_core.pose import Pose

SMALL = {"starts": 160, "steps": 25, "candidates": 12, "refine_steps": 8, "refine_atoms": 300, "polish_steps": 6}


@pytest.fixture(scope="module")
def maps(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], Pose]:
    """The shipped map on coarse voxels, the same turned and shifted, and another; and the move that lays the second onto the first."""
    folder = tmp_path_factory.mktemp("maps")
    density = read_map(repository / "resources" / "example" / "1bd2_4A.mrc.gz")
    density = replace(density, values=density.values[::2, ::2, ::2].copy(), voxel_size=2 * density.voxel_size)
    middle, turn = density.origin + density.box / 2, Rotation.from_rotvec([0.4, -0.8, 1.1]).as_matrix()
    move = Pose(turn, middle - turn @ middle + np.array([6.0, -4.0, 3.0]))
    turned = Place.checked({"pose": move}).settled(density).apply(density, {}, lambda _: None)
    paths = [folder / "fixed_4A.mrc", folder / "turned_4A.mrc", folder / "other.mrc"]
    for path, one in zip(paths, (density, turned, density.with_values(density.values[::-1].copy())), strict=True):
        write_map(path, one)
    return paths, move.invert()


@pytest.mark.slow
def test_a_map_is_laid_onto_another(
    application: Application, maps: tuple[list[Path], Pose], tmp_path: Path, prompts: Any, qtbot: Any
) -> None:
    window, session, view_state, (paths, back) = application.window, application.session, application.view_state, maps
    application.files.open_paths(paths)
    qtbot.waitUntil(lambda: len(session.maps) == 3 and not application.jobs.reading, timeout=60_000)
    session.select_map("map-2")
    window.actions_by_id["map_align"].trigger()
    panel: AlignPanel = window.panels["Align"]
    found: AlignmentPanel = window.panels["Alignment"]
    assert (panel.map.currentData(), panel.chosen(), panel.resolution.value()) == ("map-1", ("map-2",), 4.0)
    panel.fit_form.show_changed(FitSettings.preset("balanced", **SMALL))
    panel.hand.set_value("same")
    window.actions_by_id["copy_align"].trigger()
    assert QGuiApplication.clipboard().text().startswith(f"difffit align {paths[0]} {paths[1]} --resolution 4 --level ")
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    assert panel.running
    qtbot.waitUntil(lambda: not panel.running, timeout=60_000)

    assert "unique" in found.told.text()
    drawn = window.viewer.fit.maps["map-2"]
    matrix = np.array([[drawn.surface.GetUserMatrix().GetElement(i, j) for j in range(4)] for i in range(4)])
    middle = session.maps["map-2"].density.origin + session.maps["map-2"].density.box / 2
    assert np.linalg.norm(matrix[:3, :3] @ middle + matrix[:3, 3] - back.apply(middle)) < 0.4
    found.table.setCurrentItem(found.table.topLevelItem(1))
    assert view_state.map_move is not None
    assert not np.allclose(view_state.map_move.matrix, matrix)
    found.table.setCurrentItem(found.table.topLevelItem(0))
    window.actions_by_id["align_difference"].trigger()
    assert len(window.viewer.fit.drawing.difference.actors) == 2
    assert window.actions_by_id["align_difference"].isChecked()

    prompts.folder = tmp_path
    window.actions_by_id["export_alignment"].trigger()
    qtbot.waitUntil(
        lambda: (tmp_path / "turned_4A_on_fixed_4A" / "alignment.json").exists() and not application.jobs.reading, timeout=60_000
    )
    assert (tmp_path / "turned_4A_on_fixed_4A" / "report.html").exists()

    window.actions_by_id["keep_aligned"].trigger()
    qtbot.waitUntil(lambda: len(session.maps) == 4, timeout=60_000)
    kept, fixed = session.maps["map-4"], session.maps["map-1"].density
    assert view_state.map_move is None
    assert view_state.difference is None
    assert drawn.surface.GetUserMatrix() is None
    dense = fixed.values > view_state.maps["map-1"].level
    assert np.corrcoef(kept.density.values[dense], fixed.values[dense])[0, 1] > 0.7
    assert any("laid onto fixed_4A.mrc: unique" in sentence for sentence in kept.said)
    assert not view_state.maps["map-2"].visible
    window.actions_by_id["undo"].trigger()
    assert len(session.maps) == 3
    assert view_state.maps["map-2"].visible
    window.actions_by_id["redo"].trigger()
    project = tmp_path / "kept.difffit"
    application.projects.save(project)
    qtbot.waitUntil(lambda: session.path == project, timeout=60_000)
    values = kept.density.values
    session.clear()
    assert found.told.text().startswith("Nothing was aligned")
    application.files.open_paths([project])
    qtbot.waitUntil(lambda: len(session.maps) == 4 and not application.jobs.reading, timeout=60_000)
    assert np.array_equal(session.maps["map-4"].density.values, values)
    assert session.maps["map-4"].said == kept.said
