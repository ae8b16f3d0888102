"""What the Help menu shows."""

from difffit_app.help.guide import CHAPTER_OF_PANEL, CHAPTERS
from difffit_app.views.help_window import HelpWindow
from difffit_app.wiring.parts import Handlers, Parts
from difffit_core import __version__


def wire(parts: Parts, handlers: Handlers) -> None:
    window = parts.window
    guide = HelpWindow(window, window.icons, window.theme)
    window.theme_changed.connect(guide.set_theme)
    handlers |= {
        "help": lambda: guide.show_chapter(CHAPTER_OF_PANEL.get(window.panel_in_focus(), CHAPTERS[0])),
        "shortcuts": lambda: guide.show_chapter("keyboard"),
        "about": lambda: parts.dialogs.show_about(__version__),
    }
