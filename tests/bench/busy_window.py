"""Windows that are killed while they are busy: a fit's copies are accepted, an assembly or a composite is under way, a project is saved.

As a program of its own: ``busy_window.py WALKED FOLDER KILLS SEED [WORK ...]``, as `walked_window.py`, of which this is a second way to be
busy. Each window has accepted a copy that was kept, and is not saved, before it may be killed; after each, the next window recovers.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from walked_window import Journal, Tally, _look, _move, _start, _wait_for, _window, digest
from walking.moves import Hands

from difffit_app.application import Application
from difffit_app.paths import recovery_folder
from difffit_core.io.models import read_model, write_model
from difffit_core.project.store import open_project

Work = Callable[[Application, Journal, Path], None]
ENDED_S = 30.0
"""Processes of a window that is gone must end within so many seconds."""


@dataclass
class Busy(Tally):
    """What came of them; ``busy`` counts those that were killed at their work, ``left`` processes that outlived their window."""

    busy: int = 0
    accepted: int = 0
    left: int = 0
    broken: int = 0


def main(walked: Path, folder: Path, kills: int, seed: int, names: list[str]) -> None:
    works = {name: WORKS[name] for name in names or WORKS}
    chance, found = random.Random(seed), {name: Busy() for name in works}
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    for number in range(kills):
        for place, (name, (work, longest)) in enumerate(works.items()):
            _kill_one(found[name], walked, folder, work, number * len(works) + place, chance.uniform(0.0, longest))
            print(f"{name} {number + 1}: {found[name]}", file=sys.stderr, flush=True)
    print(json.dumps({name: asdict(tally) for name, tally in found.items()}))


def _kill_one(tally: Busy, walked: Path, folder: Path, work: Work, number: int, after: float) -> None:
    home = folder / f"window{number}"
    journal = home / "journal"
    home.mkdir()
    child = _start(lambda: _be_busy(walked, home, work))
    if not _wait_for(journal, "walking"):
        tally.no_start += 1
    time.sleep(after)
    if work is save:
        _until_it_writes(journal)
        time.sleep(after / 200)
    family = psutil.Process(child).children(recursive=True)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    _, alive = psutil.wait_procs(family, ENDED_S)
    tally.left += len(alive)
    told = [line.split("\t")[0] for line in journal.read_text().splitlines()]
    tally.busy += "begun" in told and "ended" not in told
    tally.accepted += told.count("accepted")
    tally.broken += sum(not _is_whole(path) for path in home.rglob("*.sqlite"))
    _look(tally, journal, number, folder, again=True)
    shutil.rmtree(home)


def _until_it_writes(journal: Path) -> None:
    """The project, not a copy of what is not saved."""
    until, start = time.monotonic() + ENDED_S, f"writing\t{journal.with_name('crowd.difffit')}\t"
    while time.monotonic() < until and not journal.read_text().rstrip("\n").rpartition("\n")[2].startswith(start):
        time.sleep(0.001)


def _is_whole(store: Path) -> bool:
    """Whether the results of an assembly can be read, as far as they got."""
    try:
        with closing(sqlite3.connect(store)) as connection:
            return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _be_busy(walked: Path, home: Path, work: Work) -> None:
    journal = Journal(home / "journal")
    journal.follow()
    qt = QApplication([])
    project = home / "crowd.difffit"
    _move(walked / "crowd.difffit", project)
    journal.tell("written", project, digest(open_project(project)[0]))
    application, _ = _window(home)
    application.files.open_paths([project])
    while not application.session.fits or application.jobs.reading:
        QTest.qWait(10)
    os.chdir(home)
    before = _accepted(application)
    enter(application, "accept 1")
    while _accepted(application) == before:
        QTest.qWait(10)
    journal.tell("accepted", "", "")
    told = journal.path.read_text().count("written")
    while journal.path.read_text().count("written") == told:  # kept by itself, a moment later
        QTest.qWait(10)
    work(application, journal, home)
    journal.tell("walking", "", "")
    qt.exec()


def _accepted(application: Application) -> int:
    return sum(len(one.accepted) for composite in application.session.composites.values() for one in composite.rounds)


def enter(application: Application, line: str) -> None:
    """A line, typed."""
    application.window.raise_panel("Command Line")
    Hands(random.Random(0), lambda _: False).enter(application.window.panels["Command Line"].edit, line)


def accept(application: Application, journal: Journal, _: Path) -> None:
    """Accept one copy after another of the fit that is open, and take back what was accepted when there are no more."""
    count = len(next(iter(application.session.fits.values())).record.placements)
    journal.tell("begun", "", "")

    def step(number: int) -> None:
        application.window.actions_by_id["undo"].trigger()
        enter(application, f"accept {number % count + 1}")
        journal.tell("accepted", "", "")
        QTimer.singleShot(150, lambda: step(number + 1))

    QTimer.singleShot(0, lambda: step(1))


def _compute(application: Application, journal: Journal, line: str) -> None:
    enter(application, line)
    while application.jobs.compute.running is None:
        QTest.qWait(1)
    journal.tell("begun", "", "")

    def look() -> None:
        if application.jobs.compute.running is not None:
            QTimer.singleShot(5, look)
        else:
            journal.tell("ended", "", "")

    look()


def assemble(application: Application, journal: Journal, home: Path) -> None:
    parts = home / "parts"
    parts.mkdir()
    model = read_model(next(one.model.path for one in application.session.models.values() if one.model.path is not None))
    for chain in "DE":
        write_model(parts / f"part_{chain}.cif", model.select_chains((chain,)))
    _compute(application, journal, f"assemble #1 {parts} resolution 9 jobs 1 out {home / 'assembly'}")


def compose(application: Application, journal: Journal, _: Path) -> None:
    number = application.session.numbers[next(iter(application.session.models))]
    _compute(application, journal, f"compose #1 #{number}:2 resolution 9")


def save(application: Application, journal: Journal, _: Path) -> None:
    """File > Save over and over; what is saved is another each time, and was kept unsaved before."""
    journal.tell("begun", "", "")
    item = next(iter(application.session.maps))

    def step(number: int) -> None:
        written = [line for line in journal.path.read_text().splitlines() if line.startswith("writ")]
        if application.jobs.reading:
            pass
        elif not application.session.dirty:
            number += 1
            application.files.rename(item, str(number))
        elif written[-1].startswith(f"written\t{recovery_folder()}"):
            application.window.actions_by_id["save"].trigger()
        QTimer.singleShot(5, lambda: step(number))

    step(0)


WORKS: dict[str, tuple[Work, float]] = {
    "accepting": (accept, 5.0), "assembling": (assemble, 6.0), "composing": (compose, 6.0), "saving": (save, 3.0),
}  # fmt: skip
"""By name: what a window does, and within how many seconds it is killed."""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
