"""A model is split in a real window, into files that are opened; and chains of one file are composed each by itself."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from difffit_app.application import Application
from difffit_app.features.splitting.panel import BROKEN, CHAINS, PICK, TRIM, SplitPanel
from difffit_app.state.items import OpenFit
from difffit_core.project.schema import BrokenRecord


def split(application: Application, prompts: Any, way: str, folder: Path, qtbot: Any, model: str = "model-1") -> list[str]:
    """Names of the models that are opened."""
    panel: SplitPanel = application.window.panels["Split"]
    before = set(application.session.models)
    panel.model.setCurrentIndex(panel.model.findData(model))
    panel.way.setCurrentIndex(panel.way.findText(way))
    folder.mkdir()
    prompts.folder = folder
    assert panel.foot.start.isEnabled()
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: not panel.foot.running and not application.jobs.reading and set(application.session.models) > before, timeout=60_000
    )
    return [item.name for name, item in application.session.models.items() if name not in before]


@pytest.mark.slow
def test_into_chains_and_residues_and_where_a_fit_breaks(
    fitted: Application, prompts: Any, make_fit: Any, tmp_path: Path, qtbot: Any
) -> None:
    session, window = fitted.session, fitted.window
    window.actions_by_id["model_split"].trigger()
    panel: SplitPanel = window.panels["Split"]
    whole = session.models["model-1"]
    parts = split(fitted, prompts, CHAINS, tmp_path / "chains", qtbot)
    assert parts == [f"1bd2_moved_{chain}.cif" for chain in "ABCDE"]
    assert not fitted.view_state.models["model-1"].visible
    assert "5 parts" in panel.foot.status.text()
    panel.residues.setText("D:3-60+E:3-40, A:1-100")
    parts = split(fitted, prompts, PICK, tmp_path / "picked", qtbot)
    models = [item.model for item in session.models.values() if item.name in parts]
    assert [one.chains for one in models] == [("D", "E"), ("A",)]
    assert max(models[1].residue_numbers) == 100

    panel.way.setCurrentIndex(panel.way.findText(BROKEN))
    panel.model.setCurrentIndex(panel.model.findData("model-1"))
    assert not panel.foot.start.isEnabled()
    record = session.fit.record
    stretch = BrokenRecord(chain="D", first=120, last=200, residues=81, local_correlation=0.1)
    fitted.session.replace_fit(OpenFit.of(record.model_copy(update={"broken": (stretch,)}), session.fit.arrays))
    session.select_fit(record.id)
    parts = split(fitted, prompts, BROKEN, tmp_path / "broken", qtbot)
    cut = [item.model for item in session.models.values() if item.name in parts and item.model.chains == ("D",)]
    assert len(cut) >= 2
    assert any(one.residue_numbers.min() == 120 for one in cut)
    panel.residues.setText("Q:1")
    panel.way.setCurrentIndex(panel.way.findText(PICK))
    panel.foot.start.click()
    qtbot.waitUntil(
        lambda: not panel.foot.running and any("chain must be one of" in text for text in window.notices.texts()), timeout=30_000
    )
    panel.way.setCurrentIndex(panel.way.findText(TRIM))
    panel.foot.start.click()
    qtbot.waitUntil(lambda: any("must be a predicted model" in text for text in window.notices.texts()), timeout=30_000)
    assert whole.id in session.models


def test_chains_of_one_file_are_wanted_each_by_itself(opened: Application) -> None:
    panel = opened.window.panels["Compose"]
    parts = panel.wanted.parts["model-1"]
    assert panel.recipe().wanted[0].chains == ()
    parts.apart.click()
    assert [one.chains for one in panel.recipe().wanted] == [(chain,) for chain in "ABCDE"]
    wanted, _ = parts.rows["B"]
    wanted.setChecked(False)
    parts.rows["D"][1].setValue(2)
    assert [(one.chains, one.copies) for one in panel.recipe().wanted] == [(("A",), 1), (("C",), 1), (("D",), 2), (("E",), 1)]
    assert "--chain 3=D" in panel.recipe().command()
    assert not panel.wanted.rows["model-1"][1].isVisible()
    parts.apart.click()
    assert panel.wanted.chosen() == [("model-1", 1)]
