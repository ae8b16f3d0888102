"""Every action of the window, once: what it is called, where it stands, its shortcut, icon, and when it can be used."""

from difffit_app.actions import (
    aligning,
    assemble,
    compose,
    file_and_edit,
    fit,
    judge_and_screen,
    map_and_model,
    picture,
    refine,
    select,
    view_and_help,
)
from difffit_app.actions.action import Action, Conditions

__all__ = ["ACTIONS", "Action", "Conditions"]

ACTIONS: tuple[Action, ...] = (
    *file_and_edit.ACTIONS,
    *fit.ACTIONS,
    *map_and_model.ACTIONS,
    *aligning.ACTIONS,
    *map_and_model.LAST,
    *select.ACTIONS,
    *judge_and_screen.ACTIONS,
    *compose.ACTIONS,
    *assemble.ACTIONS,
    *refine.ACTIONS,
    *picture.ACTIONS,
    *view_and_help.ACTIONS,
)
"""In the order in which menus show them."""
