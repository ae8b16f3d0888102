"""The menu of the files that were opened last."""

from pathlib import Path

from PySide6.QtWidgets import QMenu

from difffit_app.controllers.files import FilesController
from difffit_app.recent import RecentFiles
from difffit_app.wiring.parts import Parts

_LONGEST = 60


def wire(parts: Parts, files: FilesController) -> QMenu:
    """Put the menu into the File menu, after opening; the example is not worth remembering."""
    recent, window = RecentFiles(parts.settings), parts.window
    menu = QMenu("Open &Recent", window)
    menu.menuAction().setStatusTip("Open one of the files that were opened last")

    def fill() -> None:
        menu.clear()
        for number, path in enumerate(recent.paths, 1):
            there = path.exists()
            action = menu.addAction(entry_text(number, path) + ("" if there else "   (not found)"))
            action.setEnabled(there)
            action.setStatusTip(str(path))
            action.triggered.connect(lambda _=False, path=path: files.open_paths([path]))
        menu.addSeparator()
        menu.addAction("&Clear List").triggered.connect(recent.clear)

    def refresh() -> None:
        menu.menuAction().setEnabled(bool(recent.paths))

    def saved() -> None:
        if parts.session.path is not None and not parts.session.dirty:
            recent.add(parts.session.path)

    menu.aboutToShow.connect(fill)
    recent.changed.connect(refresh)
    files.opened.connect(recent.add)
    parts.session.events.saved_state_changed.connect(saved)
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
