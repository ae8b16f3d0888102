"""Working maps in a real window, two maps and two models open: made, undone, fitted, saved, opened again, and lost and found."""

import shlex
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.application import Application
from difffit_app.features.editing.panel import EditPanel
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings, Preset
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.map_edit.sharpening import Amplitudes
from difffit_core.project.store import open_project
from difffit_core.reproduce import repeat_project


@pytest.fixture(scope="session")
def inputs(small_example: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A coarse map and another, chain E and chains D, E of the model."""
    folder = tmp_path_factory.mktemp("edited")
    density, model = read_map(small_example[0]), read_model(small_example[1])
    other = folder / "other.mrc"
    write_map(other, DensityMap(density.values[::-1].copy(), density.voxel_size, density.origin + 5))
    paths = [folder / "coarse.mrc", other, folder / "e.cif", folder / "de.cif"]
    shutil.copy(small_example[0], paths[0])
    write_model(paths[2], model.select_chains("E"))
    write_model(paths[3], model.select_chains("DE"))
    return paths


@pytest.fixture
def ready(application: Application, inputs: list[Path], qtbot: Any) -> Application:
    application.files.open_paths(inputs)
    qtbot.waitUntil(lambda: len(application.session.models) == 2 and not application.jobs.reading, timeout=60_000)
    application.session.select_map("map-1")
    application.window.actions_by_id["map_edit"].trigger()
    return application


def panel_of(application: Application) -> EditPanel:
    return application.window.panel("Edit Map").widget()


def make(application: Application, kind: str, qtbot: Any, **values: float) -> Any:
    """Do a step with the fields of its page at these values, by the button; gives the working map."""
    panel, count = panel_of(application), len(application.session.maps)
    panel.choose(kind)
    for name, value in values.items():
        getattr(panel.page, name).setValue(value)
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(application.session.maps) == count + 1 and not panel.foot.running, timeout=30_000)
    return application.session.map


@pytest.mark.slow
def test_a_map_is_cleaned_undone_fitted_and_saved(ready: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    session, styles, panel = ready.session, ready.view_state.maps, panel_of(ready)
    first = session.maps["map-1"]
    centre = session.models["model-2"].model.fit_coordinates.mean(axis=0)
    panel.choose("Keep near a model")
    near = panel.page.near
    near.model.setCurrentIndex(1)
    assert "as its file has it" in near.where.text()
    near.residues.setText("X:1")
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any("chain must be one of" in text for text in notices(ready)), timeout=30_000)
    assert len(session.maps) == 2
    near.residues.setText("")
    zoned = make(ready, "Keep near a model", qtbot, within=40.0, edge=0.0)
    assert (styles["map-1"].visible, styles[zoned.id].visible, styles[zoned.id].level) == (False, True, styles["map-1"].level)
    kept = np.argwhere(zoned.density.values != 0)
    away = np.linalg.norm(zoned.density.positions(kept) - centre, axis=1)
    assert 0 < len(kept) < zoned.density.values.size
    assert away.min() < 40
    low = make(ready, "Low-pass", qtbot, finest=10.0)
    assert low.density.resolution.value == 10
    assert low.made.map == "map-1"
    assert [step.step for step in low.made.steps] == ["zone", "low-pass"]
    ready.history.undo()
    assert session.map is zoned
    assert styles[zoned.id].visible
    assert low.id not in session.maps
    ready.history.redo()
    cropped = make(ready, "Crop the box", qtbot, margin=8.0)
    larger = make(ready, "Correct the voxel size", qtbot, factor=1.02)
    np.testing.assert_allclose(larger.density.voxel_size, 1.02 * first.density.voxel_size)
    assert "de.cif" in panel.history.text()
    assert "low-passed to 10 Å" in panel.history.text()

    ready.window.actions_by_id["map_command"].trigger()
    making = QGuiApplication.clipboard().text()
    words = shlex.split(making)
    assert words[:3] == ["difffit", "map", str(first.density.path)]
    assert words.index("--zone") < words.index("--low-pass") < words.index("--crop-level") < words.index("--voxel-size")
    prompts.where = tmp_path / "written.mrc"
    ready.window.actions_by_id["map_save"].trigger()
    qtbot.waitUntil(prompts.where.exists, timeout=30_000)
    np.testing.assert_array_equal(read_map(prompts.where).values, larger.density.values)

    fit = ready.window.panel("Fit").widget()
    assert fit.map.currentData() == larger.id
    fit.model.setCurrentIndex(fit.model.findData("model-1"))
    quick = {"starts": 40, "steps": 10, "candidates": 6, "refine_steps": 4, "refine_atoms": 200, "polish_steps": 2}
    fit.set_preset(Preset.FAST)
    fit.form.show_changed(FitSettings.preset(Preset.FAST, **quick))
    fit.ask()
    qtbot.waitUntil(lambda: len(session.fits) == 1 and not ready.jobs.fitting, timeout=60_000)
    (found,) = session.fits.values()
    assert found.record.map == larger.id
    assert found.record.command.startswith(f"{making} && difffit fit ")
    assert found.record.command.split(" && ")[1].split()[2] == words[words.index("--out") + 1]

    prompts.answer = False
    ready.files.remove("map-1")
    assert all(name in prompts.asked[-1] for name in (zoned.name, larger.name, "1 fit"))
    path = tmp_path / "made.difffit"
    ready.projects.save(path)
    qtbot.waitUntil(lambda: path.exists() and not session.dirty, timeout=30_000)
    project, _ = open_project(path)
    assert [one.id for one in project.working_maps] == [zoned.id, low.id, cropped.id, larger.id]
    assert [str(one.verdict) for one in repeat_project(project, path)] == ["identical"]
    prompts.answer = True
    ready.files.remove("map-1")
    assert list(session.maps) == ["map-2"]
    assert not session.fits
    ready.history.undo()
    assert list(session.maps) == ["map-1", "map-2", zoned.id, low.id, cropped.id, larger.id]
    assert list(session.fits) == [found.id]
    assert styles[zoned.id].visible is False

    ready.files.open_paths([path])
    qtbot.waitUntil(lambda: larger.id in session.maps and session.maps[larger.id] is not larger, timeout=60_000)
    again = session.maps[larger.id]
    np.testing.assert_array_equal(again.density.values, larger.density.values)
    assert again.name == larger.name
    assert not styles["map-1"].visible
    assert list(session.fits) == [found.id]


@pytest.mark.slow
def test_what_a_working_map_was_made_of_is_lost_and_found(
    ready: Application, prompts: Any, inputs: list[Path], tmp_path: Path, qtbot: Any
) -> None:
    session = ready.session
    session.select_map("map-2")
    made = make(ready, "Mirror", qtbot)
    path, away = tmp_path / "made.difffit", tmp_path / "away" / "other.mrc"
    ready.projects.save(path)
    qtbot.waitUntil(lambda: path.exists() and not session.dirty, timeout=30_000)
    away.parent.mkdir()
    shutil.move(inputs[1], away)
    try:
        ready.files.open_paths([path])
        qtbot.waitUntil(lambda: list(session.maps) == ["map-1"] and not ready.jobs.reading, timeout=60_000)
        assert [one.id for one in session.absent.working_maps] == [made.id]
        ready.projects.save(path)
        qtbot.waitUntil(lambda: not ready.jobs.reading, timeout=30_000)
        assert [one.id for one in open_project(path)[0].working_maps] == [made.id]
        ready.files.open_paths([away])
        qtbot.waitUntil(lambda: made.id in session.maps, timeout=60_000)
        np.testing.assert_array_equal(session.maps[made.id].density.values, made.density.values)
        assert not session.absent
        ready.history.undo()
        assert list(session.maps) == ["map-1"]
        assert [one.id for one in session.absent.working_maps] == [made.id]
    finally:
        shutil.move(away, inputs[1])


def test_the_plot_tells_before_and_after(ready: Application, qtbot: Any) -> None:
    panel, session = panel_of(ready), ready.session
    panel.choose("Sharpen or blur")
    page = panel.sharpen
    qtbot.waitUntil(lambda: page.plot.before.getData()[0] is not None and len(page.plot.before.getData()[0]) > 0, timeout=30_000)
    known = Amplitudes.of(session.maps["map-1"].density)
    np.testing.assert_allclose(page.plot.before.getData()[1], known.logarithm)
    page.b.setValue(-50)
    np.testing.assert_allclose(page.plot.after.getData()[1], known.logarithm + 12.5 * known.squared_frequency)
    assert not page.auto.isEnabled()
    assert "resolution" in page.told.text()
    page.b.setValue(0)
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    assert any("other than 0" in text for text in notices(ready))
    made = make(ready, "Sharpen or blur", qtbot, b=-50.0)
    assert made.made.steps[0].b_factor == -50


def notices(application: Application) -> list[str]:
    return application.window.notices.texts()


def test_a_zone_round_what_is_no_model_is_refused_in_a_sentence(opened: Application) -> None:
    for line, told in (
        ("zone nothing within 8", "must be an open model, as #2, or a part of one, as #2/D, got nothing"),
        ("zone #1 within 8", "or a part of one, as #2/D, got #1"),
        ("zone #2/X within 8", "has the chains A, B, C, D, E, got X"),
        ("zone #2/D chain D within 8", "chains and residues are given once, as #2/D or by chain and residues, got both"),
    ):
        with pytest.raises(UserError, match=told):
            opened.commands.run(f"map #1 {line}")
    assert not opened.commands.done[-1].startswith("map ")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("map #1 zone #2/D,E within 8", "map #1 zone #2 chain D,E within 8"),
        ("map #1 erase #2/D:10-50,90 within 5", "map #1 erase #2 residues D:10-50+D:90 within 5"),
    ],
)
def test_a_part_is_typed_as_elsewhere(opened: Application, typed: str, told: str, qtbot: Any) -> None:
    opened.commands.run(typed)
    assert opened.commands.done[-1] == told
    qtbot.waitUntil(lambda: len(opened.session.maps) == 2)
    opened.commands.run(told)
    qtbot.waitUntil(lambda: len(opened.session.maps) == 3)
    one, other = (opened.session.maps[name].density.values for name in ("map-2", "map-3"))
    np.testing.assert_array_equal(one, other)
