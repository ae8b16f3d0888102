"""How long `difffit open` takes from the shell to a window that answers."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace

from cases import Absent
from example import MAP, MODEL
from report import Report, spread

_PROBE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from difffit_app import application

def answered():
    print(time.time(), "torch" in sys.modules, flush=True)
    QApplication.closeAllWindows()

shown = application.Application.show

def show(self):
    shown(self)
    self.window.guard_closing(lambda: (self.jobs.shutdown(), True)[1])
    QTimer.singleShot(0, lambda: QTimer.singleShot(0, answered))  # after the first frame, and after what it has asked for

application.Application.show = show
from difffit_core.cli import main
sys.argv[0] = "difffit"
main()
"""


def run(options: Namespace) -> Report:
    """Measure with and without files; the first start of each fills the system's file cache and does not count."""
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY") and shutil.which("xvfb-run") is None:
        raise Absent("there is no display, and no xvfb-run to make one")
    report = Report(
        "Window",
        f"Wall time of `difffit open` from the shell's point of view to a window that is drawn and answers. Median of {options.repeats}.",
        ["", "to the answering window, s", "torch imported"],
    )
    for name, arguments in (("empty", []), ("with the example", [str(MAP), str(MODEL)])):
        starts = [_start(arguments) for _ in range(options.repeats + 1)][1:]
        report.rows.append([name, spread([seconds for seconds, _ in starts]), "yes" if any(torch for _, torch in starts) else "no"])
        report.raw.append({"name": name, "seconds": [seconds for seconds, _ in starts]})
    report.notes.append("Asked for: at most 3 s warm, without torch.")
    return report


def _start(arguments: list[str]) -> tuple[float, bool]:
    command = [sys.executable, "-c", _PROBE, "open", *arguments]
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        command = ["xvfb-run", "-a", *command]
    with tempfile.TemporaryDirectory() as folder:
        places = dict.fromkeys(("XDG_CONFIG_HOME", "XDG_DATA_HOME"), folder)
        before = time.time()
        done = subprocess.run(command, env={**os.environ, **places}, check=True, capture_output=True, text=True)
    moment, torch = done.stdout.split()
    return float(moment) - before, torch == "True"
