"""What can be used in the window now, found by asking Qt: whatever is added to the window is walked through without being named here."""

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget

Kind = TypeVar("Kind", bound=QWidget)


def tops() -> list[QWidget]:
    """Windows that are open, without menus and lists that have popped up."""
    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.windowType() != Qt.WindowType.Popup]


def usable(kind: type[Kind]) -> list[Kind]:
    """Every widget of a kind that can be seen and used, in an order that depends on nothing but the window."""
    return [one for top in tops() for one in top.findChildren(kind) if one.isEnabled() and one.isVisible() and not seen_of(one).isEmpty()]


def seen_of(widget: QWidget) -> QRect:
    """What of a widget is not scrolled out of sight."""
    return widget.visibleRegion().boundingRect()


def middle(widget: QWidget) -> QPoint:
    return seen_of(widget).center()


def actions_of(window: QMainWindow) -> list[QAction]:
    """Every entry of every menu that can be chosen; menus that are filled when they open are filled."""
    return [action for entry in window.menuBar().actions() for action in _entries(entry)]


def _entries(action: QAction) -> Iterator[QAction]:
    menu = action.menu()
    if isinstance(menu, QMenu):
        if action.isEnabled():
            menu.aboutToShow.emit()
            for entry in menu.actions():
                yield from _entries(entry)
    elif action.isEnabled() and action.isVisible() and not action.isSeparator():
        yield action


def entries_of(menu: QMenu) -> list[QAction]:
    return [one for one in menu.actions() if one.isEnabled() and one.isVisible() and not one.isSeparator()]


def name_of(widget: QWidget) -> str:
    """For whoever reads where the walk went."""
    text = getattr(widget, "text", lambda: "")
    words = widget.accessibleName() or widget.objectName() or (text() if callable(text) else "") or widget.toolTip()
    return f"{type(widget).__name__} {str(words)[:40]!r}"
