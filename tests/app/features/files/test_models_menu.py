"""In the window: another model of a file by its menu, and by the button of its notice."""

from pathlib import Path
from typing import Any

import gemmi
from PySide6.QtWidgets import QPushButton

from difffit_app.application import Application


def ensemble(example: Path, path: Path) -> Path:
    structure = gemmi.read_structure(str(example))
    for name in [chain.name for chain in structure[0] if chain.name != "C"]:
        structure[0].remove_chain(name)
    for number in (2, 3):
        model = structure[0].clone()
        model.num = number
        structure.add_model(model)
    structure.make_mmcif_document().write_file(str(path))
    return path


def test_by_the_menu_and_by_the_notice(opened: Application, example: list[Path], prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    window, session = opened.window, opened.session
    action = window.actions_by_id["model_others"]
    assert not action.isEnabled()
    opened.files.open_paths([ensemble(example[1], tmp_path / "nmr.cif")])
    qtbot.waitUntil(lambda: len(session.models) == 2 and not opened.jobs.reading, timeout=60_000)
    session.select_model("model-2")
    assert action.isEnabled()
    [notice] = [notice for notice in window.notices.notices if "alternatives" in notice.text]
    [button] = [button for button in notice.findChildren(QPushButton) if button.text().startswith("Choose")]
    prompts.models = "2"
    button.click()
    qtbot.waitUntil(lambda: [one.model.models for one in session.models.values()] == ["", "2"], timeout=60_000)
    opened.files.open_paths([tmp_path / "nmr.cif"])
    qtbot.waitUntil(lambda: len(session.models) == 3 and not opened.jobs.reading, timeout=60_000)
    assert any("alternatives" in text for text in window.notices.texts())
    opened.files.remove("model-4")
    assert not any("alternatives" in text for text in window.notices.texts()), "of a model that is gone"
    prompts.models = "all"
    session.select_model("model-3")
    action.trigger()
    qtbot.waitUntil(lambda: [one.model.models for one in session.models.values()] == ["", "all"], timeout=60_000)
    assert len(session.models["model-5"].model) == 3 * 77
    window.actions_by_id["undo"].trigger()
    assert [one.model.models for one in session.models.values()] == ["", "2"]
