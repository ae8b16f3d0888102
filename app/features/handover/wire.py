"""The actions that hand over."""

from difffit_app.desk import Desk
from difffit_app.features.handover.controller import HandoverController
from difffit_app.offered import ResolutionOf
from difffit_app.window.main_window import MainWindow

_TITLE = "Hand over into an empty folder"


def wire(desk: Desk, window: MainWindow, resolution_of: ResolutionOf) -> None:
    controller = HandoverController(desk, resolution_of)

    def hand_over() -> None:
        folder = desk.prompts.ask_for_folder(_TITLE)
        if folder is not None:
            controller.hand_over(folder)

    def hand_over_composite() -> None:
        folder = desk.prompts.ask_for_folder(_TITLE)
        if folder is not None:
            controller.hand_over_composite(folder)

    window.handlers |= {"hand_over": hand_over, "hand_over_composite": hand_over_composite}
