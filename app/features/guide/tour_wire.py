"""The tour, which is offered once."""

from collections.abc import Callable

from difffit_app.desk import Desk
from difffit_app.features.guide.tour import Tour
from difffit_app.window.main_window import MainWindow

_OFFERED = "tour/offered"


def wire(desk: Desk, window: MainWindow) -> Callable[[], None]:
    """Give what offers the tour, at the first start alone."""
    tour = Tour(window, desk.session)
    window.handlers |= {"tour": tour.start}

    def offer_once() -> None:
        if not desk.settings.value(_OFFERED, False, bool):
            desk.settings.setValue(_OFFERED, True)
            tour.offer()

    return offer_once
