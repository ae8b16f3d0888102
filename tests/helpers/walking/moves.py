"""One move each: what hands do to one widget, chosen at random among all that can be used."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QHeaderView,
    QLineEdit,
    QListView,
    QMenu,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pyvistaqt import QtInteractor

from walking.finding import Kind, entries_of, middle, name_of, seen_of, usable

Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier
TEXTS = (
    "1", "0.5", "3.9", "-1", "1e9", "nan", "", "A", "A,B", "D E", "*", "=1+1", "';--", "<b>x", "\u202etxt", "ä" * 80, "%s %n", "../x", "0",
)  # fmt: skip
KEYS = (
    Key.Key_Delete, Key.Key_F2, Key.Key_Space, Key.Key_Return, Key.Key_Escape, Key.Key_Tab, Key.Key_Up, Key.Key_Down, Key.Key_Left,
    Key.Key_Right, Key.Key_Home, Key.Key_End, Key.Key_PageDown, Key.Key_Plus, Key.Key_Minus, Key.Key_A,
)  # fmt: skip
HELD = (Modifier.NoModifier, Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ControlModifier, Modifier.AltModifier)


class Hands:
    """Every move gives a few words on what it did."""

    def __init__(self, chance: random.Random, avoided: Callable[[QWidget], bool]) -> None:
        self.chance, self._avoided = chance, avoided

    def _any(self, kind: type[Kind]) -> Kind | None:
        found = [one for one in usable(kind) if not self._avoided(one)]
        return self.chance.choice(found) if found else None

    def click(self) -> str:
        """A press of any button."""
        button = self._any(QAbstractButton)
        if button is None:
            return "no button"
        told = name_of(button)
        QTest.mouseClick(button, Button.LeftButton, self.chance.choice(HELD), middle(button))
        return told

    def point_at_item(self) -> str:
        """A click, double click, right click or key on any list, table or tree, or the head of one."""
        view = self._any(QAbstractItemView)
        if view is None:
            return "no list"
        told, port = name_of(view), view if isinstance(view, QHeaderView) else view.viewport()
        port = port.viewport() if isinstance(port, QHeaderView) else port
        place = self._somewhere(port)
        rows = 0 if view.model() is None or isinstance(view, QHeaderView) else view.model().rowCount()
        if rows and self.chance.random() < 0.8:
            columns = 1 if isinstance(view, QListView) else view.model().columnCount()
            index = view.model().index(self.chance.randrange(rows), self.chance.randrange(columns))
            view.scrollTo(index)
            place = view.visualRect(index).center()
        how = self.chance.choice(("click", "click", "twice", "right", "key", "key"))
        if how == "click":
            QTest.mouseClick(port, Button.LeftButton, self.chance.choice(HELD), place)
        elif how == "twice":
            QTest.mouseClick(port, Button.LeftButton, Modifier.NoModifier, place)
            QTest.mouseDClick(port, Button.LeftButton, Modifier.NoModifier, place)
        elif how == "right":
            self._ask_for_menu(port, place)
        else:
            key = self.chance.choice(KEYS)
            QTest.keyClick(view, key, self.chance.choice(HELD))
            how = key.name
        return f"{told} {how}"

    def _ask_for_menu(self, widget: QWidget, place: QPoint) -> None:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
        QApplication.sendEvent(widget, event)

    def right_click(self) -> str:
        """The menu of any widget at all."""
        widget = self._any(QWidget)
        if widget is None:
            return "nothing"
        told = name_of(widget)
        self._ask_for_menu(widget, middle(widget))
        return told

    def choose(self) -> str:
        """Another entry of any box."""
        box = self._any(QComboBox)
        if box is None:
            return "no box"
        told = name_of(box)
        if self.chance.random() < 0.3:
            QTest.mouseClick(box, Button.LeftButton, Modifier.NoModifier, middle(box))
        else:
            QTest.keyClick(box, self.chance.choice((Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End)))
        return told

    def type(self) -> str:
        """Words, numbers and nonsense into any field, and an end to it."""
        field = self._any(self.chance.choice((QLineEdit, QAbstractSpinBox)))
        if field is None:
            return "no field"
        told, text = name_of(field), self.chance.choice(TEXTS)
        field.setFocus()
        QTest.keyClick(field, Key.Key_A, Modifier.ControlModifier)
        for letter in text:  # QTest knows the keys of ASCII only
            QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, Modifier.NoModifier, letter))
        QTest.keyClick(field, self.chance.choice((Key.Key_Return, Key.Key_Return, Key.Key_Escape, Key.Key_Tab)))
        return f"{told} {text!r}"

    def enter(self, field: QWidget, text: str) -> str:
        """A line into a field that runs what is entered."""
        field.setFocus()
        QTest.keyClick(field, Key.Key_A, Modifier.ControlModifier)
        QTest.keyClick(field, Key.Key_Delete)
        for letter in text:
            QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, 0, Modifier.NoModifier, letter))
        QTest.keyClick(field, self.chance.choice((Key.Key_Return,) * 9 + (Key.Key_Tab,)))
        return text[:200]

    def slide(self) -> str:
        """Any slider by the mouse or the keys, any spin box by its arrows."""
        slider = self._any(self.chance.choice((QAbstractSlider, QAbstractSpinBox)))
        if slider is None or isinstance(slider, QScrollBar):
            return "no slider"
        told = name_of(slider)
        if isinstance(slider, QAbstractSlider) and self.chance.random() < 0.5:
            self._drag(slider, Button.LeftButton, Modifier.NoModifier)
        else:
            for _ in range(self.chance.randrange(1, 4)):
                QTest.keyClick(slider, self.chance.choice((Key.Key_Up, Key.Key_Down, Key.Key_PageUp, Key.Key_PageDown)))
        return told

    def turn_to_tab(self) -> str:
        bar = self._any(QTabBar)
        if bar is None or not bar.count():
            return "no tab"
        number = self.chance.randrange(bar.count())
        told, place = f"{name_of(bar)} {bar.tabText(number)!r}", bar.tabRect(number).center()
        if self.chance.random() < 0.15:
            self._ask_for_menu(bar, place)
        else:
            QTest.mouseClick(bar, self.chance.choice((Button.LeftButton,) * 8 + (Button.MiddleButton,)), Modifier.NoModifier, place)
        return told

    def use_view(self) -> str:
        """Drags, wheels, clicks and keys in any of the 3-D views and plots."""
        views = [*usable(QtInteractor), *(one.viewport() for one in usable(QGraphicsView))]
        if not views:
            return "no view"
        view = self.chance.choice(views)
        held, how = self.chance.choice(HELD), self.chance.choice(("drag", "wheel", "click", "twice", "key", "right"))
        if how == "drag":
            self._drag(view, self.chance.choice((Button.LeftButton, Button.MiddleButton, Button.RightButton)), held)
        elif how == "wheel":
            self._wheel(view, held)
        elif how == "click":
            QTest.mouseClick(view, Button.LeftButton, held, self._somewhere(view))
        elif how == "twice":
            QTest.mouseDClick(view, Button.LeftButton, held, self._somewhere(view))
        elif how == "right":
            QTest.mouseClick(view, Button.RightButton, held, self._somewhere(view))
        else:
            QTest.keyClick(view, self.chance.choice(KEYS), held)
        return f"{name_of(view)} {how} {held.name}"

    def press_key(self) -> str:
        """A key where the keyboard is."""
        widget = QApplication.focusWidget()
        if widget is None or self._avoided(widget):
            return "nowhere"
        told, key = name_of(widget), self.chance.choice(KEYS)
        QTest.keyClick(widget, key, self.chance.choice(HELD[:4]))
        return f"{told} {key.name}"

    def answer_popup(self) -> str:
        """One choice, or none, in the menu or list that has popped up; empty if there is none."""
        popup = QApplication.activePopupWidget()
        if popup is None:
            return ""
        entries = [one for one in entries_of(popup) if not self._avoided(one)] if isinstance(popup, QMenu) else []
        if entries and self.chance.random() < 0.7:
            entry = self.chance.choice(entries)
            told = entry.text()
            QTest.mouseClick(popup, Button.LeftButton, Modifier.NoModifier, popup.actionGeometry(entry).center())
            return f"> {told}"
        view = popup.findChild(QAbstractItemView)
        if view is not None:
            QTest.keyClick(view, self.chance.choice((Key.Key_Down, Key.Key_Up)))
            QTest.keyClick(view, self.chance.choice((Key.Key_Return, Key.Key_Escape)))
        if QApplication.activePopupWidget() is popup:
            popup.close()
        return "> none"

    def drop(self, window: QWidget, paths: Sequence[Path]) -> str:
        """Files onto the window."""
        carried, place = QMimeData(), QPointF(window.width() / 2, window.height() / 2)
        carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        how = (Qt.DropAction.CopyAction, carried, Button.LeftButton, Modifier.NoModifier)
        QApplication.sendEvent(window, QDragEnterEvent(place.toPoint(), *how))  # without it Qt gives the drop to nobody
        QApplication.sendEvent(window, QDropEvent(place, *how))
        return ", ".join(path.name for path in paths)

    def _somewhere(self, widget: QWidget) -> QPoint:
        seen = seen_of(widget)
        return QPoint(self.chance.randrange(seen.left(), seen.right() + 1), self.chance.randrange(seen.top(), seen.bottom() + 1))

    def _drag(self, widget: QWidget, button: Qt.MouseButton, held: Qt.KeyboardModifier) -> None:
        there = self._somewhere(widget)
        QTest.mousePress(widget, button, held, self._somewhere(widget))
        for _ in range(2):
            QTest.mouseMove(widget, there)
            there = self._somewhere(widget)
        QTest.mouseRelease(widget, button, held, there)

    def _wheel(self, widget: QWidget, held: Qt.KeyboardModifier) -> None:
        place, turn = self._somewhere(widget), QPoint(0, self.chance.choice((-240, -120, 120, 240)))
        none = Qt.MouseButton.NoButton
        there = QPointF(widget.mapToGlobal(place))
        QApplication.sendEvent(widget, QWheelEvent(QPointF(place), there, QPoint(), turn, none, held, Qt.ScrollPhase.NoScrollPhase, False))
