"""Actions of the menus Judge and Screen."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "show_residues", "&Judge", "&Residues", "Show how well each residue of the placement fits", "Ctrl+J", "", 0, False, when.placement
    ),
    Action(
        "fit_colours",
        "&Judge",
        "&Colour Model by Fit",
        "Colour the placed model by its local fit, red badly and blue well, or as before",
        "Ctrl+Shift+J",
        "",
        0,
        False,
        when.placement,
        True,
    ),
    Action(
        "residue_metric", "&Judge", "Local Correlation or &Q-Score", "Change what is told of each residue", "", "", 0, False, when.placement
    ),
    Action("next_residue", "&Judge", "&Next Residue", "Mark the next residue", "Ctrl+Right", "", 1, False, when.placement),
    Action("previous_residue", "&Judge", "&Previous Residue", "Mark the previous residue", "Ctrl+Left", "", 1, False, when.placement),
    Action(
        "poor_residue",
        "&Judge",
        "Next P&oor Residue",
        "Mark the next residue that fits badly",
        "Ctrl+Shift+Right",
        "",
        1,
        False,
        when.placement,
    ),
    Action(
        "unmark_residue",
        "&Judge",
        "&Unmark",
        "Mark no residue, and no unexplained density",
        "Ctrl+Shift+Left",
        "",
        1,
        False,
        when.placement,
    ),
    Action(
        "compare", "&Judge", "Co&mpare Placements", "Set the two selected rows side by side", "Ctrl+D", "", 2, False, when.placement, True
    ),
    Action(
        "show_unexplained",
        "&Judge",
        "Show Une&xplained Density",
        "Go to the largest piece above the level that the model does not cover",
        "",
        "",
        2,
        False,
        when.placement,
    ),
    Action("export_residues", "&Judge", "&Export Residues …", "Write the table of residues as CSV", "", "table", 3, False, when.placement),
    Action("copy_residues", "&Judge", "Cop&y Residues", "Copy the table of residues as text", "", "", 3, False, when.placement),
    Action("screen_set_up", "&Screen", "&Set Up Screen", "Say what is to be looked for in which map", "Ctrl+Shift+L", "", 0),
    Action("screen_library", "&Screen", "Choose &Library …", "Choose a folder of models", "", "", 0),
    Action("screen_open", "&Screen", "&Open Screen …", "Show what a screen has found, and go on with it", "", "", 0),
    Action(
        "screen_reload",
        "&Screen",
        "Read A&gain",
        "Show what others, a cluster for instance, have found since the screen was opened",
        "F5",
        "",
        0,
        False,
        when.rests,
    ),
    Action("screen_start", "&Screen", "St&art", "Try every model of the library in the map", "", "", 1, False, lambda now: now.can_screen),
    Action("screen_stop", "&Screen", "S&top", "Stop; what is found is kept", "", "", 1, False, lambda now: now.screening),
    Action("screen_resume", "&Screen", "&Resume", "Go on with the screen that is open", "", "", 1, False, when.rests),
    Action("screen_add", "&Screen", "A&dd Models …", "Have the models of one more folder tried", "", "", 1, False, when.rests),
    Action(
        "screen_next", "&Screen", "&Next Model", "Look at the next model of the ranking", "Ctrl+Shift+Down", "", 2, False, when.screened
    ),
    Action(
        "screen_previous",
        "&Screen",
        "&Previous Model",
        "Look at the previous model of the ranking",
        "Ctrl+Shift+Up",
        "",
        2,
        False,
        when.screened,
    ),
    Action(
        "screen_keep",
        "&Screen",
        "&Keep Open",
        "Leave the model that is looked at open when another is",
        "",
        "",
        2,
        False,
        lambda now: now.screened and now.session.fit is not None,
    ),
    Action(
        "screen_find",
        "&Screen",
        "&Filter Ranking",
        "Show only models with some words in their name or verdict",
        "",
        "",
        2,
        False,
        when.screened,
    ),
    Action(
        "screen_export",
        "&Screen",
        "&Export Results …",
        "Write ranking, report and best models into a folder",
        "",
        "export",
        3,
        False,
        when.screened,
    ),
    Action(
        "screen_command", "&Screen", "Copy Co&mmand Line", "Copy the command line that repeats the screen", "", "", 3, False, when.screened
    ),
)
