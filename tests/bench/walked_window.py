"""Windows that are walked through at random and killed: what each has kept, and what the next start finds of it.

As a program of its own: ``walked_window.py WALKED FOLDER KILLS SEED``, where WALKED is the folder of a walk of no steps (`tests/app/window/
test_walk.py`), prints what was found as JSON. The victims are forks of it that have imported everything already.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from walking.walker import Walker
from walking.world import World

import difffit_app.application
import difffit_app.features.projects.controller
import difffit_core.project.recovery
from difffit_app.application import Application
from difffit_app.paths import recovery_folder
from difffit_app.prompts import Unsaved
from difffit_core.errors import UserError
from difffit_core.project.inputs import absolute_input, relative_input
from difffit_core.project.recovery import Slot, left_behind
from difffit_core.project.schema import Project
from difffit_core.project.store import open_project, save_project

LONGEST_S = 12.0
"""A window is killed at any moment within so many seconds of walking."""
_RECOVERED_EVERY = 10
_PATIENCE_S = 120.0


@dataclass
class Tally:
    """What came of the kills; ``during`` counts those that hit a window while it wrote."""

    kills: int = 0
    steps: int = 0
    saved: int = 0
    kept: int = 0
    during: dict[str, int] = field(default_factory=dict)
    unopened: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unrecovered: list[str] = field(default_factory=list)
    recovered: int = 0
    not_shown_again: list[str] = field(default_factory=list)
    no_start: int = 0


class _Prompts:
    """Stands for the dialogs until the walk answers them."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name == "ask_to_save":
            return lambda *_: Unsaved.DISCARD
        return lambda *_: None


def digest(project: Project) -> str:
    """Of all that a user has accepted, made, named or brought in; not of how it is looked at, or where files lie."""
    held = project.model_dump(mode="json", include={"composites", "refinements", "working_maps"})
    held["fits"] = [(one.id, one.map, one.model, len(one.placements)) for one in project.fits]
    held["inputs"] = [(one.id, one.name, one.sha256) for one in project.inputs]
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()[:16]


class Journal:
    """What a window is about to write, and has written, told before and after, each in a line that is there even if it is killed next."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def tell(self, *words: object) -> None:
        os.write(self._file, ("\t".join(map(str, words)) + "\n").encode())

    def follow(self) -> None:
        """Have every project that is saved, kept or forgotten told of."""
        for module in (difffit_app.features.projects.controller, difffit_core.project.recovery):
            module.save_project = self._telling(module.save_project)  # type: ignore[attr-defined]
        clear = Slot.clear

        def cleared(slot: Slot) -> None:
            self.tell("clearing", slot.path, "")
            clear(slot)

        Slot.clear = cleared  # type: ignore[method-assign]

    def _telling(self, save: Callable[..., None]) -> Callable[..., None]:
        def told(path: Path, project: Project, *rest: Any, **more: Any) -> None:
            self.tell("writing", path, digest(project))
            save(path, project, *rest, **more)
            self.tell("written", path, digest(project))

        return told


def main(walked: Path, folder: Path, kills: int, seed: int) -> None:
    tally, chance = Tally(), random.Random(seed)
    os.environ["XDG_DATA_HOME"] = str(folder / "data")
    for number in range(kills):
        home = folder / f"window{number}"
        journal = home / "journal"
        home.mkdir()
        child = _start(lambda home=home, number=number: _walk(walked, home, seed * 1000 + number))  # type: ignore[misc]
        if not _wait_for(journal, "walking"):
            tally.no_start += 1
        time.sleep(chance.uniform(0.0, LONGEST_S))
        os.kill(child, signal.SIGKILL)
        _, ended = os.waitpid(child, 0)
        if not os.WIFSIGNALED(ended) or os.WTERMSIG(ended) != signal.SIGKILL:
            tally.lost.append(f"window {number} ended by itself: {ended}")
        _look(tally, journal, number, folder, again=number % _RECOVERED_EVERY == 0)
        shutil.rmtree(home)
        print(f"{number + 1}: {tally}", file=sys.stderr, flush=True)
    print(json.dumps(asdict(tally)))


def _start(what: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        try:
            what()
        except BaseException as error:  # noqa: BLE001 - it must end here, and say why
            print(f"a victim failed: {error!r}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    return child


def _wait_for(journal: Path, word: str) -> bool:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        if journal.exists() and any(line.startswith(word) for line in journal.read_text().splitlines()):
            return True
        time.sleep(0.05)
    return False


def _window(home: Path) -> tuple[Application, _Prompts]:
    prompts = _Prompts()
    difffit_app.application.Dialogs = lambda _: prompts  # type: ignore[attr-defined, assignment]
    application = Application(QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat))
    application.show()
    return application, prompts


def _walk(walked: Path, home: Path, seed: int) -> None:
    """Open what the walk begins with, and walk until this is killed."""
    journal = Journal(home / "journal")
    journal.follow()
    qt = QApplication([])
    inputs, place = walked.parent, home / "walked"
    place.mkdir()
    good = [inputs / name for name in ("large.mrc", "small.mrc", "second.cif", "screen.sqlite")]
    world = World(place, good)
    _move(walked / "crowd.difffit", world.crowd)
    world.keep_crowd()
    restore = world.restore
    world.restore = lambda: (restore(), journal.tell("written", world.crowd, digest(open_project(world.crowd)[0])))  # type: ignore[method-assign]
    application, prompts = _window(home)
    application.files.open_paths([world.crowd])
    while not application.session.fits:
        QTest.qWait(10)
        assert application.jobs.reading or application.session.fits, "the crowd was not opened"
    os.chdir(place)
    walker = Walker(application, prompts, world, seed, drawn_every=20)
    walker.settle()
    journal.tell("walking", "", "")

    def step() -> None:
        walker.step()
        journal.tell("step", "", "")
        QTimer.singleShot(0, step)

    QTimer.singleShot(0, step)
    qt.exec()


def _move(old: Path, new: Path) -> None:
    """Write a project elsewhere; its inputs stay where they are."""
    project, arrays = open_project(old)
    inputs = tuple(relative_input(absolute_input(entry, old), new) for entry in project.inputs)
    save_project(new, project.model_copy(update={"inputs": inputs}), arrays)


def _look(tally: Tally, journal: Path, number: int, folder: Path, again: bool) -> None:
    """Hold what is there now against what was told, and, with ``again``, against what the next window shows that recovers it."""
    may: dict[str, list[str | None]] = {}
    writing = ""
    for line in journal.read_text().splitlines():
        word, path, told = line.split("\t")
        if word == "step":
            tally.steps += 1
        elif word == "written":
            may[path], writing = [told], ""
            tally.saved += folder / "data" not in Path(path).parents
            tally.kept += folder / "data" in Path(path).parents
        elif word == "writing":
            may[path] = [*may.get(path, [None]), told]
            writing = word
        elif word == "clearing":
            may[path] = [*may.get(path, [None]), None]
    tally.kills += 1
    if writing:
        tally.during["writing"] = tally.during.get("writing", 0) + 1
    slots = left_behind(recovery_folder())
    here = {str(slot.path): slot for slot in slots}
    for path, allowed in may.items():
        of_slot = folder / "data" in Path(path).parents
        found = None
        if Path(path).exists():
            try:
                found = digest(open_project(Path(path))[0])
            except UserError as error:
                tally.unopened.append(f"window {number}: {error}")
                continue
        if found not in allowed:
            (tally.unrecovered if of_slot else tally.lost).append(f"window {number}: {path} holds {found}, not {allowed}")
        if of_slot and found is not None and path not in here:
            tally.unrecovered.append(f"window {number}: {path} is not offered")
    kept = [slot.path for slot in slots]
    told = [digest(open_project(path)[0]) for path in kept]
    for slot in slots:
        slot.close()
    if kept and again:
        _recover(tally, number, folder, told)
    for slot in left_behind(recovery_folder()):
        slot.remove()


def _recover(tally: Tally, number: int, folder: Path, told: list[str]) -> None:
    """Start again, as the user would, and take what is offered."""
    home = folder / f"again{number}"
    home.mkdir()
    child = _start(lambda: _take_offer(home))
    if not _wait_for(home / "journal", "shown"):
        tally.not_shown_again.append(f"after window {number} nothing was shown again")
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    for line in (home / "journal").read_text().splitlines():
        word, _, shown = line.split("\t")
        if word == "shown":
            tally.recovered += 1
            if shown not in told:
                tally.not_shown_again.append(f"after window {number} {shown} was shown, not {told}")


def _take_offer(home: Path) -> None:
    from difffit_app.state.project.contents import project_of
    from difffit_app.state.project.view import view_of

    journal = Journal(home / "journal")
    journal.tell("started", "", "")
    _qt = QApplication([])
    application, _ = _window(home)
    offers: list[QAbstractButton] = []
    while not offers:
        QTest.qWait(20)
        offers = [one for one in application.window.findChildren(QAbstractButton) if one.text() == "Recover" and one.isVisible()]
    QTest.mouseClick(offers[0], Qt.MouseButton.LeftButton)
    while application.session.is_empty or application.jobs.reading:
        QTest.qWait(20)
    session = application.session
    view = view_of(session, application.view_state, application.window.viewer)
    journal.tell("shown", "", digest(project_of(session, view, home / "x.difffit")))
    QTest.qWait(60_000)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
