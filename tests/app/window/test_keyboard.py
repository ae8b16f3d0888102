"""The keyboard alone: Tab goes through all there is, as one reads, and keeps to nothing."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)
from shiboken6 import delete

from difffit_app.application import Application
from difffit_app.widgets.fold import Fold
from difffit_app.window.focus_ring import FocusRing
from difffit_app.window.tab_order import stops

WORKED = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)
"""What one works with."""


def is_a_stop_of_its_own(widget: QWidget) -> bool:
    """Not a part of another: the line of a spin box, the cross on a tab, which the menus close as well."""
    parent = widget.parentWidget()
    if isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_") or widget.objectName().startswith("Scroll"):
        return False
    return not isinstance(parent, (QComboBox, QAbstractSpinBox, QLineEdit, QTabBar)) and not isinstance(widget, QHeaderView)


def described(widget: QWidget) -> str:
    owners = []
    one: QWidget | None = widget
    while one is not None:
        owners.append(f"{type(one).__name__} {one.accessibleName() or one.objectName()}".strip())
        one = one.parentWidget()
    return " < ".join(owners[:5])


def tab_through(qtbot: Any, first: QWidget, count: int, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """Where the keyboard is after each press, beginning with where it was."""
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(first.hasFocus)
    found = [first]
    for _ in range(count):
        qtbot.keyClick(found[-1], key)
        found.append(QApplication.focusWidget())
    return found


def box_in(root: QWidget, widget: QWidget) -> tuple[int, int, int, int]:
    """Left, top, right and bottom."""
    corner = widget.mapTo(root, QPoint(0, 0))
    return corner.x(), corner.y(), corner.x() + widget.width(), corner.y() + widget.height()


@pytest.mark.slow
def test_tab_goes_through_every_panel_as_one_reads(crowded: Application, qtbot: Any) -> None:
    window = crowded.window
    window.activateWindow()
    for title in window.panels:
        window.raise_panel(title)
        QApplication.processEvents()
        panel = window.panel(title).widget()
        order = stops(panel)
        worked = [one for one in panel.findChildren(QWidget) if isinstance(one, WORKED) and one.isVisible() and one.isEnabled()]
        assert [described(one) for one in worked if is_a_stop_of_its_own(one) and one not in order] == [], title
        reached = tab_through(qtbot, order[0], len(order))
        assert [described(one) for one in reached[:-1]] == [described(one) for one in order], title
        assert not panel.isAncestorOf(reached[-1]), f"{title} keeps the keyboard"
        for before, after in pairwise(order):
            left, _, _, bottom = box_in(panel, after)
            _, top, right, _ = box_in(panel, before)
            assert bottom > top or left >= right or before.isAncestorOf(after), f"{title}: {described(before)}, then {described(after)}"


@pytest.mark.slow
def test_tab_goes_round_the_window_and_back(crowded: Application, qtbot: Any) -> None:
    window = crowded.window
    window.activateWindow()
    crowded.commands.run("sequence on")
    for title in ("Fit", "Placements"):
        window.raise_panel(title)
    QApplication.processEvents()
    order = stops(window)
    reached = tab_through(qtbot, order[0], len(order))
    assert [described(one) for one in reached] == [described(one) for one in (*order, order[0])]
    back = tab_through(qtbot, order[0], len(order), Qt.Key.Key_Backtab)
    assert back == [order[0], *reversed(order[1:]), order[0]]


def strike(widget: QWidget, key: Qt.Key, text: str = "") -> bool:
    """Press a key and let it go; whether the widget had a use for it."""
    pressed = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    QApplication.sendEvent(widget, pressed)
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.NoModifier, text))
    return pressed.isAccepted()


def changes(widget: QWidget, state: Callable[[], object], *keys: Qt.Key) -> bool:
    """Whether one of these keys changes that, and leaves it changed until another does."""
    before = state()
    for key in keys:
        strike(widget, key)
        if state() != before:
            return True
    return False


def close_popup(opened: list[QWidget]) -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        opened.append(popup)
        popup.close()


def worked_by_keys(widget: QWidget) -> bool:
    """Whether what it is there for can be done by keys; of buttons, without doing it."""
    keys = Qt.Key
    if isinstance(widget, QAbstractButton):
        opened: list[QWidget] = []
        closing = QTimer(interval=10)
        closing.timeout.connect(lambda: close_popup(opened))
        closing.start()  # what drops down waits for an answer
        pressed = QKeyEvent(QEvent.Type.KeyPress, keys.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
        QApplication.sendEvent(widget, pressed)
        closing.stop()
        down = widget.isDown()
        widget.setDown(False)
        return down or bool(opened)
    if isinstance(widget, QComboBox):
        return widget.count() < 2 or changes(widget, widget.currentIndex, keys.Key_Down, keys.Key_Up)
    if isinstance(widget, QAbstractSpinBox):
        return widget.isReadOnly() or changes(widget, widget.text, keys.Key_Up, keys.Key_Down)
    if isinstance(widget, QAbstractSlider):
        return widget.minimum() == widget.maximum() or changes(widget, widget.value, keys.Key_Right, keys.Key_Left)
    if isinstance(widget, QLineEdit):
        before = widget.text()
        strike(widget, keys.Key_End)
        strike(widget, keys.Key_9, "9")
        changed = widget.text() != before
        widget.setText(before)
        return changed or widget.isReadOnly()
    if isinstance(widget, QAbstractItemView):
        rows = widget.model().rowCount() if widget.model() is not None else 0
        return rows < 2 or changes(widget, lambda: widget.currentIndex().row(), keys.Key_Down, keys.Key_Up, keys.Key_Down)
    return any(strike(widget, key) for key in (keys.Key_Right, keys.Key_Left, keys.Key_Down, keys.Key_Up, keys.Key_Space, keys.Key_Return))


@pytest.mark.slow
def test_keys_alone_work_whatever_tab_stops_at(crowded: Application, qtbot: Any) -> None:
    window = crowded.window
    window.activateWindow()
    crowded.commands.run("sequence on")
    deaf: list[str] = []
    for title in window.panels:
        window.raise_panel(title)
        QApplication.processEvents()
        for fold in window.panel(title).findChildren(Fold):
            fold.heading.setChecked(True)
        QApplication.processEvents()
        for one in stops(window.panel(title)):
            if one.isVisible() and one.isEnabled() and not worked_by_keys(one):  # what was struck before may have taken others away
                deaf.append(f"{title}: {described(one)}")
    assert not deaf, "\n".join(deaf)


def test_the_ring_survives_its_window(qapp: QApplication) -> None:
    """Who has the keyboard is told while a window is taken apart, too."""
    window = QWidget()
    ring = FocusRing(window)
    ring.setParent(None)
    delete(window)
    ring._follow(None, None)
    assert ring.around is None
    delete(ring)


def test_undo_in_a_field_takes_back_typing_and_else_the_last_step(opened: Application, qtbot: Any) -> None:
    window, level = opened.window, opened.window.panels["Map"].level
    window.activateWindow()
    level.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(level.hasFocus)
    ring = window.findChild(FocusRing)
    assert ring.around is None, "the mouse is used"
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached = QApplication.focusWidget()
        assert ring.around is reached or isinstance(reached, QOpenGLWidget), described(reached)
    level.setFocus(Qt.FocusReason.BacktabFocusReason)
    before = level.value()
    level.selectAll()
    qtbot.keyClicks(level, "0.5")
    qtbot.keyClick(level, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert level.text() != "0.5", "the typing is taken back"
    assert opened.view_state.maps["map-1"].level == pytest.approx(before, rel=1e-3)
    level.selectAll()
    qtbot.keyClicks(level, "0.5")
    qtbot.keyClick(level, Qt.Key.Key_Return)
    assert opened.view_state.maps["map-1"].level == 0.5
    qtbot.keyClick(level, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert opened.view_state.maps["map-1"].level == pytest.approx(before, rel=1e-3)
    qtbot.keyClick(level, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert opened.view_state.maps["map-1"].level == 0.5
