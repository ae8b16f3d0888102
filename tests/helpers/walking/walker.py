"""Walks: one move after another, and what is told when something goes wrong on the way."""

import logging
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog, QWidget

from difffit_app.application import Application
from walking.answers import Answers
from walking.checks import as_project, can_be_kept, check_agreement, check_saved, differences, state
from walking.finding import actions_of
from walking.firsts import Firsts
from walking.lines import Lines
from walking.moves import Hands
from walking.world import World

MOST = 5
"""Maps, and models, open at a time."""
LEFT_OUT = ("quit", "new_window")
"""These leave the window that is walked through."""
_GUARD_MS = 60


class _Heard(logging.Handler):
    """Failures that the window tells, which are no sentence of ours."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.errors.append(f"{record.getMessage()}\n{logging.Formatter().formatException(record.exc_info)}")

    def note(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.errors.append(f"in a slot: {logging.Formatter().formatException((kind, error, trace))}")


class Walker(QObject):
    """Does one thing at a time; ``done`` is the way so far. ``drawn_every`` that many steps the views are painted.

    The first ``thorough`` steps use everything once, as far as they reach (`Firsts`).
    ``journal`` is told each step before it is taken, so that it is known where a program that is gone has been.
    """

    def __init__(
        self,
        application: Application,
        prompts: Any,
        world: World,
        seed: int,
        drawn_every: int = 1,
        journal: Callable[[str], None] = lambda _: None,
        thorough: int = 0,
    ) -> None:
        super().__init__()
        self.application, self.window, self.session, self.world = application, application.window, application.session, world
        self.chance, self.drawn_every, self.journal = random.Random(seed), drawn_every, journal
        self._patience = random.Random(seed)
        """For what depends on how fast the machine is, so that the steps do not."""
        self.answers, self.hands = Answers(prompts, world, self.chance), Hands(self.chance, self.leads_away)
        self.lines = Lines(self.chance, sorted(application.commands.verbs), world.good, world.bad, world.out)
        self.done: list[str] = []
        self.triggered: dict[str, int] = {}
        self._away = {application.window.actions_by_id[name] for name in LEFT_OUT}
        self._heard, self._hook = _Heard(), sys.excepthook
        logging.getLogger("difffit_app").addHandler(self._heard)
        sys.excepthook = self._heard.note  # which threads keep, and with it nothing of the window
        self._guard, self._waited = QTimer(self), 0
        self._guard.timeout.connect(self._answer_dialog)
        self._guard.start(_GUARD_MS)
        self._moves: list[tuple[int, Callable[[], str]]] = [
            (14, self.trigger), (12, self.hands.click), (9, self.hands.point_at_item), (5, self.hands.turn_to_tab), (5, self.hands.choose),
            (5, self.hands.type), (4, self.hands.slide), (5, self.hands.use_view), (4, self.hands.press_key), (2, self.hands.right_click),
            (4, self.undo), (4, self.redo), (4, self.drop), (1, self.save), (1, self.reopen), (5, self.command), (2, self.python),
        ]  # fmt: skip
        self._firsts = Firsts(self) if thorough else None
        self._thorough = thorough
        self.window.viewer.setUpdatesEnabled(drawn_every == 1)

    def stop(self) -> None:
        """The walk is over: the window is as any other from here."""
        self._guard.stop()
        self.answers.stop()
        logging.getLogger("difffit_app").removeHandler(self._heard)
        sys.excepthook = self._hook
        self.window.viewer.setUpdatesEnabled(True)

    def step(self) -> None:
        number, weights, moves = len(self.done), *zip(*self._moves, strict=True)
        self.answers.number = number
        self._stop_computing(0.3)
        first = self._firsts.next() if self._firsts is not None and number < self._thorough else None
        if first is not None:
            move = first
        elif self.session.is_empty and self.chance.random() < 0.3:
            move = self.back
        else:
            move = self.chance.choices(moves, weights)[0]
        self.done.append(move.__name__)
        self.journal(f"{number} {move.__name__}")
        self.done[-1] = f"{number} {move.__name__} {move()}"
        for _ in range(4):
            told = self.hands.answer_popup()
            if not told:
                break
            self.done[-1] += f" {told}"
        self.journal(self.done[-1])
        if self.drawn_every > 1 and number % self.drawn_every == 0:
            self.window.viewer.setUpdatesEnabled(True)
            QApplication.processEvents()
            self.window.viewer.setUpdatesEnabled(False)
        QApplication.processEvents()
        self.fail_if_told()

    def trigger(self) -> str:
        """Any entry of any menu."""
        entries = [one for one in actions_of(self.window) if one not in self._away]
        action = self.chance.choice(entries)
        name = self.name_of_entry(action)
        if name == "close_all" and self.chance.random() < 0.8:
            return "not close_all"
        self.triggered[name] = self.triggered.get(name, 0) + 1
        action.trigger()
        return name

    def name_of_entry(self, action: QAction) -> str:
        """Its id; files that were opened before are all of one kind."""
        text = "a recent file" if action.text().startswith("&") and action.text()[1:2].isdigit() else action.text()
        return next((name for name, one in self.window.actions_by_id.items() if one is action), text)

    def undo(self) -> str:
        times = self.chance.choice((1, 1, 3, 300))
        for _ in range(times):
            self.window.actions_by_id["undo"].trigger()
        return str(times)

    def redo(self) -> str:
        times = self.chance.choice((1, 1, 3, 300))
        for _ in range(times):
            self.window.actions_by_id["redo"].trigger()
        return str(times)

    def drop(self) -> str:
        crowded = max(len(self.session.maps), len(self.session.models)) >= MOST
        files = self.world.bad if crowded else [*self.world.good * 3, *self.world.bad]
        return self.hands.drop(self.window, self.chance.sample(files, self.chance.choice((1, 1, 2))))

    def save(self) -> str:
        self.window.actions_by_id[self.chance.choice(("save", "save_as"))].trigger()
        return str(self.session.path)

    def reopen(self) -> str:
        return self.hands.drop(self.window, [self.chance.choice(self.world.projects())])

    def command(self, template: str = "") -> str:
        """A line, typed into the command line: one of those there are, or this one."""
        self.window.raise_panel("Command Line")
        return self.hands.enter(self.window.panels["Command Line"].edit, self.lines.command(*self._numbers(), template))

    def python(self, template: str = "") -> str:
        """A line, typed into the console: one of those there are, or this one."""
        self.window.raise_panel("Python")
        return self.hands.enter(self.window.panels["Python"].edit, self.lines.python(*self._numbers(), template))

    def _numbers(self) -> tuple[list[int], list[int]]:
        numbers = self.session.numbers
        return [numbers[one] for one in self.session.maps], [numbers[one] for one in self.session.models]

    def back(self) -> str:
        """To the project with which the walk began, whatever was saved over it."""
        self.world.restore()
        return self.hands.drop(self.window, [self.world.crowd])

    def settle(self) -> None:
        """Until nothing runs any more."""
        jobs = self.application.jobs
        lanes = (jobs.files, jobs.geometry, jobs.compute, jobs.screens, jobs.downloads)
        for _ in range(12_000):
            self._stop_computing(1.0)
            QTest.qWait(10 if self.is_busy() else 0)
            if not self.is_busy():
                break
        else:
            running = [lane.running.name for lane in lanes if lane.running is not None] or ["Python or a script"]
            raise AssertionError(f"{running} run, and do not come to an end")
        self.fail_if_told()

    def is_busy(self) -> bool:
        jobs, application = self.application.jobs, self.application
        lanes = (jobs.files, jobs.geometry, jobs.compute, jobs.screens, jobs.downloads)
        return application.python.running or application.script.running or any(lane.running is not None for lane in lanes)

    def check(self, path: Path) -> None:
        """All that must hold between any two steps."""
        self.settle()
        check_agreement(self.application)
        if can_be_kept(self.application):
            check_saved(self.application, path)
        else:
            self.check_refused(path.with_name("refused.difffit"))
        harmed = self.world.harmed()
        assert not harmed, f"inputs were written over: {harmed}"

    def check_refused(self, path: Path) -> None:
        """What no project can keep is not saved in part: a sentence says of what, and no file is written."""
        told: list[str] = []
        self.window.noticed.connect(hear := lambda text, _: told.append(text))
        self.answers.place = path
        self.window.actions_by_id["save_as"].trigger()
        self.settle()
        self.answers.place = None
        self.window.noticed.disconnect(hear)
        names = [item.name for item in self.session.inputs if item.stamp is None]
        assert any(text == f"{names[0]} was not read from a file, so the project cannot refer to it." for text in told), (names, told)
        assert not path.exists()
        self.done[-1] += " and refused to save it"

    def check_undo(self) -> None:
        """Back to the beginning and to the end again, all is as it was."""
        self.settle()
        history, stack = self.application.history, self.application.history.stack
        before, at, count = state(self.application), stack.index(), stack.count()
        while stack.canUndo():
            history.undo()
        first = state(self.application)
        while stack.canRedo() and stack.index() < at:
            history.redo()
        assert (stack.index(), stack.count()) == (at, count)
        assert state(self.application) == before
        while stack.canUndo():
            history.undo()
        assert state(self.application) == first
        while stack.canRedo() and stack.index() < at:
            history.redo()
        self.settle()
        assert state(self.application) == before

    def check_reopened(self, path: Path) -> None:
        """What was saved is what the window shows when it is opened again."""
        self.settle()
        if not can_be_kept(self.application):
            return
        before, opening = check_saved(self.application, path), self.session.opening
        self.session.mark_saved(path)
        self.hands.drop(self.window, [path])
        self.settle()
        assert self.session.opening > opening, "the project was not opened"
        told = differences(before, as_project(self.application, path))
        assert not told, told

    def fail_if_told(self) -> None:
        if self._heard.errors:
            raise AssertionError("went wrong:\n" + "\n".join(self._heard.errors))

    def _stop_computing(self, chance: float) -> None:
        """What computes is stopped soon, as by a user who thought better of it."""
        jobs = self.application.jobs
        if jobs.compute.running is not None and self._patience.random() < chance:
            jobs.cancel_fit()
        if jobs.screens.running is not None and self._patience.random() < chance:
            jobs.cancel_screen()
        if self.application.python.running and self._patience.random() < chance / 10:
            self.application.python.interrupt()
        if self.application.script.running and self._patience.random() < chance / 10:
            self.application.script.stop()

    def _answer_dialog(self) -> None:
        """A dialog that waits, or a menu in a loop of its own, is answered or left after a while."""
        waits: QWidget | None = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        self._waited = self._waited + 1 if waits is not None else 0
        if waits is None or self._waited < 2:
            return
        if isinstance(waits, QInputDialog) and self._patience.random() < 0.5:
            waits.accept()
        elif isinstance(waits, QDialog):
            waits.reject()
        else:
            waits.close()

    def leads_away(self, thing: QObject) -> bool:
        """Whether it ends this window, or begins another."""
        return thing in self._away or getattr(thing, "defaultAction", lambda: None)() in self._away
