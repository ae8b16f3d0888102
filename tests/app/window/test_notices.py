"""What is the same of several files is told in one line, and notices go with what they speak of."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from difffit_app.application import Application
from difffit_core.io.maps import write_map


@pytest.fixture
def old_maps(open_map: Any, tmp_path: Path) -> list[Path]:
    """Four maps of whose headers the same is to be told."""
    paths = [tmp_path / f"{letter}.mrc" for letter in "abcd"]
    for path in paths:
        write_map(path, open_map.density)
        content = bytearray(path.read_bytes())
        content[208:216] = bytes(8)  # the word MAP, and the order of bytes
        path.write_bytes(content)
    return paths


def words(application: Application) -> list[str]:
    """What is written in the notices, from top to bottom."""
    return [notice.findChildren(QLabel)[0].text() for notice in application.window.notices.notices]


def close(application: Application, identifier: str, qtbot: Any) -> None:
    """By the cross in its row."""
    row = application.window.panels["Open"].rows[identifier]
    qtbot.mouseClick(row.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: identifier not in application.session.maps)


def test_one_line_tells_of_several_maps_until_the_last_is_closed(application: Application, old_maps: list[Path], qtbot: Any) -> None:
    def opens(*paths: Path) -> list[str]:
        count = len(application.session.maps) + len(paths)
        application.files.open_paths(paths)
        qtbot.waitUntil(lambda: len(application.session.maps) == count and not application.jobs.reading, timeout=60_000)
        return [text for text in words(application) if "word MAP" in text]

    (first,) = opens(old_maps[0])
    assert first.startswith("a.mrc: The word MAP is missing")
    note = first.partition(": ")[2]
    assert opens(old_maps[1]) == [f"a.mrc and b.mrc: {note}"]
    assert opens(*old_maps[2:]) == [f"{note.rstrip('.')} (4 maps: a.mrc and 3 more)."]
    (notice,) = (one for one in application.window.notices.notices if "word MAP" in one.text)
    assert notice.toolTip().split("\n") == ["a.mrc", "b.mrc", "c.mrc", "d.mrc"]
    for identifier in ("map-1", "map-3"):
        close(application, identifier, qtbot)
    assert [text for text in words(application) if "word MAP" in text] == [f"b.mrc and d.mrc: {note}"]
    application.session.rename("map-2", "mine")
    assert [text for text in words(application) if "word MAP" in text] == [f"mine and d.mrc: {note}"]
    for identifier in ("map-2", "map-4"):
        close(application, identifier, qtbot)
    assert words(application) == []


def test_what_is_told_of_a_fit_goes_with_it_and_what_is_told_of_nothing_stays(fitted: Application, make_fit: Any, qtbot: Any) -> None:
    window, session = fitted.window, fitted.session
    session.add_fit(make_fit("fit-2"))
    window.show_notice("The hand may be the other.", "warning", about=("fit-1",))
    window.show_notice("Its voxels look too wide.", "warning", about=("fit-2", "map-1"))
    window.show_notice("Wrote a file.", "info")
    window.show_offer("It holds five models.", {"Choose": lambda: None}, about=("model-1",))
    fitted.placements.remove_fit("fit-1")
    assert "The hand may be the other." not in words(fitted)
    assert {"Its voxels look too wide.", "Wrote a file.", "It holds five models."} <= set(words(fitted))
    session.clear()
    assert words(fitted) == [text for text in words(fitted) if text not in ("Its voxels look too wide.", "It holds five models.")]
    assert "Wrote a file." in words(fitted)


def test_a_notice_is_seen_as_soon_as_it_is_told(application: Application) -> None:
    """The second is put into a column that is seen already, where Qt would show it at some later event only."""
    notices = application.window.notices
    notices.show_notice("The first.", "info")
    for text in ("The second.", "The third."):
        notices.show_offer(text, {"Do It": lambda: None})
        newest = notices.notices[0]
        (button,) = newest.findChildren(QPushButton)
        assert newest.isVisible()
        assert button.isVisible()
        assert notices.height() >= sum(one.sizeHint().height() for one in notices.notices)


def test_what_was_to_be_heeded_goes_when_everything_is_closed(opened: Application, prompts: Any) -> None:
    notices = opened.window.notices
    notices.show_notice("the B factor must be other than 0", "error")
    notices.show_notice("something is odd", "warning")
    notices.show_notice("Saved it", "info")
    notices.show_offer("Shall it?", {"Yes": lambda: None})
    opened.window.actions_by_id["close_all"].trigger()
    assert opened.session.is_empty
    assert words(opened) == ["Shall it?", "Saved it"]
