"""The keyboard alone: Tab goes through all there is, as one reads, and keeps to nothing."""

from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPoint, Qt
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

from difffit_app.application import Application
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
