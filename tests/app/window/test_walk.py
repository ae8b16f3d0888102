"""A walk at random through the window, seeded, as someone clicks who tries everything: nothing fails, nothing gets out of step.

``DIFFFIT_WALK_STEPS`` makes it longer, ``DIFFFIT_WALK_SEED`` another, ``DIFFFIT_WALK_TOLD`` writes down where it went, and
``DIFFFIT_WALK_MEMORY`` what it took; `tests/bench/walk.py` sets these. A walk of more than 500 steps uses everything once in the first 500
(`walking/firsts.py`), and what it takes is told from there on, each time with the same project opened again into an empty window.
"""

import faulthandler
import importlib
import json
import os
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from heap import heap_in_use
from PySide6.QtTest import QTest
from walking.checks import left_alive
from walking.walker import Walker
from walking.world import World

import difffit_core
from difffit_app.application import Application
from difffit_app.state.view_state import BACKGROUNDS, LAYOUTS
from difffit_app.workers.collecting import give_back

STEPS = int(os.environ.get("DIFFFIT_WALK_STEPS", "120"))
SEED = int(os.environ.get("DIFFFIT_WALK_SEED", "0"))
TOLD, MEMORY = os.environ.get("DIFFFIT_WALK_TOLD"), os.environ.get("DIFFFIT_WALK_MEMORY")
DRAWN_EVERY = int(os.environ.get("DIFFFIT_WALK_DRAWN", "20"))
CHECKED, UNDONE, REOPENED, WEIGHED = 40, 60, 120, 500
"""So many steps lie between two checks of each kind."""
THOROUGH = WEIGHED if STEPS > WEIGHED else 0
"""A long walk uses everything once in so many steps, before it is weighed for the first time."""


@pytest.fixture
def journal() -> Iterator[Callable[[str], None]]:
    """Where each step is told before it is taken."""
    if TOLD is None:
        yield lambda _: None
        return
    with Path(TOLD).open("w", encoding="utf-8") as stream:
        yield lambda line: print(line, file=stream, flush=True)


@pytest.mark.slow
@pytest.mark.timeout(240 + STEPS)
def test_a_walk_through_everything(
    crowded: Application,
    prompts: Any,
    tmp_path: Path,
    journal: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    faulthandler.enable()
    (tmp_path / "walked").mkdir()
    (tmp_path / "here" / "it").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "it")  # where paths go that are typed without a folder
    good = [item.density.path for item in crowded.session.maps.values()] + [tmp_path / "second.cif", tmp_path / "screen.sqlite"]
    for name in ("TURN_S", "MORPH_S", "REST_S", "_REPLAY_S"):
        monkeypatch.setattr(f"difffit_app.state.movies.{name}", 0.1)  # a few frames: whole movies take minutes each
    if MEMORY:
        _load_all()
        _draw_all(crowded)
    world = World(tmp_path / "walked", good)
    walker = Walker(crowded, prompts, world, SEED, DRAWN_EVERY, journal, THOROUGH)
    crowded.projects.save(world.crowd)
    walker.settle()
    world.keep_crowd()
    try:
        for number in range(1, STEPS + 1):
            walker.step()
            if number % CHECKED == 0:
                walker.check(world.folder / "checked.difffit")
            if number % UNDONE == 0:
                walker.check_undo()
                world.tidy()
                caplog.clear()  # what was logged holds the jobs that failed, and by them the window
            if number % REOPENED == 0:
                walker.check_reopened(world.folder / "checked.difffit")
            if MEMORY and number % WEIGHED == 0:
                _weigh(walker, number, Path(MEMORY))
    except BaseException:
        print(f"seed {SEED}\n" + "\n".join(walker.done[-60:]))  # noqa: T201
        raise
    finally:
        walker.stop()
        caplog.clear()


def _load_all() -> None:
    """Load what is loaded when it is first needed, so that the code of the libraries is not taken for growth."""
    for found in pkgutil.walk_packages(difffit_core.__path__, "difffit_core."):
        if "__main__" not in found.name and "triton" not in found.name:
            importlib.import_module(found.name)


def _draw_all(application: Application) -> None:
    """Draw all that is drawn, once, and open every panel: what is kept from then on (shaders, fonts) is not taken for growth either."""
    view_state, viewer = application.view_state, application.window.viewer
    for layout in LAYOUTS:
        view_state.set_layout(layout)
        for on in (True, False):
            view_state.set_effects(soft_shadows=on, silhouettes=on, fog=on)
            view_state.set_explaining(legend=on, scale_bar=on, triad=on)
            for background in BACKGROUNDS:
                view_state.set_background(background)
                viewer.repaint()
                QTest.qWait(20)
    for title in application.window.panels:
        application.window.raise_panel(title)
        QTest.qWait(20)
    _as_at_first(application)


def _as_at_first(application: Application) -> None:
    """The views and panels as in a new window."""
    view_state = application.view_state
    view_state.set_layout("views")
    view_state.set_effects(soft_shadows=False, silhouettes=False, fog=True)
    view_state.set_explaining(legend=True, scale_bar=False, triad=False)
    view_state.set_background("gradient")
    application.window.actions_by_id["reset_layout"].trigger()


def _weigh(walker: Walker, number: int, told: Path) -> None:
    """Write down what the program takes with the same things open as in the beginning."""
    walker.answers.chance.seed(f"{SEED} {number}")  # from here it can be taken up again
    walker.settle()
    walker.application.session.clear()
    walker.back()  # always, so that the same was opened just before
    walker.settle()
    while walker.session.path != walker.world.crowd or walker.session.dirty:
        walker.back()
        walker.settle()
    _as_at_first(walker.application)
    walker.window.viewer.setUpdatesEnabled(True)
    QTest.qWait(200)
    walker.window.viewer.setUpdatesEnabled(False)
    left = left_alive()
    walker.settle()
    heap = heap_in_use()
    give_back()
    record = {"step": number, "rss": psutil.Process().memory_info().rss, "heap": round(heap, 1), **left}
    with told.open("a", encoding="utf-8") as stream:
        print(json.dumps(record), file=stream)
