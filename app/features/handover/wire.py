"""The actions that hand over."""

from collections.abc import Callable
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.features.handover.controller import HandoverController
from difffit_app.offered import ResolutionOf
from difffit_app.window.main_window import MainWindow
from difffit_core.handover.recipe import HandoverRecipe

_TITLE = "Hand over into an empty folder"


def wire(desk: Desk, window: MainWindow, resolution_of: ResolutionOf) -> None:
    controller = HandoverController(desk, resolution_of)

    def asking(hand_over: Callable[[HandoverRecipe, Path], None]) -> Callable[[], None]:
        def ask() -> None:
            folder = desk.prompts.ask_for_folder(_TITLE)
            if folder is not None:
                hand_over(HandoverRecipe(source=str(desk.session.path or "")), folder)

        return ask

    window.handlers |= {"hand_over": asking(controller.hand_over), "hand_over_composite": asking(controller.hand_over_composite)}
