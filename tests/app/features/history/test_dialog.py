"""The list of what was done."""

from datetime import datetime
from typing import Any

from difffit_app.application import Application
from difffit_app.features.history.dialog import StepsDialog


def test_what_was_done_is_listed_the_newest_first(fitted: Application, qtbot: Any) -> None:
    fitted.files.rename("map-1", "renamed")
    fitted.window.actions_by_id["undo"].trigger()
    fitted.window.actions_by_id["steps"].trigger()
    dialog = fitted.window.findChild(StepsDialog)
    qtbot.waitUntil(dialog.isVisible)
    rows = [dialog.list.topLevelItem(number) for number in range(dialog.list.topLevelItemCount())]
    assert [row.text(1) for row in rows[:2]] == ["Undo Rename coarse.mrc to renamed", "Rename coarse.mrc to renamed"]
    assert [row.text(1) for row in rows[-2:]] == ["Open 1bd2_moved.pdb.gz", "Open coarse.mrc"]
    assert abs((datetime.now() - datetime.strptime(rows[0].text(0), "%d %b %Y, %H:%M:%S")).total_seconds()) < 600
    dialog.reject()


def test_in_an_empty_window_there_is_nothing_to_list(application: Application) -> None:
    assert not application.window.actions_by_id["steps"].isEnabled()
