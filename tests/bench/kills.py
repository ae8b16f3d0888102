"""Projects whose program is killed: 200 times between zeroing out, autosaving and saving, and a real window some times."""

import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
from report import Report

from difffit_core.errors import UserError
from difffit_core.project.recovery import left_behind
from difffit_core.project.store import open_project

KILLS, WINDOWS, WALKED, BUSY = 200, 10, 100, 20
"""Of the program, of windows, of windows on the walk, and of windows at each kind of work."""
_ROOT = Path(__file__).resolve().parents[2]
_WALK = _ROOT / "tests" / "app" / "window" / "test_walk.py"
_LOSSES = ("lost", "unrecovered", "unopened")
_logger = logging.getLogger(__name__)


def run(options: Namespace) -> Report:
    report = Report(
        "Killed while saving",
        f"A program that accepts a copy, zeroes it out, autosaves and saves, over and over, killed by SIGKILL {KILLS} times, each at a "
        f"random moment; and the window, which autosaves and saves what is renamed, {WINDOWS} times.",
        ["", "found"],
    )
    with tempfile.TemporaryDirectory() as folder:
        _program(report, Path(folder), options.seeds[0])
    with tempfile.TemporaryDirectory() as folder:
        _window(report, Path(folder), options.seeds[0])
    with tempfile.TemporaryDirectory() as folder:
        _walked(report, Path(folder), options.seeds[0])
    with tempfile.TemporaryDirectory() as folder:
        _busy(report, Path(folder), options.seeds[0])
    return report


def _program(report: Report, folder: Path, seed: int) -> None:
    program = _ROOT / "tests" / "core" / "project" / "killing.py"
    start = time.perf_counter()
    ended = subprocess.run([sys.executable, program, folder, str(KILLS), str(seed)], capture_output=True, text=True, check=True)
    found = json.loads(ended.stdout)
    during = ", ".join(f"{count} {phase}" for phase, count in sorted(found["during"].items()))
    report.rows += [
        ["kills of the program", f"{found['kills']} ({during}), {found['accepted']} copies accepted"],
        ["projects that did not open", str(found["unopened"])],
        ["fewer copies than when saving had returned, or others", f"{found['lost']}, {found['altered']}"],
        ["unsaved work not found, or older than when it was kept", str(found["unrecovered"])],
        ["unfinished files at once at most, and at the end", f"{found['most_litter']}, {found['litter_at_the_end']}"],
        ["seconds", f"{time.perf_counter() - start:.0f}"],
    ]
    report.raw.append(found)


def _window(report: Report, folder: Path, seed: int) -> None:
    slots = folder / "DiffFit" / "recovery"
    rng, unopened, lost, unrecovered, saved, kept = np.random.default_rng(seed), 0, 0, 0, 0, 0
    for number in range(WINDOWS):
        project = folder / f"project{number}.difffit"
        child = subprocess.Popen(
            [sys.executable, "-c", _VICTIM, str(project), str(_ROOT)],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "XDG_DATA_HOME": str(folder)},
        )  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline().split() == ["saved", "0"]
        time.sleep(float(rng.uniform(0.0, 2.0)))
        child.kill()
        told = [line.split() for line in child.stdout.read().splitlines() if line.count(" ") == 1]
        child.wait()
        last = {word: max((int(n) for w, n in told if w == word), default=0) for word in ("saved", "kept")}
        saved, kept = saved + last["saved"], kept + sum(word == "kept" for word, _ in told)
        found = left_behind(slots)
        try:
            held = _name(project)
            lost += held < last["saved"]
            unrecovered += max([held, *(_name(slot.path) for slot in found)]) < last["kept"]
        except UserError:
            unopened += 1
        for slot in found:
            slot.remove()
        _logger.info("window %d: %s", number + 1, last)
    report.rows += [
        ["kills of the window", f"{WINDOWS}, after {saved} steps saved and {kept} copies kept"],
        ["its projects that did not open, or held less than was saved", f"{unopened}, {lost}"],
        ["its last copy that was kept, or a later state, neither in the project nor beside it", str(unrecovered)],
    ]
    report.raw.append({"windows": WINDOWS, "unopened": unopened, "lost": lost, "unrecovered": unrecovered})


def _walked(report: Report, folder: Path, seed: int) -> None:
    """Windows that are walked through at random, from what a walk of no steps begins with."""
    walked = _begun_walk(folder)
    found = _told_by("walked_window.py", walked, folder / "windows", WALKED, seed)
    report.rows += [
        ["kills of a window on the walk", f"{found['kills']}, after {found['steps']} steps"],
        ["its projects that were saved, and copies that were kept", f"{found['saved']}, {found['kept']}"],
        ["of these not as they were written: projects, copies, unreadable", ", ".join(str(len(found[k])) for k in _LOSSES)],
        ["next starts that were asked to recover, and showed something else", f"{found['recovered']}, {len(found['not_shown_again'])}"],
    ]
    report.raw.append(found)


def _busy(report: Report, folder: Path, seed: int) -> None:
    """Windows that accept, assemble, compose or save."""
    found = _told_by("busy_window.py", _begun_walk(folder), folder / "windows", BUSY, seed)
    for name, one in found.items():
        losses = ", ".join(str(len(one[kind])) for kind in _LOSSES)
        report.rows += [
            [f"kills of a window that was {name}", f"{one['kills']}, {one['busy']} at it, after {one['accepted']} copies accepted"],
            ["of what it wrote not as it was written: projects, copies, unreadable; stores of screens", f"{losses}; {one['broken']}"],
            ["next starts that were asked to recover, and showed something else", f"{one['recovered']}, {len(one['not_shown_again'])}"],
            ["processes of it that were left", str(one["left"])],
        ]
    report.raw.append(found)


def _begun_walk(folder: Path) -> Path:
    """What a walk of no steps begins with."""
    begun = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'base'}", str(_WALK)]
    subprocess.run(begun, cwd=_ROOT, env={**os.environ, "DIFFFIT_WALK_STEPS": "0"}, capture_output=True, check=True)
    (folder / "windows").mkdir()
    return next((folder / "base").glob("test_a_walk_*/walked"))


def _told_by(program: str, walked: Path, folder: Path, kills: int, seed: int) -> dict[str, Any]:
    display = [] if os.environ.get("DISPLAY") else ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24"]
    ended = subprocess.run(
        [*display, sys.executable, Path(__file__).with_name(program), walked, folder, str(kills), str(seed)],
        stdout=subprocess.PIPE, text=True, check=True, env={**os.environ, "PYTHONPATH": str(_ROOT / "tests" / "helpers")},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _name(project: Path) -> int:
    """The number in the name of the map."""
    return int(open_project(project)[0].inputs[0].name)


_VICTIM = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication
from difffit_app.application import Application
from difffit_app.state.changes.of_session import AddFit
from difffit_app.state.items import OpenFit
from difffit_core.project.store import open_project
path, root = Path(sys.argv[1]), Path(sys.argv[2])
qt = QApplication(sys.argv)
application = Application(QSettings(str(path.with_suffix(".ini")), QSettings.Format.IniFormat))
application.show()
example = root / "resources" / "example"
application.open_when_ready([example / "1bd2_4A.mrc.gz", example / "1bd2_moved.pdb.gz"])
count = told = 0

def work():
    global count, told
    session = application.session
    if not session.models or application.jobs.files.running is not None:
        QTimer.singleShot(5, work)
        return
    if not session.fits:
        project, arrays = open_project(root / "tests" / "golden" / "schema_1.difffit")
        application.history.do(AddFit(OpenFit.of(project.fits[0], arrays["fit-1"])))
        application.files.rename("map-1", "0")
        application.projects.save(path)
    elif not session.dirty:
        print("saved", count, flush=True)
        count += 1
        application.files.rename("map-1", str(count))
        application.recovery.keep(lambda now=count: print("kept", now, flush=True))
    elif count % 3:
        count += 1
        application.files.rename("map-1", str(count))
        application.recovery.keep(lambda now=count: print("kept", now, flush=True))
    else:
        application.projects.save(path)
    QTimer.singleShot(0, work)

QTimer.singleShot(0, work)
qt.exec()
"""
