"""The menus of the window, and menus within them, made from the list of actions."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from difffit_app.actions import Action


class Menus:
    """``by_place`` has every menu by its `Action.place`, as "&Map" or "&Map/&Draw As"."""

    def __init__(self, bar: QMenuBar) -> None:
        self._bar = bar
        self.by_place: dict[str, QMenu] = {}
        self._group: dict[str, int] = {}

    def add(self, entry: Action, action: QAction) -> None:
        """Put an action where it belongs. Menus stand where the first of their actions does."""
        self._of(entry.place, entry).addAction(action)

    def _of(self, place: str, entry: Action) -> QMenu:
        """The menu at a place, with a line at its end where the entry is of another group than what came before it."""
        outside, _, title = place.rpartition("/")
        if place not in self.by_place:
            self.by_place[place] = self._of(outside, entry).addMenu(title) if outside else self._bar.addMenu(title)
        elif self._group[place] != entry.group:
            self.by_place[place].addSeparator()
        self._group[place] = entry.group
        return self.by_place[place]
