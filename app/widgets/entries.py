"""Menus made from lists of what can be chosen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu


@dataclass(frozen=True)
class Entry:
    """A line of a menu: ``act`` is called when it is chosen; with ``inside`` it is a menu of its own, with ``of`` an action as it stands.

    Without any of them it is a title, and without a text a line between groups.
    """

    text: str = ""
    act: Callable[[], object] | None = None
    inside: "Sequence[Entry]" = ()
    of: QAction | None = None
    checked: bool | None = None
    enabled: bool = True


LINE = Entry()


def fill(menu: QMenu, entries: Sequence[Entry]) -> None:
    """Put entries into a menu."""
    for entry in entries:
        if entry.of is not None:
            menu.addAction(entry.of)
        elif entry.inside:
            fill(menu.addMenu(as_shown(entry.text)), entry.inside)
        elif not entry.text:
            menu.addSeparator()
        else:
            action = menu.addAction(as_shown(entry.text))
            action.setEnabled(entry.enabled and entry.act is not None)
            if entry.checked is not None:
                action.setCheckable(True)
                action.setChecked(entry.checked)
            if entry.act is not None:
                action.triggered.connect(_calling(entry.act))


def as_shown(text: str) -> str:
    """A name with its ampersands, which Qt would take for marks of keys."""
    return text.replace("&", "&&")


def _calling(act: Callable[[], object]) -> Callable[..., None]:
    def run(*_: object) -> None:
        act()

    return run
