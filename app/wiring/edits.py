"""Undoing and redoing."""

from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> None:
    parts.history.changed.connect(parts.window.show_history)
    handlers |= {"undo": parts.history.undo, "redo": parts.history.redo}
