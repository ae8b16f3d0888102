"""Where panels stand: they fit small windows, can be put anywhere, and find back."""

from pathlib import Path
from typing import Any

import pytest
from cut_text import cut_off
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QTabBar

from difffit_app.application import Application
from difffit_app.features.guide.panel import HelpWindow
from difffit_app.widgets.fold import Fold
from difffit_app.window.main_window import MainWindow


def test_it_fits_a_small_screen(fitted: Application) -> None:
    """1024×700, with whatever panel in front; a list of four and more at 1280×800, and names below the tools, which can go."""
    window = fitted.window
    for title in ("Compose", "Assemble", "Fetch", "Refine", "Screen", "Assembly", "Fit"):
        window.raise_panel(title)
        least = window.minimumSizeHint().expandedTo(window.minimumSize())
        assert least.width() <= 1024, title
        assert least.height() <= 700, title
    window.actions_by_id["reset_layout"].trigger()
    window.resize(1280, 800)
    contents = window.panels["Open"].list
    assert contents.viewport().height() >= 4 * contents.sizeHintForRow(0)
    assert window.tools_labelled
    window.actions_by_id["tool_labels"].trigger()
    assert not window.tools_labelled
    window.remember(fitted.settings)
    window.label_tools(True)
    window.recall(fitted.settings)
    assert not window.tools_labelled
    labels = [action.iconText() for action in window.actions_by_id.values() if window.tool(action_id(window, action)) is not None]
    assert len(labels) == len(set(labels)) > 8


@pytest.mark.slow
def test_no_words_are_cut_off_on_a_small_screen(crowded: Application) -> None:
    """1024×700, with several of everything open, and whatever panel, bar or dialog in front; the window never grows beyond that."""
    window, small = crowded.window, QSize(1024, 700)
    window.resize(small)
    for tool in ("replay", "clip", "measure", "sequence"):
        if (action := window.actions_by_id.get(tool)) is not None and action.isEnabled():
            action.trigger()
    cut: dict[str, list[str]] = {}
    for title in window.panels:
        was_hidden = window.panel(title).isHidden()
        window.raise_panel(title)
        for fold in window.panel(title).findChildren(Fold):
            fold.heading.setChecked(True)
        QApplication.processEvents()
        assert window.size() == small, title
        cut[title] = cut_off(window)
        window.panel(title).setHidden(was_hidden)
    for dialog in (*window.findChildren(QDialog), window.findChild(HelpWindow)):
        dialog.show()
        QApplication.processEvents()
        assert dialog.width() <= small.width(), dialog.windowTitle()
        assert dialog.height() <= small.height(), dialog.windowTitle()
        cut[dialog.windowTitle()] = cut_off(dialog)
        dialog.hide()
    assert {title: words for title, words in cut.items() if words} == {}
    assert len(cut) > 25


def action_id(window: MainWindow, action: QAction) -> str:
    return next(name for name, one in window.actions_by_id.items() if one is action)


def test_every_panel_has_one_tab_at_most(fitted: Application, qtbot: Any) -> None:
    window = fitted.window

    def tabs() -> list[str]:
        rows = [row for row in window.findChildren(QTabBar) if row.isVisible() and row.parent() is window]
        return sorted(row.tabText(i) for row in rows for i in range(row.count()))

    first = ["Fit", "Placements", "Ranking", "Residues", "Screen"]
    assert tabs() == first
    window.raise_panel("Compose")
    window.raise_panel("Move by Hand")
    qtbot.waitUntil(lambda: tabs() == sorted([*first, "Compose", "Move by Hand"]))
    window.actions_by_id["reset_layout"].trigger()
    qtbot.waitUntil(lambda: tabs() == first)


def test_panels_that_were_moved_and_closed_come_back(fitted: Application, qtbot: Any) -> None:
    window = fitted.window
    docks = window.findChildren(QDockWidget)
    before = {dock.windowTitle(): (window.dockWidgetArea(dock), dock.isVisible(), dock.width()) for dock in docks}
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.panel("Map"))
    window.panel("Placements").close()
    window.panel("Fit").close()
    assert not window.panel("Placements").isVisible()
    window.actions_by_id["reset_layout"].trigger()
    qtbot.waitUntil(lambda: window.panel("Fit").isVisible())
    after = {dock.windowTitle(): (window.dockWidgetArea(dock), dock.isVisible(), dock.width()) for dock in docks}
    assert {title: place[:2] for title, place in after.items()} == {title: place[:2] for title, place in before.items()}
    assert abs(after["Map"][2] - before["Map"][2]) < 50


def test_the_layout_is_remembered(fitted: Application) -> None:
    window = fitted.window
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.panel("Map"))
    window.panel("Placements").close()
    window.remember(fitted.settings)
    window.actions_by_id["reset_layout"].trigger()
    window.recall(fitted.settings)
    assert window.dockWidgetArea(window.panel("Map")) == Qt.DockWidgetArea.RightDockWidgetArea
    assert not window.panel("Placements").isVisible()


def test_a_damaged_layout_is_left_alone(fitted: Application, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "odd.ini"), QSettings.Format.IniFormat)
    for key in ("window/geometry", "window/state"):
        settings.setValue(key, b"\x00\x01rubbish")
    fitted.window.recall(settings)
    assert fitted.window.panel("Placements").isVisible()
    assert fitted.window.width() > 600


def test_what_comes_of_something_never_takes_the_field_in_which_one_types(fitted: Application, qtbot: Any) -> None:
    window = fitted.window
    window.raise_panel("Ranking")
    field = window.panels["Ranking"].filter
    field.setFocus()
    for title in ("Placements", "Bent"):
        window.bring_forward(title)
        qtbot.keyClicks(field, "a")
        assert field.isVisible()
        assert window.focusWidget() is field
    assert field.text() == "aa"
    assert not window.panel("Bent").isHidden()
    window.panels["Fit"].resolution.setFocus()
    window.bring_forward("Placements")
    assert window.panels["Placements"].isVisible(), "nothing is typed in its place"
