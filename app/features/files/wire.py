"""Opening and closing."""

import logging
import os
from importlib.resources import files
from pathlib import Path

from PySide6.QtWidgets import QProgressBar

from difffit_app.desk import Desk
from difffit_app.features.files import recent_menu
from difffit_app.features.files.controller import FilesController
from difffit_app.features.files.recent import RecentFiles
from difffit_app.features.files.start_page import StartPage
from difffit_app.paths import unpacked_folder
from difffit_app.window.main_window import MainWindow
from difffit_app.workers.lane import SETTLED, Job
from difffit_core.project.packing import prune

logger = logging.getLogger(__name__)

EXAMPLE = ("1bd2_4A.mrc.gz", "1bd2_moved.pdb.gz")


def wire(desk: Desk, window: MainWindow) -> FilesController:
    controller = FilesController(desk, unpacked_folder())

    def clear_unpacked(_: object) -> None:
        prune(unpacked_folder())

    def not_cleared(error: BaseException) -> object:
        """Not told: nobody asked for it, and the next start tries again."""
        logger.warning("what was unpacked stays: %s", error)
        return SETTLED

    desk.jobs.read(Job("clearing unpacked files", clear_unpacked, lambda _: None, not_cleared, quiet=True))
    busy = QProgressBar()
    busy.setRange(0, 0)
    busy.setFixedWidth(90)
    busy.setTextVisible(False)
    busy.setAccessibleName("Files are being read")
    busy.hide()
    window.statusBar().addPermanentWidget(busy)
    desk.jobs.files.changed.connect(lambda: busy.setVisible(desk.jobs.reading))
    window.paths_dropped.connect(controller.open_paths)
    window.handlers |= {
        "open": lambda: controller.open_paths(desk.prompts.ask_for_files()),
        "open_example": lambda: controller.open_paths(example_files()),
        "find_missing": controller.find_missing,
        "close_all": controller.close_all,
        "quit": window.close,
    }
    recent = RecentFiles(desk.settings)
    recent_menu.wire(desk, window, controller, recent)
    _offer_start(desk, window, controller, recent)
    return controller


def _offer_start(desk: Desk, window: MainWindow, controller: FilesController, recent: RecentFiles) -> None:
    """Say how to begin for as long as nothing is open."""
    offered = (("open", "Open …"), ("open_example", "Example"), ("fetch", "Fetch"), ("tour", "Tour"))
    page = StartPage(window.viewer, [(window.actions_by_id[name], text) for name, text in offered])
    window.landmarks["start"] = page

    def show(*_: object) -> None:
        if desk.session.is_empty:
            page.show_recent([path for path in recent.paths if os.path.exists(path)])
        page.setVisible(desk.session.is_empty)
        page.raise_()

    page.opened.connect(lambda path: controller.open_paths([path]))
    recent.changed.connect(show)
    events = desk.session.events
    for event in (events.map_added, events.map_removed, events.model_added, events.model_removed, events.cleared):
        event.connect(show)
    show()


def example_files() -> list[Path]:
    """The map and the model that ship with the program."""
    folder = files("difffit_resources").joinpath("example")
    return [Path(str(folder.joinpath(name))) for name in EXAMPLE]
