"""At the first start the window compiles beside itself, says so, and says when that did not work."""

import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QProcess

from difffit_app.application import Application
from difffit_app.features.warming import wire as warming
from difffit_core.ops import compiling

FAILING = "import sys; print('no space'); sys.exit(3)"
LONG = "import time; time.sleep(100)"


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the window starts instead of compiling, on a machine where nothing is compiled."""
    code = [FAILING]
    monkeypatch.setattr(warming, "itself", lambda *words: (sys.executable, ["-c", code[0], *words]))
    monkeypatch.setattr(warming, "is_warm", lambda: False)
    monkeypatch.setattr(compiling, "_tellers", [])
    return code


def test_a_failure_is_told_and_closing_the_window_ends_it(application: Application, program: list[str], qtbot: Any) -> None:
    process = application.warm_up()
    assert process is not None
    assert application.window.notices.texts() == [warming.BEGUN]
    qtbot.waitUntil(lambda: warming.FAILED in application.window.notices.texts(), timeout=30_000)
    program[0] = LONG
    second = application.warm_up()
    assert second is not None
    assert second.waitForStarted(30_000)
    fits, refines = (application.window.panels[name] for name in ("Fit", "Refine"))
    fits.show_running(True)
    compiling.compiling(compiling.ONCE)
    assert fits.foot.status.text().startswith("Compiling for this machine (once;"), "what waits says for what"
    assert refines.foot.status.text() == ""
    fits.show_running(False)
    assert [text for text in application.window.notices.texts() if text.startswith("Compiling for this machine (once;")]
    assert application.close()
    assert second.state() is QProcess.ProcessState.NotRunning


def test_nothing_is_started_where_it_was_done(application: Application, program: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "is_warm", lambda: True)
    assert application.warm_up() is None
    assert application.window.notices.texts() == []


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from difffit_app.itself import itself

    assert itself("open", "a b") == (sys.executable, ["-m", "difffit_core", "open", "a b"])
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert itself("open", "a b") == (sys.executable, ["open", "a b"])
