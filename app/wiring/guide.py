"""What the Help menu shows."""

from difffit_app.wiring.parts import Handlers, Parts
from difffit_core import __version__


def wire(parts: Parts, handlers: Handlers) -> None:
    handlers |= {"shortcuts": parts.dialogs.show_shortcuts, "about": lambda: parts.dialogs.show_about(__version__)}
