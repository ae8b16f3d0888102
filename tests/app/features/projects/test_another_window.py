"""Another window is a program of its own."""

import sys
from typing import Any

from PySide6.QtCore import QProcess

from difffit_app.application import Application


def test_another_window_is_started_as_a_program_of_its_own(application: Application, monkeypatch: Any) -> None:
    started: list[tuple[str, list[str]]] = []

    def start(program: str, arguments: list[str]) -> tuple[bool, int]:
        started.append((program, arguments))
        return len(started) == 1, 0

    monkeypatch.setattr(QProcess, "startDetached", start)
    application.window.actions_by_id["new_window"].trigger()
    assert started == [(sys.executable, ["-m", "difffit_core", "open"])]
    assert application.window.notices.texts() == []
    application.window.actions_by_id["new_window"].trigger()
    assert application.window.notices.texts() == ["Another window could not be started."]
