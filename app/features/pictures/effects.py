"""Soft shadows, silhouettes, fog and what is behind everything: as they were at the last start, or as the machine is quick enough for."""

import logging
from functools import partial

from difffit_app.desk import Desk
from difffit_app.state.view_state import BACKGROUNDS, EXPLAINING
from difffit_app.styles import ViewBackground
from difffit_app.window.main_window import MainWindow

logger = logging.getLogger(__name__)

EFFECTS = ("soft_shadows", "silhouettes")
_FRAMES_A_SECOND = 20


def wire(desk: Desk, window: MainWindow) -> None:
    settings, view_state = desk.settings, desk.view_state

    def show(name: str, on: bool) -> None:
        window.mark(name, on)
        view_state.set_effects(**{name: on})

    def switch(name: str) -> None:
        on = not getattr(view_state, name)
        settings.setValue(f"view/{name}", on)
        show(name, on)

    def measured(frames_a_second: float) -> None:
        """Whatever the user has not chosen is on where the machine is quick enough."""
        quick = frames_a_second > _FRAMES_A_SECOND
        logger.info("the views draw %.0f frames a second with all effects (0: by the processor)", frames_a_second)
        for name in EFFECTS:
            if not settings.contains(f"view/{name}"):
                show(name, quick)

    def put_behind(background: ViewBackground) -> None:
        settings.setValue("view/background", background)
        view_state.set_background(background)
        mark_background()

    def mark_background(*_: object) -> None:
        for name in BACKGROUNDS:
            window.mark(f"background_{name}", name == view_state.background)

    for name in EFFECTS:
        show(name, bool(settings.value(f"view/{name}", False, type=bool)))
    show("fog", bool(settings.value("view/fog", True, type=bool)))
    kept = settings.value("view/background", "gradient")
    view_state.set_background(kept if kept in BACKGROUNDS else "gradient")
    mark_background()
    window.viewer.fit.speed_measured.connect(measured)
    if not all(settings.contains(f"view/{name}") for name in EFFECTS):
        window.viewer.fit.measure_speed()

    def explain(name: str) -> None:
        on = not getattr(view_state, name)
        settings.setValue(f"view/{name}", on)
        view_state.set_explaining(**{name: on})
        window.mark(name, on)

    for name in EXPLAINING:
        view_state.set_explaining(**{name: bool(settings.value(f"view/{name}", getattr(view_state, name), type=bool))})
        window.mark(name, getattr(view_state, name))
    window.handlers |= {name: partial(explain, name) for name in EXPLAINING}
    window.handlers |= {name: partial(switch, name) for name in EFFECTS}
    window.handlers["fog"] = partial(switch, "fog")
    window.handlers |= {f"background_{name}": partial(put_behind, name) for name in BACKGROUNDS}
