"""Autosave and recovery as their user meets them: the timers, the notice, the preferences, and a window that is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QPushButton

from difffit_app.application import Application
from difffit_app.features.preferences.dialog import PreferencesDialog
from difffit_app.paths import recovery_folder
from difffit_core.project.recovery import left_behind
from difffit_core.project.store import open_project


def kept() -> list[Path]:
    return sorted(recovery_folder().glob("*.difffit"))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("difffit_app.features.recovery.wire.SOON_MS", 50)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def test_a_step_is_kept_a_moment_later_without_a_word(fitted: Application, qtbot: Any) -> None:
    fitted.files.rename("map-1", "renamed")
    qtbot.waitUntil(lambda: [open_project(path)[0].inputs[0].name for path in kept()] == ["renamed"], timeout=10_000)
    assert fitted.window.notices.texts() == []
    assert fitted.close()
    assert list(recovery_folder().iterdir()) == []


def test_switched_off_nothing_is_kept(fitted: Application, qtbot: Any) -> None:
    fitted.window.actions_by_id["preferences"].trigger()
    dialog = fitted.window.findChild(PreferencesDialog)
    qtbot.mouseClick(dialog.autosave, Qt.MouseButton.LeftButton)
    assert not dialog.minutes.isEnabled()
    dialog.accept()
    assert not fitted.preferences.current.autosave
    assert QSettings(fitted.settings.fileName(), QSettings.Format.IniFormat).value("preferences/autosave") == "False"
    fitted.files.rename("map-1", "renamed")
    qtbot.wait(200)
    qtbot.waitUntil(lambda: fitted.jobs.files.running is None)
    assert kept() == []
    fitted.preferences.change(autosave=True)
    fitted.files.rename("map-1", "again")
    qtbot.waitUntil(lambda: len(kept()) == 1, timeout=10_000)


@pytest.mark.slow
def test_a_killed_window_is_recovered_in_the_next(application: Application, small_example: list[Path], tmp_path: Path, qtbot: Any) -> None:
    code = _VICTIM.format(paths=[str(path) for path in small_example], golden=str(_golden()), settings=str(tmp_path / "victim.ini"))
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env={**os.environ})
    with child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"changed"
        qtbot.waitUntil(lambda: len(kept()) == 1, timeout=60_000)
        assert left_behind(recovery_folder()) == []
        child.send_signal(signal.SIGKILL)
        child.wait()
    window = application.window
    application.recovery.look()
    qtbot.waitUntil(lambda: len(window.notices.notices) == 1, timeout=10_000)
    notice = window.notices.notices[0]
    assert "ended unexpectedly" in notice.text
    window.show_notice("another", "info")
    recover, discard = notice.findChildren(QPushButton)
    assert (recover.text(), discard.text()) == ("Recover", "Discard")
    qtbot.mouseClick(recover, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(application.session.fits), timeout=60_000)
    assert application.session.maps["map-1"].name == "changed"
    assert application.session.dirty
    assert window.isWindowModified()
    assert notice.text not in window.notices.texts()
    qtbot.waitUntil(lambda: application.recovery._slot is not None and len(kept()) == 1, timeout=10_000)
    assert open_project(kept()[0])[0].inputs[0].name == "changed"


def _golden() -> Path:
    return Path(__file__).resolve().parents[3] / "golden" / "schema_1.difffit"


_VICTIM = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
import difffit_app.features.recovery.wire
difffit_app.features.recovery.wire.SOON_MS = 50
from difffit_app.application import Application
from difffit_app.state.changes.of_session import AddFit
from difffit_app.state.items import OpenFit
from difffit_core.project.store import open_project
qt = QApplication(sys.argv)
application = Application(QSettings({settings!r}, QSettings.Format.IniFormat))
application.show()
application.open_when_ready([Path(path) for path in {paths}])

def work():
    if application.jobs.reading or not application.session.models:
        QTimer.singleShot(50, work)
        return
    project, arrays = open_project(Path({golden!r}))
    application.history.do(AddFit(OpenFit.of(project.fits[0], arrays["fit-1"])))
    application.files.rename("map-1", "changed")
    print("changed", flush=True)

QTimer.singleShot(0, work)
qt.exec()
"""
