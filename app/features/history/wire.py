"""Undoing and redoing, and what was done."""

from difffit_app.desk import Desk
from difffit_app.features.history.dialog import StepsDialog
from difffit_app.window.main_window import MainWindow


def wire(desk: Desk, window: MainWindow) -> None:
    dialog = StepsDialog(window)
    desk.history.changed.connect(window.show_history)
    window.handlers |= {
        "undo": desk.history.undo,
        "redo": desk.history.redo,
        "steps": lambda: dialog.show_steps(desk.session.steps),
    }
