"""Starting: in a process of its own, as `difffit open` does it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings, Signal

from difffit_app.__main__ import check_display, leave_lost_folder
from difffit_app.application import Application
from difffit_app.window.main_window import MainWindow
from difffit_app.workers.jobs import Jobs
from difffit_core.errors import UserError

START = """
import sys
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[1])
qt = QApplication([])
from difffit_app.__main__ import open_window
seen = []

def look():
    window = next(widget for widget in qt.topLevelWidgets() if widget.objectName() == "DiffFitMainWindow")
    if len(window.panels["Open"].rows) < 2 or "difffit_core.fit.run" not in sys.modules:
        return
    timer.stop()
    seen.extend(sorted(window.panels["Open"].rows))
    seen.append("scipy.interpolate" in sys.modules)
    window.close()

timer = QTimer()
timer.timeout.connect(look)
timer.start(50)
status = open_window(sys.argv[2:])
assert seen == ["map-1", "model-1", True], seen
assert "torch" not in sys.modules
sys.exit(status)
"""


@pytest.mark.slow
def test_it_opens_files_and_ends_with_status_0_without_torch(qapp: object, small_example: list[Path], tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error::ResourceWarning", "-c", START, str(tmp_path), *map(str, small_example)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "QThread" not in done.stderr
    assert "Traceback" not in done.stderr


FOR_A_FILE = """
import sys
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
QSettings.setDefaultFormat(QSettings.Format.IniFormat)
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[1])
from difffit_app.__main__ import open_window

def ask():
    qt = QApplication.instance()
    for path in sys.argv[2:]:
        QApplication.sendEvent(qt, QFileOpenEvent(path))
    timer.timeout.connect(look)
    timer.start(50)

def look():
    window = next(widget for widget in QApplication.topLevelWidgets() if widget.objectName() == "DiffFitMainWindow")
    if len(window.panels["Open"].rows) == 2:
        timer.stop()
        window.close()

timer = QTimer()
from difffit_app.application import Application
show = Application.show
Application.show = lambda self: (show(self), QTimer.singleShot(0, ask))
sys.exit(open_window())
"""


@pytest.mark.slow
def test_files_that_the_system_hands_it_are_opened(qapp: object, small_example: list[Path], tmp_path: Path) -> None:
    command = [sys.executable, "-c", FOR_A_FILE, str(tmp_path), *map(str, small_example)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows sends no interrupt to one process alone")
def test_an_interrupt_from_the_terminal_closes_it_in_order(qapp: object, tmp_path: Path) -> None:
    code = START.partition("seen = []")[0] + (
        "import os, signal\nQTimer.singleShot(500, lambda: os.kill(os.getpid(), signal.SIGINT))\nsys.exit(open_window())\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_importing_the_window_brings_neither_torch_nor_scipy(qapp: object) -> None:
    code = "import sys, difffit_app.application; print([name for name in ('torch', 'scipy', 'numba', 'gemmi') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there can a display be missing")
def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UserError, match="needs a display"):
        check_display()
    monkeypatch.setitem(os.environ, "DISPLAY", ":1")
    check_display()


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no folder that a program works in")
def test_where_the_working_directory_is_gone_it_goes_home_and_finds_no_file_by_a_relative_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(gone)
    leave_lost_folder(["map.mrc"])
    assert Path.cwd() == gone
    gone.rmdir()
    with pytest.raises(UserError, match=r"^map\.mrc: cannot be found, because the working directory is gone"):
        leave_lost_folder([tmp_path / "model.cif", "map.mrc"])
    leave_lost_folder([tmp_path / "model.cif"])
    assert Path.cwd() == tmp_path
    monkeypatch.setenv("HOME", str(gone))
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    leave_lost_folder([])
    assert Path.cwd() == Path(os.sep)


def test_a_start_that_fails_leaves_no_thread_for_which_qt_would_abort(
    qtbot: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []

    class Watched(Jobs):
        def shutdown(self) -> bool:
            ended.append(super().shutdown())
            return ended[-1]

    def fail(*_: object) -> None:
        raise OSError(2, "no such folder")

    monkeypatch.setattr("difffit_app.application.Jobs", Watched)
    monkeypatch.setattr("difffit_app.application.MainWindow", fail)
    with pytest.raises(OSError, match="no such folder"):
        Application(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    assert ended == [True]


def test_signals_can_be_emitted_for_a_long_time(qapp: object) -> None:
    """PySide6 6.12.0 aborts on Python 3.11 after some 570 emissions of a truth value."""

    class Source(QObject):
        changed = Signal(bool)

    source, heard = Source(), []
    source.changed.connect(heard.append)
    for _ in range(5000):
        source.changed.emit(True)
    assert len(heard) == 5000


def test_it_is_styled_once_all_stands_in_it(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """As where each panel is styled as it is put in, and again with all the others: a fifth of the time until a window is there."""
    panels = []
    monkeypatch.setattr(MainWindow, "dress", lambda window: panels.append(len(window.panels)))
    application = request.getfixturevalue("application")
    assert panels == [len(application.window.panels)]
