"""What is set once and for all, and what follows from it."""

from difffit_app.desk import Desk
from difffit_app.features.preferences.controller import PreferencesController
from difffit_app.features.preferences.dialog import PreferencesDialog
from difffit_app.preferences import ThemeChoice
from difffit_app.theme import SystemColours, apply_theme, theme_of
from difffit_app.window.main_window import MainWindow


def wire(desk: Desk, window: MainWindow) -> PreferencesController:
    store = desk.preferences
    dialog = PreferencesDialog(window)
    controller = PreferencesController(desk, dialog)

    def show_theme() -> None:
        theme = theme_of(store.current.theme)
        if theme is not window.theme:
            apply_theme(theme)
            window.set_theme(theme)

    def change_theme() -> None:
        store.change(theme=ThemeChoice.LIGHT if window.theme is theme_of(ThemeChoice.DARK) else ThemeChoice.DARK)

    dialog.chosen.connect(controller.apply)
    dialog.clearing_asked.connect(controller.clear_kept_code)
    store.changed.connect(lambda _: show_theme())
    store.unkept.connect(lambda sentence: desk.messages.show_notice(sentence, "warning"))
    SystemColours(window).changed.connect(show_theme)
    window.handlers |= {"preferences": controller.show, "theme": change_theme}
    return controller
