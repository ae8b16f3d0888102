"""Actions of the menu Fit."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action("fit", "Fi&t", "&Fit", "Search the whole map for the model", "Ctrl+Return", "fit", 0, True, when.can_fit),
    Action(
        "cancel",
        "Fi&t",
        "&Cancel",
        "Stop the fit and keep what it found; or end moving by hand, remove the sphere, or stop fetching",
        "Esc",
        "cancel",
        0,
        True,
        when.busy,
    ),
    Action("next", "Fi&t", "&Next Placement", "Go down the table", "Ctrl+Down", "next", 1, True, when.placement),
    Action("previous", "Fi&t", "&Previous Placement", "Go up the table", "Ctrl+Up", "previous", 1, True, when.placement),
    Action("first", "Fi&t", "F&irst Placement", "Go to the top of the table", "Ctrl+Home", "", 1, False, when.placement),
    Action(
        "filter", "Fi&t", "Filter Pl&acements …", "Show only placements above or below thresholds", "Ctrl+Shift+F", "", 2, False, when.fit
    ),
    Action("significant", "Fi&t", "&Significant Only", "Leave out placements that are not significant", "", "", 2, False, when.fit, True),
    Action("show_all", "Fi&t", "Show A&ll Placements", "Take the filter away", "", "", 2, False, when.fit),
    Action(
        "cluster",
        "Fi&t",
        "Clust&er Again …",
        "Cluster and rank what the fit found with other tolerances, without fitting again",
        "",
        "",
        2,
        False,
        when.fit,
    ),
    Action(
        "replay",
        "Fi&t",
        "&Replay Convergence",
        "Replay step by step how the placements converged",
        "Ctrl+Shift+R",
        "play",
        2,
        False,
        when.fit,
        True,
    ),
    Action("remove_fit", "Fi&t", "Remo&ve Fit", "Remove this fit with its placements", "", "", 2, False, when.fit),
    Action("copy", "Fi&t", "Copy &Rows", "Copy the selected rows of the table as text", "Ctrl+C", "", 1, False, when.placement),
    Action("copy_command", "Fi&t", "Copy Co&mmand Line", "Copy the command line that repeats the fit", "", "", 1, False, when.placement),
    Action("move", "Fi&t", "&Move by Hand", "Let the mouse move the model, with live scores", "M", "hand", 3, True, when.can_move, True),
    Action(
        "refine", "Fi&t", "&Refine Here", "Climb to the nearest optimum from the pose that is shown", "Ctrl+R", "", 3, False, when.can_fit
    ),
    Action("keep", "Fi&t", "&Keep As Placement", "Make the pose that is shown a placement as it is", "Ctrl+K", "", 3, False, when.can_fit),
    Action(
        "bring_model",
        "Fi&t",
        "Brin&g Model to Map",
        "Move the chosen model into the middle of the chosen map's density",
        "",
        "",
        3,
        False,
        when.map_and_model_chosen,
    ),
    Action("put_back", "Fi&t", "Put &Back", "Take back all that was moved by hand", "", "", 3, False, when.moved),
    Action(
        "sphere",
        "Fi&t",
        "Fit in &Sphere",
        "Have the next fit look inside a sphere only",
        "Ctrl+Shift+B",
        "sphere",
        3,
        True,
        when.can_confine,
        True,
    ),
)
