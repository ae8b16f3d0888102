"""The actions of the window, in its menus and on its tool bar."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from difffit_app.actions import ACTIONS
from difffit_app.window.menus import Menus


def add_actions(window: QMainWindow, done: Callable[[str], object]) -> tuple[QToolBar, dict[str, QAction], dict[str, QMenu]]:
    """Put all actions into ``window``, of which ``done`` is told by their ids: the tool bar, the actions by id, the menus by place."""
    bar = QToolBar("Tools", window)
    bar.setObjectName("toolbar")
    bar.setIconSize(QSize(18, 18))
    bar.setMovable(False)
    window.addToolBar(bar)
    menus, actions = Menus(window.menuBar()), dict[str, QAction]()
    last_on_bar = ("", 0)
    for entry in ACTIONS:
        action = QAction(entry.text, window)
        action.setStatusTip(entry.tip)
        shortcut = f" ({entry.shortcut})" if entry.shortcut else ""
        action.setToolTip(f"{entry.tip}{shortcut}")
        action.setCheckable(entry.checkable)
        action.setIconText(entry.label)
        if entry.shortcut:
            action.setShortcut(QKeySequence(entry.shortcut))
        action.triggered.connect(lambda _=False, i=entry.id: done(i))
        menus.add(entry, action)
        actions[entry.id] = action
        if entry.toolbar:
            if last_on_bar[0] and last_on_bar != (entry.menu, entry.group):
                bar.addSeparator()
            last_on_bar = (entry.menu, entry.group)
            bar.addAction(action)
    return bar, actions, menus.by_place
