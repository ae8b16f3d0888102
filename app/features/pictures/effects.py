"""Soft shadows and silhouettes: on or off, as they were at the last start."""

from functools import partial

from difffit_app.desk import Desk
from difffit_app.window.main_window import MainWindow

EFFECTS = ("soft_shadows", "silhouettes")


def wire(desk: Desk, window: MainWindow) -> None:
    settings, view_state = desk.settings, desk.view_state

    def show(name: str, on: bool) -> None:
        window.mark(name, on)
        view_state.set_effects(**{name: on})

    def switch(name: str) -> None:
        on = not getattr(view_state, name)
        settings.setValue(f"view/{name}", on)
        show(name, on)

    for name in EFFECTS:
        show(name, bool(settings.value(f"view/{name}", False, type=bool)))
    window.handlers |= {name: partial(switch, name) for name in EFFECTS}
