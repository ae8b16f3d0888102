"""A window that is closed while a worker cannot be stopped ends as any other: with its status, not by a signal."""

import subprocess
import sys
from pathlib import Path

import pytest

_CLOSED_OVER_A_JOB = """
import sys, time
from PySide6.QtCore import QTimer
from difffit_app import __main__ as program
from difffit_app.application import Application
from difffit_app.workers import jobs
from difffit_app.workers.lane import Job
jobs._PATIENCE_MS = 100

class Stuck(Application):
    def show(self):
        super().show()
        self.jobs.draw(Job("sleeping", lambda _: time.sleep(600), lambda _: None))
        QTimer.singleShot(300, self.window, self.close)
    def offer_tour(self): ...
    def warm_up(self): ...

import difffit_app.application
difffit_app.application.Application = Stuck
sys.exit(program.open_window())
"""


@pytest.mark.slow
def test_the_program_ends_though_a_worker_does_not(qapp: object, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CLOSED_OVER_A_JOB], capture_output=True, text=True, check=False, timeout=240, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "Destroyed" not in done.stderr
