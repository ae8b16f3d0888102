"""The tour, which is offered once."""

from collections.abc import Callable

from difffit_app.views.tour import Tour
from difffit_app.wiring.parts import Handlers, Parts

_OFFERED = "tour/offered"


def wire(parts: Parts, handlers: Handlers) -> Callable[[], None]:
    """Give what offers the tour, at the first start alone."""
    tour = Tour(parts.window, parts.session)
    handlers |= {"tour": tour.start}

    def offer_once() -> None:
        if not parts.settings.value(_OFFERED, False, bool):
            parts.settings.setValue(_OFFERED, True)
            tour.offer()

    return offer_once
