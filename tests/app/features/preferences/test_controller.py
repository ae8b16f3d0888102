"""What is preferred is kept, checked, and survives whatever happens to the program and its file."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest
from PySide6.QtCore import QSettings

from difffit_app.features.preferences.controller import PreferencesController
from difffit_app.features.preferences.views import PreferencesView
from difffit_app.preferences import Preferences, PreferenceStore, ThemeChoice
from difffit_core.fit.settings import Preset


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def store(file: Path) -> PreferenceStore:
    return PreferenceStore(QSettings(str(file), QSettings.Format.IniFormat))


def test_without_a_file_there_are_defaults(file: Path) -> None:
    assert store(file).current == Preferences()
    assert not file.exists()


def test_what_is_changed_is_told_and_kept(file: Path) -> None:
    first, heard = store(file), []
    first.changed.connect(heard.append)
    first.change(device="cpu", threads=3, preset="fast", theme="dark")
    assert heard == [Preferences(device="cpu", threads=3, preset=Preset.FAST, theme=ThemeChoice.DARK)]
    assert store(file).current == heard[0]
    first.change(theme="dark")
    assert len(heard) == 1
    first.change(threads=None)
    assert store(file).current.threads is None


def test_it_is_told_once_that_settings_cannot_be_kept(file: Path) -> None:
    file.mkdir()
    one, heard = store(file), []
    one.unkept.connect(heard.append)
    one.change(threads=2)
    one.change(threads=3)
    assert one.current.threads == 3
    assert heard == [f"{file} cannot be written: what was set holds until this window is closed."]


@pytest.mark.parametrize("changes", [{"threads": 0}, {"threads": 5000}, {"device": "tpu"}, {"preset": "slow"}, {"colour": "red"}])
def test_what_is_out_of_bounds_is_refused_and_changes_nothing(file: Path, changes: dict[str, Any]) -> None:
    one = store(file)
    with pytest.raises(ValueError, match=next(iter(changes))):
        one.change(**changes)
    assert one.current == Preferences()


def test_a_bad_value_in_the_file_is_left_at_its_default_and_spoils_no_other(file: Path) -> None:
    file.write_text("[preferences]\ndevice=abacus\nthreads=-4\ntheme=dark\npreset=fast, slow\n")
    assert store(file).current == Preferences(theme=ThemeChoice.DARK)
    file.write_bytes(b"\x00\xff[[]preferences\n=\n[preferences")
    assert store(file).current == Preferences()


WRITER = """
import sys
from PySide6.QtCore import QSettings
from difffit_app.preferences import PreferenceStore
name, values = sys.argv[2], sys.argv[3].split(",")
print("ready", flush=True)
while True:
    for value in values:
        PreferenceStore(QSettings(sys.argv[1], QSettings.Format.IniFormat)).change(**{name: value})
        if "forever" not in sys.argv:
            sys.exit()
"""


def writer(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", WRITER, *arguments], stdout=subprocess.PIPE, text=True)


def test_two_programs_at_once_keep_what_each_sets(file: Path) -> None:
    """Each reads first what the other has written since."""
    for device, theme in (("cpu", "light"), ("cuda", "dark")):
        both = [writer(str(file), "device", device), writer(str(file), "theme", theme)]
        assert [one.wait(60) for one in both] == [0, 0]
        for one in both:
            assert one.stdout is not None
            one.stdout.close()
        assert (store(file).current.device, store(file).current.theme) == (device, theme)


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no SIGKILL")
def test_killed_while_it_writes_it_leaves_a_whole_file(file: Path) -> None:
    store(file).change(theme="dark", threads=2)
    for delay in (0.0, 0.01, 0.023):
        with writer(str(file), "device", "cpu,cuda,mps", "forever") as one:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
            time.sleep(delay)  # not for anything to happen, but to hit another moment
            one.send_signal(signal.SIGKILL)
        now = store(file).current
        assert (now.theme, now.threads) == (ThemeChoice.DARK, 2)


def test_the_dialog_is_told_what_the_machine_has(desk: Any, file: Path) -> None:
    view = create_autospec(PreferencesView, instance=True)
    kept = store(file)
    desk.preferences = kept
    controller = PreferencesController(desk, view)
    controller.show()
    view.ask.assert_called_once_with(Preferences())
    (devices,) = view.show_devices.call_args.args
    assert "cpu" in [device.name for device in devices if device.available]
    assert view.show_kept_code.call_args.args[0]
    controller.apply({"device": "cpu"})
    assert kept.current.device == "cpu"
    assert desk.notices() == []


def test_compiled_code_that_cannot_be_removed_is_told(desk: Any, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from difffit_core.ops import compiled

    (tmp_path / "kept.nbi").mkdir()
    monkeypatch.setattr(compiled, "_folders", {tmp_path})
    desk.preferences = store(file)
    controller = PreferencesController(desk, create_autospec(PreferencesView, instance=True))
    controller.clear_kept_code()
    (text,) = desk.notices("error")
    assert "kept.nbi: cannot be removed" in text
