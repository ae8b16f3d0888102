"""The resolution of a map is one thing: read where it is said, asked for once, the same in every panel, and kept."""

from pathlib import Path
from typing import Any

import pytest

from difffit_app.application import Application
from difffit_app.state.project.view import show_view, view_of
from difffit_core.fit.settings import FitSettings, Preset
from difffit_core.io.maps import read_map, write_map
from difffit_core.map_resolution import MapResolution

PANELS = ("Fit", "Compose", "Screen", "Assemble", "Refine", "Edit Map")


@pytest.fixture
def two_maps(application: Application, small_example: list[Path], tmp_path: Path, qtbot: Any) -> Application:
    """A map whose name says 9 Å, and one of which nothing says it."""
    density = read_map(small_example[0])
    for name in ("some_9A.mrc", "unsaid.mrc"):
        write_map(tmp_path / name, density)
    application.files.open_paths([tmp_path / "some_9A.mrc", tmp_path / "unsaid.mrc", small_example[1]])
    qtbot.waitUntil(lambda: len(application.session.maps) == 2 and bool(application.session.models), timeout=60_000)
    qtbot.waitUntil(lambda: not application.jobs.reading, timeout=60_000)
    return application


def test_it_is_one_in_all_panels(two_maps: Application, qtbot: Any) -> None:
    session, window = two_maps.session, two_maps.window
    boxes = [window.panels[name].resolution for name in PANELS]
    session.select_map("map-1")
    assert [box.value() for box in boxes] == [9.0] * len(PANELS)
    assert all("name of its file" in box.toolTip() for box in boxes)
    assert all(box.suffix() == " Å" for box in boxes)
    session.select_map("map-2")
    assert all("guess" in box.suffix() for box in boxes)
    assert [box.value() for box in boxes] == [9.0] * len(PANELS), "it has the voxels of a map whose resolution is known"
    boxes[1].setValue(11.5)
    assert [box.value() for box in boxes] == [11.5] * len(PANELS)
    assert all(box.suffix() == " Å" for box in boxes)
    assert session.resolution("map-2") == MapResolution(11.5, "you")
    session.select_map("map-1")
    assert [box.value() for box in boxes] == [9.0] * len(PANELS)
    boxes[0].setValue(6.5)
    kept = view_of(session, two_maps.view_state, window.viewer)
    assert kept.resolutions == {"map-1": 6.5, "map-2": 11.5}
    session.set_resolution("map-1", 8.0)
    show_view(kept, session, two_maps.view_state)
    assert boxes[3].value() == 6.5


@pytest.mark.slow
def test_a_guess_is_told_once_and_words_die_with_what_they_speak_of(
    two_maps: Application, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    session, window, told = two_maps.session, two_maps.window, list[str]()
    monkeypatch.setattr(window, "show_notice", lambda text, *_, **__: told.append(text))
    session.select_map("map-2")
    panel = window.panels["Fit"]
    panel.set_preset(Preset.FAST)
    quick = {"starts": 40, "steps": 10, "candidates": 6, "refine_steps": 4, "refine_atoms": 200, "polish_steps": 2}
    panel.form.show_changed(FitSettings.preset(Preset.FAST, **quick))
    panel.ask()
    qtbot.waitUntil(lambda: len(session.fits) == 1 and not two_maps.jobs.fitting, timeout=60_000)
    assert sum("Nothing says what the resolution of unsaid.mrc is" in text for text in told) == 1
    value = panel.resolution.value()
    assert session.resolution("map-2") == MapResolution(value, "you")
    assert "placement" in panel.foot.status.text()
    window.actions_by_id["undo"].trigger()
    assert not session.fits
    assert panel.foot.status.text() == ""
