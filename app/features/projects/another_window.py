"""Another window, for another project: a program of its own, so that a fit in one never holds up the other."""

import sys

from PySide6.QtCore import QProcess

from difffit_app.window.main_window import MainWindow


def wire(window: MainWindow) -> None:
    def open_another() -> None:
        if not QProcess.startDetached(sys.executable, ["-m", "difffit_app"])[0]:
            window.show_notice("Another window could not be started.", "error")

    window.handlers["new_window"] = open_another
