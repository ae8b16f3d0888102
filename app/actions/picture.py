"""Actions of the menu Picture: what the views look like."""

from difffit_app.actions.action import Action
from difffit_app.actions.conditions import placement, something_open

_MENU = "&Picture"

ACTIONS: tuple[Action, ...] = (
    Action(
        "soft_shadows",
        _MENU,
        "&Soft Shadows",
        "Darken what lies deep; on from the start where the machine draws more than 20 frames a second with it",
        checkable=True,
    ),
    Action("fog", _MENU, "Fa&de with Depth", "Let what is far fade into the background", checkable=True),
    Action(
        "silhouettes",
        _MENU,
        "S&ilhouettes",
        "Draw lines around things, finer the farther away; on from the start where the machine is quick enough, as soft shadows are",
        checkable=True,
    ),
    Action("background_gradient", _MENU, "&Gradient Background", "Have the theme's gradient behind everything", group=1, checkable=True),
    Action("background_white", _MENU, "&White Background", "Have white behind everything", group=1, checkable=True),
    Action("background_black", _MENU, "&Black Background", "Have black behind everything", group=1, checkable=True),
    Action("legend", _MENU, "&Legends", "Say in the fit view what the colours of models and copies mean", group=2, checkable=True),
    Action("scale_bar", _MENU, "S&cale Bar", "Show a bar of known length, at the depth of the middle of the view", group=2, checkable=True),
    Action("triad", _MENU, "&Axes", "Show the directions of x, y and z", group=2, checkable=True),
    Action(
        "copy_picture",
        _MENU,
        "C&opy Picture",
        "Put what is shown on the clipboard, twice as large",
        "Ctrl+Alt+C",
        group=3,
        when=something_open,
    ),
    Action("movie_turn", _MENU, "Movie of a &Turn …", "Write a movie of the fit view turning once all round", group=3, when=something_open),
    Action(
        "movie_replay",
        _MENU,
        "Movie of the &Replay …",
        "Write a movie of the placements converging, from an open replay",
        group=3,
        when=placement,
    ),
    Action(
        "movie_morph",
        _MENU,
        "Movie of a &Morph …",
        "Write a movie of the model going from the shown placement to the other one that is selected with it, and back",
        group=3,
        when=placement,
    ),
    Action(
        "measure",
        "&Judge",
        "Measure &Distances",
        "Have clicks in the fit view measure: two atoms have a distance, three an angle",
        "Ctrl+Alt+M",
        group=9,
        when=something_open,
        checkable=True,
    ),
    Action(
        "clear_measured",
        "&Judge",
        "C&lear Measurements",
        "Remove the distances and angles that were measured",
        group=9,
        when=something_open,
    ),
)
