"""What comes to an error is neither echoed as done nor kept for a script, whether that is known at once or once a worker has tried."""

from pathlib import Path
from typing import Any

import pytest

from difffit_app.application import Application


def log(application: Application) -> list[str]:
    return application.window.panels["Command Line"].log.toPlainText().splitlines()


def test_what_is_refused_at_once_is_not_echoed(opened: Application, prompts: Any) -> None:
    before, told = list(opened.commands.done), log(opened)
    prompts.where = opened.session.maps["map-1"].stamp.path
    opened.window.actions_by_id["map_save"].trigger()
    assert "is open here, so that it must not be replaced" in opened.window.notices.texts()[0]
    assert opened.commands.done == before
    assert not [line for line in log(opened)[len(told) :] if line.startswith("save ")]
    prompts.where = None
    opened.window.panels["Open"].rows["model-1"].eye.click()
    assert log(opened)[-1] == opened.commands.done[-1] == "hide #2"


def test_the_first_line_of_the_log_is_withdrawn_whole(application: Application) -> None:
    with application.commands.doing("hide", {"what": ("all",)}):
        application.window.show_notice("It failed.", "error")
    assert log(application) == ["It failed."]
    with pytest.raises(ZeroDivisionError), application.commands.doing("hide", {"what": ("all",)}):
        raise ZeroDivisionError
    assert log(application) == ["It failed."]
    assert application.commands.done == []


@pytest.mark.parametrize("is_typed", [True, False])
def test_what_fails_in_a_worker_is_not_kept_for_a_script(opened: Application, is_typed: bool, qtbot: Any) -> None:
    before = list(opened.commands.done)
    if is_typed:
        opened.commands.run("map #1 erase #2/D:60 within 5")
    else:
        run = opened.commands.verbs["map"]
        run.run(opened.commands.read(run, opened.commands.parted(_words("map #1 erase #2/D:60 within 5"))[1])[0])
    assert opened.commands.done == [*before, "map #1 erase #2 residues D:60 within 5"]
    qtbot.waitUntil(lambda: any("got 60" in text for text in opened.window.notices.texts()))
    assert opened.commands.done == before


def test_of_several_files_those_that_can_be_read_are_kept(
    application: Application, small_example: list[Path], tmp_path: Path, qtbot: Any
) -> None:
    bad = tmp_path / "bad.pdb"
    bad.write_text("nothing", "utf-8")
    application.files.open_paths([bad])
    qtbot.waitUntil(lambda: bool(application.window.notices.texts()) and not application.jobs.reading)
    assert application.commands.done == []
    application.files.open_paths([bad, small_example[0]])
    qtbot.waitUntil(lambda: bool(application.session.maps) and not application.jobs.reading)
    assert application.commands.done == [f"open {bad} {small_example[0]}"]


def test_what_runs_already_is_refused_and_not_echoed(opened: Application, qtbot: Any) -> None:
    """A second step for the map while the first is made."""
    opened.commands.run("map #1 low-pass 30")
    before = list(opened.commands.done)
    opened.commands.run("map #1 low-pass 40")
    assert "is being made" in opened.window.notices.texts()[0]
    assert opened.commands.done == before
    qtbot.waitUntil(lambda: len(opened.session.maps) == 2)


def _words(line: str) -> Any:
    from difffit_app.commands.words import split_line

    return split_line(line)[0]
