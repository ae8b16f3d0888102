"""Soft shadows: on or off, as they were at the last start."""

from difffit_app.wiring.parts import Handlers, Parts

_KEY = "view/soft_shadows"


def wire(parts: Parts, handlers: Handlers) -> None:
    window, settings = parts.window, parts.settings

    def chosen() -> bool:
        return bool(settings.value(_KEY, False, type=bool))

    def shade(on: bool) -> None:
        settings.setValue(_KEY, on)
        window.mark("soft_shadows", on)
        for scene in (window.viewer.fit, window.viewer.clusters):
            scene.stage.set_soft_shadows(on)

    if chosen():
        shade(True)
    handlers["soft_shadows"] = lambda: shade(not chosen())
