"""Undoing and redoing, and what was done."""

from difffit_app.views.steps_dialog import StepsDialog
from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> None:
    dialog = StepsDialog(parts.window)
    parts.history.changed.connect(parts.window.show_history)
    handlers |= {
        "undo": parts.history.undo,
        "redo": parts.history.redo,
        "steps": lambda: dialog.show_steps(parts.session.steps),
    }
