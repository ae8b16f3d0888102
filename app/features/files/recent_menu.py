"""The menu of the files that were opened last."""

import os
from pathlib import Path

from PySide6.QtWidgets import QMenu

from difffit_app.desk import Desk
from difffit_app.features.files.controller import FilesController
from difffit_app.features.files.recent import RecentFiles
from difffit_app.window.main_window import MainWindow

_LONGEST = 60


def wire(desk: Desk, window: MainWindow, files: FilesController, recent: RecentFiles) -> QMenu:
    """Put the menu into the File menu, after opening; the example is not worth remembering."""
    menu = QMenu("Open &Recent", window)
    menu.menuAction().setStatusTip("Open one of the files that were opened last")

    def fill() -> None:
        menu.clear()
        for number, path in enumerate(recent.paths, 1):
            there = os.path.exists(path)
            action = menu.addAction(entry_text(number, path) + ("" if there else "   (not found)"))
            action.setEnabled(there)
            action.setStatusTip(str(path))
            action.triggered.connect(lambda _=False, path=path: files.open_paths([path]))
        menu.addSeparator()
        menu.addAction("&Clear List").triggered.connect(recent.clear)

    def refresh() -> None:
        menu.menuAction().setEnabled(bool(recent.paths))

    def saved() -> None:
        if desk.session.path is not None and not desk.session.dirty:
            recent.add(desk.session.path)

    menu.aboutToShow.connect(fill)
    recent.changed.connect(refresh)
    files.opened.connect(recent.add)
    desk.session.events.saved_state_changed.connect(saved)
    window.menus["&File"].insertMenu(window.actions_by_id["open_example"], menu)
    refresh()
    return menu


def entry_text(number: int, path: Path) -> str:
    """A number to press for the first nine, the name, and the folder, shortened at its front."""
    folder = str(path.parent)
    if len(folder) > _LONGEST:
        folder = "…" + folder[-_LONGEST:]
    key = f"&{number}  " if number < 10 else ""
    return key + f"{path.name}   –   {folder}".replace("&", "&&")
