"""What the Help menu shows."""

from difffit_app.desk import Desk
from difffit_app.features.guide.chapters import CHAPTER_OF_PANEL, CHAPTERS
from difffit_app.features.guide.panel import HelpWindow
from difffit_app.window.main_window import MainWindow
from difffit_core import __version__


def wire(desk: Desk, window: MainWindow) -> None:
    guide = HelpWindow(window, window.icons, window.theme)
    window.theme_changed.connect(guide.set_theme)
    window.handlers |= {
        "help": lambda: guide.show_chapter(CHAPTER_OF_PANEL.get(window.panel_in_focus(), CHAPTERS[0])),
        "shortcuts": lambda: guide.show_chapter("keyboard"),
        "about": lambda: desk.prompts.show_about(__version__),
    }
