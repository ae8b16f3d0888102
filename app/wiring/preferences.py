"""What is set once and for all, and what follows from it."""

from difffit_app.controllers.preferences import PreferencesController
from difffit_app.preferences import Preferences, ThemeChoice
from difffit_app.views.preferences_dialog import PreferencesDialog
from difffit_app.views.theme import SystemColours, apply_theme, theme_of
from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> PreferencesController:
    window, store = parts.window, parts.preferences
    dialog = PreferencesDialog(window)
    controller = PreferencesController(store, parts.jobs, window, dialog)

    def show_theme() -> None:
        theme = theme_of(store.current.theme)
        if theme is not window.theme:
            apply_theme(theme)
            window.set_theme(theme)

    def apply(preferences: Preferences) -> None:
        show_theme()
        window.fit_panel.set_preset(preferences.preset)

    def change_theme() -> None:
        store.change(theme=ThemeChoice.LIGHT if window.theme is theme_of(ThemeChoice.DARK) else ThemeChoice.DARK)

    dialog.chosen.connect(controller.apply)
    dialog.clearing_asked.connect(controller.clear_kept_code)
    store.changed.connect(apply)
    SystemColours(window).changed.connect(show_theme)
    window.fit_panel.set_preset(store.current.preset)
    handlers |= {"preferences": controller.show, "theme": change_theme}
    return controller
