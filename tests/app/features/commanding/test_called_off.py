"""What was begun and thought better of is not echoed: every question that an action of the menus asks is answered by no."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from difffit_app.application import Application
from difffit_core.errors import UserError
from difffit_core.io.models import write_model

ASKING = (
    "open", "save", "save_as", "save_packed", "close_all", "quit", "screenshot", "figure", "save_model", "export_table", "export_shown",
    "run_script", "screen_library", "screen_open", "screen_export", "map_colour", "export_composite", "screen_add",
)  # fmt: skip


@pytest.mark.slow
def test_no_action_is_echoed_whose_question_was_refused(crowded: Application, prompts: Any, qtbot: Any) -> None:
    prompts.answer = False
    window, commands = crowded.window, crowded.commands
    files: list[str] = []
    prompts.ask_for_files = lambda: files.append("files") or []
    for name in ASKING:
        before, questions = list(commands.done), len(prompts.asked) + len(files)
        assert window.actions_by_id[name].isEnabled(), name
        window.actions_by_id[name].trigger()
        assert len(prompts.asked) + len(files) > questions, f"{name} asks nothing"
        assert commands.done == before, name
    with pytest.raises(UserError, match="close was called off: nothing was done"):
        commands.run("close all")
    assert "close all" not in commands.done[-1:]


def test_a_project_that_was_not_opened_is_not_echoed(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    """But what was dropped with it is opened all the same."""
    session, project, other = fitted.session, tmp_path / "work.difffit", tmp_path / "other.cif"
    write_model(other, session.models["model-1"].model.select_chains(["D"]))
    fitted.projects.save(project)
    qtbot.waitUntil(lambda: not session.dirty and not fitted.jobs.reading)
    fitted.commands.run("rename #2 changed")
    prompts.answer = False
    before = list(fitted.commands.done)
    fitted.window.paths_dropped.emit([project])
    assert fitted.commands.done == before
    fitted.window.paths_dropped.emit([project, other])
    assert fitted.commands.done == [*before, f"open {other}"]
    qtbot.waitUntil(lambda: len(session.models) == 2)
    with pytest.raises(UserError, match="open was called off"):
        fitted.commands.run(f'open "{project}"')
    folder, done = tmp_path / "folder", list(fitted.commands.done)
    folder.mkdir()
    shutil.copy(project, folder)
    fitted.commands.run(f'open "{folder}"')
    qtbot.waitUntil(lambda: "The project in the folder is not opened: what is open stays." in fitted.window.notices.texts())
    assert fitted.commands.done == done
    prompts.answer = True
    fitted.window.paths_dropped.emit([project])
    assert fitted.commands.done[-1] == f"open {project}"
    qtbot.waitUntil(lambda: len(session.models) == 1 and not fitted.jobs.reading)
