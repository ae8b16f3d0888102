"""What a fit's warnings offer: each button pressed, the file it writes opened, and what was there before left alone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from difffit_app.application import Application
from difffit_app.state.items import OpenFit
from difffit_core.correction import Correction
from difffit_core.map_edit.corrected import corrected
from difffit_core.project.schema import BrokenRecord, WarningRecord

CORRECTIONS = {
    "hand": Correction(mirror=True),
    "voxel_size": Correction(voxel_scale=0.97),
    "resolution": Correction(low_pass=15.0),
}


@pytest.fixture
def warned(opened: Application, make_fit: Callable[..., OpenFit]) -> Application:
    """Two fits, of which the first warns of everything."""
    plain = make_fit()
    warnings = [WarningRecord(kind=kind, message=f"About {kind}.", correction=one) for kind, one in CORRECTIONS.items()]
    warnings += [WarningRecord(kind="broken", message="D 61–110 does not fit."), WarningRecord(kind="search", message="It went on.")]
    broken = (BrokenRecord(chain="D", first=61, last=110, residues=50, local_correlation=0.1),)
    opened.session.add_fit(replace(plain, record=plain.record.model_copy(update={"warnings": tuple(warnings), "broken": broken})))
    opened.session.add_fit(make_fit("fit-2"))
    opened.session.select_fit("fit-1")
    return opened


def press(application: Application, kind: str, qtbot: Any) -> None:
    button = application.window.panels["Placements"].warnings.button(kind)
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not application.jobs.reading, timeout=60_000)


@pytest.mark.parametrize("kind", CORRECTIONS)
def test_a_corrected_map_is_written_and_opened(warned: Application, prompts: Any, kind: str, tmp_path: Path, qtbot: Any) -> None:
    prompts.where = tmp_path / "put right.mrc"
    before = warned.session.maps["map-1"].density
    press(warned, kind, qtbot)
    assert len(warned.session.maps) == 2
    added = next(item for name, item in warned.session.maps.items() if name != "map-1").density
    right = corrected(before, CORRECTIONS[kind])
    np.testing.assert_allclose(added.values, right.values, atol=1e-6)
    np.testing.assert_allclose(added.voxel_size, right.voxel_size, rtol=1e-5)
    assert warned.session.maps["map-1"].density is before


def test_a_model_is_split_where_it_breaks(warned: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    prompts.folder = tmp_path
    press(warned, "broken", qtbot)
    parts = [item.model for name, item in warned.session.models.items() if name != "model-1"]
    assert [sorted(set(part.chain_names)) for part in parts] == [["D"], ["D"], ["D"], ["E"]]
    assert set(parts[1].residue_numbers) <= set(range(61, 111))
    name = warned.session.models["model-1"].name
    assert any(
        text.startswith(f"{name} is split: 4 parts") and text.endswith("written and opened.") for text in warned.window.notices.texts()
    )
    press(warned, "broken", qtbot)
    assert len(warned.session.models) == 5
    assert "holds what split wrote" in warned.window.notices.texts()[0]


def test_nothing_happens_without_a_place(warned: Application, prompts: Any, qtbot: Any) -> None:
    for kind in (*CORRECTIONS, "broken"):
        press(warned, kind, qtbot)
    assert (len(warned.session.maps), len(warned.session.models)) == (1, 1)


def test_an_open_map_is_not_written_over(warned: Application, prompts: Any, qtbot: Any) -> None:
    prompts.where = warned.session.maps["map-1"].stamp.path
    before = prompts.where.read_bytes()
    press(warned, "hand", qtbot)
    assert prompts.where.read_bytes() == before
    assert "is open here, so that it must not be replaced" in warned.window.notices.texts()[0]


def test_only_what_can_be_mended_has_a_button_and_each_fit_its_own(warned: Application) -> None:
    box = warned.window.panels["Placements"].warnings
    assert box.button("search") is None
    assert box.isVisible()
    height, warnings = box.height(), warned.session.fit.record.warnings
    box.show_warnings(warnings[:2])
    box.show_warnings(warnings)
    assert box.height() == height > 0, "it is measured with what has just been put into it"
    warned.session.select_fit("fit-2")
    assert not box.isVisible()
    assert [button for button in box.findChildren(QPushButton) if button.isVisible()] == []
