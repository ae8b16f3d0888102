"""What a screen asks a person for: folders and files."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from difffit_app.desk import Desk
from difffit_app.features.screen.controller import ScreensController
from difffit_app.features.screen.panel import STORE_SUFFIX, ScreenPanel

_FILES = f"Screens (*{STORE_SUFFIX})"


class AskingForScreens:
    """``show`` opens a screen and brings its panels."""

    def __init__(self, desk: Desk, panel: ScreenPanel, controller: ScreensController, show: Callable[[Path], None]) -> None:
        self._desk = desk
        self._panel = panel
        self._controller = controller
        self._show = show

    @property
    def device(self) -> str:
        """On which screens compute, as preferred."""
        return self._desk.preferences.current.device

    def choose_library(self) -> bool:
        """False where none was chosen."""
        folder = self._desk.prompts.ask_for_folder("Library of models")
        if folder is not None:
            self._panel.choose_library(folder)
        return folder is not None

    def choose_store(self) -> None:
        path = self._desk.prompts.ask_where_to_save("Keep the screen in", str(self._panel.store.path() or "screen.sqlite"), _FILES)
        if path is not None:
            self._panel.choose_store(path)

    def add(self) -> None:
        folder = self._desk.prompts.ask_for_folder("More models")
        if folder is not None:
            self._controller.add([folder], self._panel.jobs(), self.device)

    def open(self) -> None:
        path = self._desk.prompts.ask_for_file("Open a screen", _FILES)
        if path is not None:
            self._show(path)

    def export(self) -> None:
        folder = self._desk.prompts.ask_for_folder("Folder for the results of the screen")
        if folder is not None:
            self._controller.export(folder)

    def copy_command(self) -> bool:
        """The command that repeats the screen, to the clipboard; False where there is none."""
        text = self._controller.command_line(self._panel.jobs(), self.device)
        if text:
            QGuiApplication.clipboard().setText(text)
        return bool(text)
