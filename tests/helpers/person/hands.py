"""A mouse, and keys: real events, to what is seen."""

import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QScrollArea, QWidget

from person.eyes import plain, seen, windows

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
PATIENCE_S = 90.0
"""On a machine that does other things too."""


def wait_for(found: Callable[[], T], what: Callable[[], str]) -> T:
    """What is found, as soon as it is anything."""
    end = time.monotonic() + PATIENCE_S
    while not (something := found()):
        if time.monotonic() > end:
            raise AssertionError(what())
        QTest.qWait(15)
    return something


def names_of(widget: QWidget) -> set[str]:
    text = plain(widget.text()) if isinstance(widget, QAbstractButton) else ""
    return {plain(widget.accessibleName()), text} - {""}


def find(kinds: type[W] | tuple[type[W], ...], name: str, inside: QWidget | None = None) -> W | None:
    """What is seen, or can be scrolled to, and bears that name; the front window first."""
    places = [inside] if inside is not None else sorted(windows(), key=lambda one: not one.isActiveWindow())
    for place in places:
        for widget in place.findChildren(QWidget):
            if isinstance(widget, kinds) and widget.isVisible() and name in names_of(widget):
                reach(widget)
                if seen(widget):
                    return widget  # type: ignore[return-value]
    return None


def reach(widget: QWidget) -> None:
    """Scroll to it."""
    outer = widget.parentWidget()
    while outer is not None:
        if isinstance(outer, QScrollArea):
            outer.ensureWidgetVisible(widget)
        outer = outer.parentWidget()


def middle(widget: QWidget) -> QPoint:
    """Of what is seen of it."""
    return widget.visibleRegion().boundingRect().center()


def click(widget: QWidget, place: QPoint | None = None, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseClick(widget, button, keys, middle(widget) if place is None else place)


def drag(widget: QWidget, start: QPoint, by: QPoint, parts: int = 5) -> None:
    """With the left button; by events of our own, since moving the cursor would tell of no button."""
    QTest.mousePress(widget, LEFT, NONE, start)
    for part in range(1, parts + 1):
        place = start + by * part / parts
        there = QPointF(widget.mapToGlobal(place))
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), there, Qt.MouseButton.NoButton, LEFT, NONE)
        QApplication.sendEvent(widget, event)
        QTest.qWait(10)
    QTest.mouseRelease(widget, LEFT, NONE, start + by)


def choose_entry(menu: QMenu, name: str) -> QMenu | None:
    """Click on an entry of a menu that has popped up; the menu that opens beside it, if one does."""
    entry = next((one for one in menu.actions() if one.isVisible() and plain(one.text()) == name), None)
    assert entry is not None, f"no entry {name!r} among {[plain(one.text()) for one in menu.actions() if one.text()]}"
    assert entry.isEnabled(), f"{name!r} cannot be chosen now"
    inside = entry.menu()
    QTest.qWait(20)  # it may still be laid out
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())
    if isinstance(inside, QMenu):
        wait_for(inside.isVisible, lambda: f"the menu {name!r} does not open")
        return inside
    return None


def popped_up() -> QWidget | None:
    return QApplication.activePopupWidget()
