"""Composites of a project in the window."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from difffit_app.application import Application
from difffit_core.project.store import open_project, save_project


def test_composites_are_kept_from_opening_to_saving(
    fitted: Application, prompts: Any, composite_of: Callable[..., Any], tmp_path: Path, qtbot: Any
) -> None:
    prompts.where = tmp_path / "plain"
    fitted.window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: not fitted.session.dirty, timeout=20_000)
    project, arrays = open_project(tmp_path / "plain.difffit")
    later = project.fits[0].model_copy(update={"id": "fit-9", "round": "composite-1-round-1"})
    composites = (composite_of(project.fits[0]),)
    whole = project.model_copy(update={"composites": composites, "fits": (*project.fits, later)})
    save_project(tmp_path / "whole.difffit", whole, {**arrays, "fit-9": arrays[project.fits[0].id]})
    fitted.window.actions_by_id["close_all"].trigger()
    fitted.files.open_paths([tmp_path / "whole.difffit"])
    qtbot.waitUntil(lambda: "fit-9" in fitted.session.fits, timeout=60_000)
    prompts.where = tmp_path / "again"
    fitted.window.actions_by_id["save_as"].trigger()
    qtbot.waitUntil((tmp_path / "again.difffit").exists, timeout=20_000)
    again, _ = open_project(tmp_path / "again.difffit")
    assert again.composites == composites
    assert [fit.round for fit in again.fits] == [None, "composite-1-round-1"]
    fitted.window.actions_by_id["close_all"].trigger()
    assert fitted.session.composites == {}
