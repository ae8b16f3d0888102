"""The first steps of a long walk: every entry of menus, button, command and line of Python once, and what it computes to its end.

What is made at the first use of anything (code that is loaded or compiled, shaders, fonts, tables) is there after them, and not taken for
growth.
"""

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from walking.finding import actions_of, middle, name_of, usable

if TYPE_CHECKING:
    from walking.walker import Walker

_BACK_EVERY = 15
_PATIENCE_S = 20.0
"""What computes for longer is stopped, as later on the walk."""


class Firsts:
    """Gives moves that were not made yet, until there are none; every fifteenth leads back to what the walk began with."""

    def __init__(self, walker: "Walker") -> None:
        self._walker = walker
        self._pressed: set[str] = set()
        self._moves = self._with_the_same_open()

    def next(self) -> Callable[[], str] | None:
        return next(self._moves, None)

    def _with_the_same_open(self) -> Iterator[Callable[[], str]]:
        for number, move in enumerate(self._all()):
            if number % _BACK_EVERY == 0:
                yield self._to_the_end(self._walker.back)
            yield self._to_the_end(move)

    def _all(self) -> Iterator[Callable[[], str]]:
        walker = self._walker
        while self._entries():
            yield self._choose
        for title in [*walker.window.panels]:
            walker.window.raise_panel(title)
            while self._buttons():
                yield self._press
        for template in walker.lines.every_python():
            yield lambda template=template: walker.python(template)  # type: ignore[misc]
        for template in walker.lines.every_command():
            yield lambda template=template: walker.command(template)  # type: ignore[misc]

    def _entries(self) -> list[str]:
        walker = self._walker
        names = (walker.name_of_entry(one) for one in actions_of(walker.window) if not walker.leads_away(one))
        return [name for name in names if name not in walker.triggered]

    def _choose(self) -> str:
        """One of the entries that can be chosen now and were not yet."""
        walker, wanted = self._walker, self._entries()
        if not wanted:
            return "no entry"
        name = wanted[0]
        action = next(one for one in actions_of(walker.window) if walker.name_of_entry(one) == name)
        walker.triggered[name] = 1
        action.trigger()
        return name

    def _buttons(self) -> list[QAbstractButton]:
        return [one for one in usable(QAbstractButton) if not self._walker.leads_away(one) and name_of(one) not in self._pressed]

    def _press(self) -> str:
        found = self._buttons()
        if not found:
            return "no button"
        told = name_of(found[0])
        self._pressed.add(told)
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle(found[0]))
        return told

    def _to_the_end(self, move: Callable[[], str]) -> Callable[[], str]:
        """The move, and what it computes."""

        def made() -> str:
            told, until = move(), time.monotonic() + _PATIENCE_S
            while self._walker.is_busy() and time.monotonic() < until:
                QTest.qWait(10)
            self._walker.settle()
            return told

        made.__name__ = getattr(move, "__name__", "first")
        return made
