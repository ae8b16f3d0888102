"""Another window, for another project: a program of its own, so that a fit in one never holds up the other."""

from difffit_app.itself import start_detached
from difffit_app.window.main_window import MainWindow


def wire(window: MainWindow) -> None:
    def open_another() -> None:
        if not start_detached("open"):
            window.show_notice("Another window could not be started.", "error")

    window.handlers["new_window"] = open_another
