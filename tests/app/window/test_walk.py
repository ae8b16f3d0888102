"""A walk at random through the window, seeded, as someone clicks who tries everything: nothing fails, nothing gets out of step.

``DIFFFIT_WALK_STEPS`` makes it longer, ``DIFFFIT_WALK_SEED`` another.
"""

import faulthandler
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from difffit_app.application import Application
from difffit_app.features.rounds.tree import Row
from difffit_app.state.project.contents import arrays_of, packed_of, project_of
from difffit_app.state.project.view import view_of
from difffit_core.project.store import open_project, save_project

STEPS = int(os.environ.get("DIFFFIT_WALK_STEPS", "200"))
SEED = int(os.environ.get("DIFFFIT_WALK_SEED", "0"))
MOST = 5
"""Maps, and models, open at a time."""
LEFT_OUT = {
    "quit", "new_window", "rename_round",  # a program, a process, a dialog that waits
    "fit", "compose", "screen_start", "screen_resume", "screen_add", "refine", "keep", "cluster", "replay",  # minutes of computing
    "about", "guide", "tour", "log", "report", "preferences", "steps", "example",
}  # fmt: skip


class Walker:
    """Does one thing at a time; ``done`` is the way so far, for whoever must find out what went wrong."""

    def __init__(self, application: Application, prompts: Any, folder: Path, qtbot: Any) -> None:
        self.application, self.window, self.session = application, application.window, application.session
        self.prompts, self.folder, self.qtbot = prompts, folder, qtbot
        self.random = random.Random(SEED)
        self.done: list[str] = []
        self.files = [item.density.path for item in self.session.maps.values()] + [folder / "second.cif", folder / "bad.mrc"]
        (folder / "bad.mrc").write_bytes(b"no map")
        self.moves: list[tuple[int, Callable[[], str]]] = [
            (8, self.trigger), (5, self.choose), (2, self.close), (2, self.hide), (2, self.undo), (2, self.redo), (2, self.style),
            (2, self.open), (1, self.save), (1, self.reopen), (1, self.rename), (1, self.go_to_round), (2, self.choose_row),
            (1, self.filter),
        ]  # fmt: skip

    def step(self) -> None:
        weights, moves = zip(*self.moves, strict=True)
        move = self.random.choices(moves, weights)[0]
        self.prompts.answer = self.random.random() < 0.7
        self.prompts.where = self.folder / "exported" / f"{len(self.done)}.difffit"
        self.done.append(move.__name__)
        self.done[-1] = f"{move.__name__} {move()}"
        QTest.qWait(0)

    def settle(self) -> None:
        jobs = self.application.jobs
        self.qtbot.waitUntil(lambda: all(lane.running is None for lane in (jobs.files, jobs.geometry, jobs.compute)), timeout=60_000)

    def trigger(self) -> str:
        enabled = [name for name, action in self.window.actions_by_id.items() if action.isEnabled() and name not in LEFT_OUT]
        enabled = [name for name in enabled if name != "close_all" or self.random.random() < 0.2]
        name = self.random.choice(enabled)
        suffix = {"save_model": "cif", "export_table": "csv", "export_shown": "csv", "screenshot": "png", "save_working": "mrc"}.get(name)
        self.prompts.where = self.prompts.where.with_suffix(f".{suffix}") if suffix else self.prompts.where
        self.window.actions_by_id[name].trigger()
        return name

    def _some(self) -> str | None:
        ids = [*self.session.maps, *self.session.models]
        return self.random.choice(ids) if ids else None

    def choose(self) -> str:
        contents, tabs, what = self.window.panels["Open"], self.window.panels["Placements"].tabs, self._some()
        if self.session.fits and self.random.random() < 0.5:
            what = self.random.choice(list(self.session.fits))
            self.qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(tabs.index_of(what)).center())
        elif what is not None:
            contents.list.setCurrentItem(contents._entry(what))
        return str(what)

    def choose_row(self) -> str:
        view = self.window.panels["Placements"].view
        if not view.model().rowCount():
            return "none"
        row = self.random.randrange(view.model().rowCount())
        view.selectRow(row)
        return str(row)

    def close(self) -> str:
        what = self._some()
        if what is not None:
            row, contents = self.window.panels["Open"].rows[what], self.window.panels["Open"]
            if self.random.random() < 0.5:
                row.close_button.click()
            else:
                contents.list.setCurrentItem(contents._entry(what))
                self.qtbot.keyClick(contents.list, Qt.Key.Key_Delete)
        return str(what)

    def hide(self) -> str:
        what = self._some()
        if what is not None:
            self.window.panels["Open"].rows[what].eye.click()
        return str(what)

    def rename(self) -> str:
        what = self._some()
        if what is not None:
            contents = self.window.panels["Open"]
            contents.rename(what)
            self.qtbot.keyClicks(contents.rows[what].edit, f"name {len(self.done)}")
            self.qtbot.keyClick(contents.rows[what].edit, self.random.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))
        return str(what)

    def style(self) -> str:
        panel = self.window.panels["Map"]
        if self.session.map is not None:
            panel.level.setValue(panel.level.value() + self.random.choice([-3, 5]) * panel.level.singleStep())
            panel.look.opacity.setValue(self.random.randrange(5, 100))
            panel.stepped.emit(self.random.choice([-1, 1]))
        return str(self.session.map and self.session.map.id)

    def undo(self) -> str:
        times = self.random.choice([1, 1, 3])
        for _ in range(times):
            self.window.actions_by_id["undo"].trigger()
        return str(times)

    def redo(self) -> str:
        times = self.random.choice([1, 3])
        for _ in range(times):
            self.window.actions_by_id["redo"].trigger()
        return str(times)

    def open(self) -> str:
        path = self.random.choice(self.files)
        if len(self.session.maps) < MOST and len(self.session.models) < MOST:
            self.window.paths_dropped.emit([path])
        return path.name

    def save(self) -> str:
        self.window.actions_by_id["save"].trigger()
        return str(self.prompts.where)

    def reopen(self) -> str:
        saved = [*sorted((self.folder / "exported").glob("*.difffit")), self.folder / "crowd.difffit"]
        path = self.random.choice(saved)
        if path.exists():
            self.window.paths_dropped.emit([path])
        return path.name

    def go_to_round(self) -> str:
        tree = self.window.panel("Rounds").widget().tree
        places = [Row(one.id, step.id) for one in self.session.composites.values() for step in one.rounds]
        if places:
            tree.asked_for.emit(self.random.choice(places))
        return str(len(places))

    def filter(self) -> str:
        self.window.panels["Placements"].filter_bar.significant.click()
        return ""


def check(application: Application, path: Path) -> None:
    """What is open, what is drawn and listed, and what a project would keep are the same."""
    session, view_state, window = application.session, application.view_state, application.window
    open_ids = [*session.maps, *session.models]
    assert list(view_state.maps) == [*session.maps] or set(view_state.maps) == set(session.maps)
    assert set(view_state.models) == set(session.models)
    assert set(window.panels["Open"].rows) == set(open_ids)
    assert window.panels["Open"].list.count() == len(open_ids)
    assert {window.panels["Placements"].tabs.tabData(i) for i in range(window.panels["Placements"].tabs.count())} == set(session.fits)
    for box, items in ((window.panels["Fit"].map, session.maps), (window.panels["Fit"].model, session.models)):
        assert {box.itemData(i): box.itemText(i) for i in range(box.count())} == {one.id: one.name for one in items.values()}
    for one, items in ((session.map, session.maps), (session.model, session.models), (session.fit, session.fits)):
        assert (one is None) == (not items)
        assert one is None or items[one.id] is one
    assert session.placement is None or session.placement in session.fit.placements
    assert set(window.viewer.fit.maps) == set(session.maps)
    assert set(window.viewer.fit.models) == set(session.models)
    if session.map is not None:
        assert window.panels["Map"].title.text() == session.map.name
        assert window.panels["Map"].histogram.line.value() == pytest.approx(view_state.maps[session.map.id].level, rel=1e-6)
    project = project_of(session, view_of(session, view_state, window.viewer), path)
    save_project(path, project, arrays_of(session), packed_of(session))
    assert open_project(path)[0] == project


def state(application: Application) -> dict[str, object]:
    """What undoing and redoing must bring back."""
    session, view_state = application.session, application.view_state
    return {
        "maps": {one.id: (one.name, id(one.density)) for one in session.maps.values()},
        "models": {one.id: (one.name, id(one.model)) for one in session.models.values()},
        "fits": {one.id: one.record for one in session.fits.values()},
        "composites": {one.id: one.rounds for one in session.composites.values()},
        "styles": ({**view_state.maps}, {**view_state.models}),
        "order": [*session.maps, *session.models, *session.fits, *session.composites],
    }


def test_a_walk_through_everything(crowded: Application, prompts: Any, tmp_path: Path, qtbot: Any) -> None:
    faulthandler.enable()
    (tmp_path / "exported").mkdir()
    walker = Walker(crowded, prompts, tmp_path, qtbot)
    prompts.where = tmp_path / "crowd.difffit"
    crowded.window.actions_by_id["save"].trigger()
    walker.settle()
    try:
        for number in range(1, STEPS + 1):
            walker.step()
            if number % 10 == 0:
                walker.settle()
                check(crowded, tmp_path / "checked.difffit")
            if number % 50 == 0:
                before, stack = state(crowded), crowded.history.stack
                at, count = stack.index(), stack.count()
                while stack.canUndo():
                    crowded.history.undo()
                while stack.canRedo() and stack.index() < at:
                    crowded.history.redo()
                assert (stack.index(), stack.count()) == (at, count)
                walker.settle()
                assert state(crowded) == before
    except BaseException:
        print("\n".join(walker.done[-60:]))  # noqa: T201
        raise
    finally:
        if os.environ.get("DIFFFIT_WALK_TOLD"):
            Path(os.environ["DIFFFIT_WALK_TOLD"]).write_text("\n".join(walker.done), encoding="utf-8")
