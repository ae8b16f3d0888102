"""Soft shadows and silhouettes: on or off, as they were at the last start."""

from difffit_app.wiring.parts import Handlers, Parts

EFFECTS = ("soft_shadows", "silhouettes")


def wire(parts: Parts, handlers: Handlers) -> None:
    settings, view_state = parts.settings, parts.view_state

    def show(name: str, on: bool) -> None:
        parts.window.mark(name, on)
        view_state.set_effects(**{name: on})

    def switch(name: str) -> None:
        on = not getattr(view_state, name)
        settings.setValue(f"view/{name}", on)
        show(name, on)

    for name in EFFECTS:
        show(name, bool(settings.value(f"view/{name}", False, type=bool)))
    handlers |= {name: lambda name=name: switch(name) for name in EFFECTS}
