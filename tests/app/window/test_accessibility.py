"""Whoever uses no mouse, or cannot see the window, gets everywhere all the same."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDockWidget,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QScrollArea,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

from difffit_app.application import Application
from difffit_app.features.guide.panel import HelpWindow
from difffit_app.widgets.fold import Fold

INTERACTIVE = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QProgressBar, QTextEdit,
)  # fmt: skip


def name_of(widget: QWidget) -> str:
    """What a screen reader says."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)) if interface is not None else widget.accessibleName()


def is_part_of_qt(widget: QWidget) -> bool:
    """Scroll bars, and what combo boxes, spin boxes, tables and text fields are made of, Qt names by their owner."""
    parent = widget.parentWidget()
    if isinstance(parent, QAbstractScrollArea) and widget is parent.viewport():
        return True
    return (
        isinstance(widget, (QScrollArea, QScrollBar, QTabBar))
        or widget.objectName().startswith("qt_")
        or widget.objectName() in {"ScrollLeftButton", "ScrollRightButton"}
        or isinstance(parent, (QComboBox, QLineEdit, QAbstractItemView))
        or type(parent).__name__ in {"QComboBoxPrivateContainer", "QHeaderView"}
        or (parent is not None and type(parent).__name__ == "QFrame" and isinstance(parent.parentWidget(), QComboBox))
    )


def described(widget: QWidget) -> str:
    owners = []
    one: QWidget | None = widget
    while one is not None:
        owners.append(type(one).__name__ + (f"#{one.objectName()}" if one.objectName() else ""))
        one = one.parentWidget()
    return " < ".join(owners[:6])


def nameless(root: QWidget) -> list[str]:
    widgets = [widget for widget in root.findChildren(QWidget) if isinstance(widget, INTERACTIVE) and not is_part_of_qt(widget)]
    assert widgets
    return [described(widget) for widget in widgets if not name_of(widget).strip()]


def test_every_interactive_widget_of_the_window_and_its_dialogs_has_a_name(fitted: Application) -> None:
    assert sorted(set(nameless(fitted.window))) == []
    dialogs = fitted.window.findChildren(QDialog)
    assert dialogs
    for dialog in (*dialogs, fitted.window.findChild(HelpWindow)):
        assert nameless(dialog) == []
        assert dialog.windowTitle()


def test_what_is_ticked_can_be_ticked_at_its_middle(fitted: Application, qtbot: Any) -> None:
    """A box that is drawn wider than its tick and its word has a middle that takes no click."""
    window = fitted.window
    looked_at: list[str] = []
    missed: list[str] = []
    for shown in (*window.findChildren(QDockWidget), *window.findChildren(QDialog)):
        boxes = shown.findChildren(QCheckBox)
        if not boxes:
            continue
        if isinstance(shown, QDockWidget):
            window.raise_panel(shown.windowTitle())
        else:
            shown.show()
        for fold in shown.findChildren(Fold):
            fold.heading.setChecked(True)
        QApplication.processEvents()
        visible = [box for box in boxes if box.isVisible()]
        looked_at += [described(box) for box in visible]
        missed += [described(box) for box in visible if not box.hitButton(box.rect().center())]
        if isinstance(shown, QDialog):
            shown.hide()
    assert missed == []
    assert len(looked_at) > 10
    bend = next(box for box in window.panel("Assemble").findChildren(QCheckBox) if box.accessibleName() == "bend")
    window.raise_panel("Assemble")
    QApplication.processEvents()
    before = bend.isChecked()
    qtbot.mouseClick(bend, Qt.MouseButton.LeftButton)
    assert bend.isChecked() is not before


def test_columns_at_which_tab_stops_have_names(fitted: Application) -> None:
    areas = [area for area in fitted.window.findChildren(QScrollArea) if area.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert areas
    assert [described(area) for area in areas if not name_of(area)] == []


def test_the_views_and_panels_have_names(fitted: Application) -> None:
    window = fitted.window
    assert window.viewer.fit.plotter.accessibleName()
    assert window.viewer.clusters.plotter.accessibleName() != window.viewer.fit.plotter.accessibleName()
    titles = [dock.windowTitle() for dock in window.findChildren(QDockWidget)]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def menu_actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        yield action
        if action.menu() is not None:
            yield from menu_actions(action.menu())


def test_everything_in_a_context_menu_or_among_the_tools_is_in_the_menus_too(fitted: Application) -> None:
    window = fitted.window
    in_menus = {action for top in window.menuBar().actions() for action in menu_actions(top.menu())}
    words = {action.text().replace("&", "").removesuffix(" …") for action in in_menus}
    assert {action for action in window._tools.actions() if not action.isSeparator()} <= in_menus
    for widget in window.findChildren(QWidget):
        if widget.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu:
            assert {action.text().replace("&", "").removesuffix(" …") for action in widget.actions()} <= words, described(widget)


def test_every_menu_and_action_has_a_key_of_its_own(fitted: Application) -> None:
    """The underlined letters."""
    tops = [action.text() for action in fitted.window.menuBar().actions()]
    letters = [text[text.index("&") + 1].lower() for text in tops if "&" in text]
    assert len(letters) == len(tops)
    assert len(set(letters)) == len(letters), letters


def place_in(panel: QWidget, widget: QWidget) -> tuple[int, int]:
    """Of a widget's upper left corner: y, x."""
    corner = widget.mapTo(panel, widget.rect().topLeft())
    return corner.y(), corner.x()


@pytest.mark.parametrize("title", ["Open", "Map", "Fit", "Placements", "Screen", "Ranking"])
def test_tab_goes_down_a_panel_in_the_order_of_reading(fitted: Application, qtbot: Any, title: str) -> None:
    window = fitted.window
    window.raise_panel(title)
    window.activateWindow()
    panel = window.panel(title).widget()
    stops = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled() and not is_part_of_qt(widget)
    ]
    first = min(stops, key=lambda widget: place_in(panel, widget))
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    reached = [first]
    while len(reached) < len(stops):
        qtbot.keyClick(reached[-1], Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert [described(widget) for widget in stops if widget not in reached] == []
    jumps = [
        (described(before), described(after))
        for before, after in pairwise(reached)
        if place_in(panel, after)[0] + after.height() <= place_in(panel, before)[0] and not before.isAncestorOf(after)
    ]
    assert jumps == []


def test_focus_can_be_seen(fitted: Application, qtbot: Any) -> None:
    """After Tab, that is: Qt shows focus once the keyboard has moved it."""
    window = fitted.window
    window.activateWindow()
    row = next(iter(window.panels["Open"].rows.values()))
    for widget in (
        window.panels["Fit"].foot.start,
        window.panels["Fit"].preset,
        window.panels["Map"].auto,
        row.close_button,
        window.panels["Fit"].resolution,
    ):
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        qtbot.keyClick(widget, Qt.Key.Key_Backtab)
        assert not widget.hasFocus()
        before = pixels(widget)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert widget.hasFocus()
        assert np.abs(pixels(widget) - before).max() > 40, described(widget)


def pixels(widget: QWidget) -> np.ndarray:
    """Of it and a little around it, where the ring is."""
    parent = widget.parentWidget()
    image = parent.grab(widget.geometry().adjusted(-3, -3, 3, 3)).toImage()
    image = image.convertToFormat(image.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).astype(int).reshape(image.height(), -1)
