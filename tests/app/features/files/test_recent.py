"""Files that were opened come back in a menu, in this start and the next."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMenu

from difffit_app.application import Application
from difffit_app.features.commanding.verbs import paths_like
from difffit_app.features.files.recent import MOST, RecentFiles, newest
from difffit_app.features.files.recent_menu import entry_text
from difffit_app.report import without_home
from difffit_app.widgets.path_field import PathField
from difffit_core.errors import UserError


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)


def test_the_newest_is_first_each_once_and_no_more_than_so_many(settings: QSettings, tmp_path: Path) -> None:
    recent = RecentFiles(settings)
    for number in [*range(MOST + 3), 5]:
        recent.add(tmp_path / f"{number}.mrc")
    again = RecentFiles(QSettings(settings.fileName(), QSettings.Format.IniFormat)).paths
    assert [path.stem for path in again] == ["5", *(str(n) for n in range(MOST + 2, 2, -1) if n != 5)][:MOST]
    recent.clear()
    assert RecentFiles(settings).paths == []
    recent.add(Path("one.pdb"))
    assert RecentFiles(QSettings(settings.fileName(), QSettings.Format.IniFormat)).paths == [Path("one.pdb").absolute()]


def test_a_folder_of_models_drops_no_project(settings: QSettings, tmp_path: Path) -> None:
    recent = RecentFiles(settings)
    for name in ("old", "a", "b", "c"):
        recent.add(tmp_path / f"{name}.difffit")
    for number in range(MOST + 8):
        recent.add(tmp_path / f"{number}.pdb")
    paths = RecentFiles(QSettings(settings.fileName(), QSettings.Format.IniFormat)).paths
    assert [path.stem for path in paths] == [*(str(n) for n in range(MOST + 7, 10, -1)), "c", "b", "a"]
    assert [path.stem for path in newest(paths, 6)] == ["19", "18", "17", "c", "b", "a"]
    recent.add(tmp_path / "a.difffit")
    assert [path.stem for path in recent.paths][:2] == ["a", "19"], "what was opened last is first"


@pytest.mark.slow
def test_a_project_is_opened_from_the_start_page_after_a_day_of_other_files(
    fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any
) -> None:
    prompts.where = tmp_path / "of the day.difffit"
    fitted.window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: not fitted.session.dirty, timeout=20_000)
    model = Path(fitted.session.models["model-1"].model.path)
    copies = [Path(shutil.copy(model, tmp_path / f"{number}.pdb.gz")) for number in range(8)]
    fitted.files.open_paths(copies)
    qtbot.waitUntil(lambda: len(fitted.session.models) == 9 and not fitted.jobs.reading, timeout=60_000)
    fitted.window.actions_by_id["close_all"].trigger()
    entries = {entry.toolTip(): entry for entry in fitted.window.landmarks["start"].entries}
    entry = entries[str(prompts.where)]
    qtbot.waitUntil(entry.isVisible)
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: fitted.session.path == prompts.where and bool(fitted.session.fits), timeout=60_000)


@pytest.mark.parametrize("value", [7, "", ["", 3.5], {"a": 1}])
def test_what_is_no_list_of_files_is_none(settings: QSettings, value: object) -> None:
    settings.setValue("files/recent", value)
    assert RecentFiles(settings).paths == []


def test_long_folders_are_shortened_at_their_front_and_ampersands_kept() -> None:
    text = entry_text(2, Path("/a" + "/folder" * 20 + "/R&D/map.mrc"))
    assert text.startswith("&2  map.mrc   –   …")
    assert text.endswith("/R&&D")
    assert len(text) < 90
    assert not entry_text(11, Path("/a/b.mrc")).startswith("&")


def submenu(application: Application) -> QMenu:
    menu = next(action.menu() for action in application.window.menus["&File"].actions() if action.text() == "Open &Recent")
    assert isinstance(menu, QMenu)
    return menu


def test_what_was_opened_is_opened_again_from_the_menu(
    application: Application, small_example: list[Path], tmp_path: Path, qtbot: Any
) -> None:
    menu = submenu(application)
    assert not menu.menuAction().isEnabled()
    copies = [Path(shutil.copy(path, tmp_path)) for path in small_example]
    bad = tmp_path / "bad.mrc"
    bad.write_text("no map")
    application.files.open_paths([*copies, bad])
    qtbot.waitUntil(lambda: bool(application.window.notices.texts()), timeout=30_000)
    copies[1].unlink()
    menu.aboutToShow.emit()
    first, second = menu.actions()[:2]
    assert (copies[1].name in first.text(), "not found" in first.text(), first.isEnabled()) == (True, True, False)
    assert copies[0].name in second.text()
    assert not any("bad.mrc" in action.text() for action in menu.actions())
    second.trigger()
    qtbot.waitUntil(lambda: len(application.session.maps) == 2, timeout=30_000)
    menu.aboutToShow.emit()
    assert copies[0].name in menu.actions()[0].text()
    menu.actions()[-1].trigger()
    assert not menu.menuAction().isEnabled()


def test_a_saved_project_is_remembered(fitted: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    prompts.where = tmp_path / "kept.difffit"
    fitted.window.actions_by_id["save"].trigger()
    qtbot.waitUntil(lambda: not fitted.session.dirty, timeout=20_000)
    menu = submenu(fitted)
    menu.aboutToShow.emit()
    assert "kept.difffit" in menu.actions()[0].text()


def test_reading_tells_what_is_read_and_how_much_is_left(application: Application, small_example: list[Path], qtbot: Any) -> None:
    told: list[str] = []
    application.window.show_activity = told.append  # type: ignore[method-assign]
    application.files.open_paths(small_example)
    qtbot.waitUntil(lambda: bool(application.session.models), timeout=30_000)
    assert told == [
        "Reading coarse.mrc …", "Reading coarse.mrc … (1 more)", "Reading 1bd2_moved.pdb.gz …", "",
    ]  # fmt: skip


def test_recent_files_that_the_system_will_not_look_at_keep_no_window_from_opening(
    application: Application, tmp_path: Path, qtbot: Any
) -> None:
    here = tmp_path / "here.mrc"
    here.touch()
    kept = QSettings(str(tmp_path / "odd.ini"), QSettings.Format.IniFormat)
    kept.setValue("files/recent", [str(tmp_path / ("n" * 300)), str(here), str(tmp_path / "gone.mrc")])
    other = Application(kept)
    try:
        menu = submenu(other)
        menu.aboutToShow.emit()
        assert [action.isEnabled() for action in menu.actions()[:3]] == [False, True, False]
    finally:
        assert other.close()
        other.window.deleteLater()
        other.deleteLater()


def test_a_path_from_the_home_of_nobody_is_answered_by_a_sentence(application: Application, tmp_path: Path) -> None:
    for text in ("~nobody-of-this-name/a.mrc", str(tmp_path / ("n" * 300))):
        with pytest.raises(UserError, match="no such file"):
            application.commands.run(f"open {text}")
        with pytest.raises(UserError, match="no such folder"):
            application.commands.run(f"cd {text}")
        assert list(paths_like(text + "/", tmp_path)) == []
        field = PathField("Library", "")
        field.text.setText(text)
        assert field.path() == Path(text)


def test_a_report_is_made_where_nobody_has_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "")
    assert without_home("/a/b") == "/a/b"
    monkeypatch.setenv("HOME", "/a")
    assert without_home("/a/b") == "~/b"
    monkeypatch.setattr("os.path.expanduser", lambda text: text)  # as it is for a number that has no name
    assert without_home("/a/b") == "/a/b"
