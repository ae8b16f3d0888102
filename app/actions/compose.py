"""Actions of the menu Compose."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action, actions_of

_ROUNDS = "&Rounds"

_compose = actions_of("&Compose", when.composite)

ACTIONS: tuple[Action, ...] = (
    _compose(
        "accept",
        "&Accept",
        "Accept the selected placements into the composite",
        "",
        0,
        when.placement,
        keys="Ctrl+Shift+A",
        icon="accept",
        tool=True,
    ),
    _compose(
        "zero_out",
        "&Zero Out",
        "Take the density of what this round accepted out of the map, after looking at what would go",
        "",
        0,
        keys="Ctrl+Shift+X",
        marked=True,
    ),
    _compose(
        "next_round",
        "&Fit What Is Left",
        "Begin the next round: search what zeroing out has left of the map",
        "",
        0,
        lambda now: when.can_fit(now) and when.working(now),
        keys="Ctrl+Shift+Return",
    ),
    _compose(
        "working_map",
        "&Working Map",
        "Show and fit into what zeroing out has left of the map, or the map itself",
        "",
        1,
        when.working,
        keys="Ctrl+Shift+M",
        marked=True,
    ),
    _compose("save_working", "&Save Working Map …", "Write what is left of the map as MRC", "", 1, when.working),
    _compose("show_accepted", "Show Accepted Co&pies", "Draw what is accepted", "", 1, marked=True),
    _compose("show_rounds", "Show &Rounds", "Show the composites and their rounds", _ROUNDS, 2, when.something_open, keys="Ctrl+Shift+D"),
    _compose("go_round", "&Go to Round", "Stand at the selected round: views and fits follow", _ROUNDS, 2),
    _compose("branch_round", "&Branch from Round", "Begin another round after the selected one", _ROUNDS, 2),
    _compose("compare_rounds", "Co&mpare Rounds", "Tell how two selected rounds differ", _ROUNDS, 2),
    _compose("rename_round", "R&ename Round …", "Give the selected round or composite another name", _ROUNDS, 2),
    _compose("delete_round", "&Delete Round …", "Delete the selected composite, round (with those after it) or accepted copy", _ROUNDS, 2),
    _compose("new_composite", "&New Composite", "Have the next accepted placement begin another composite", _ROUNDS, 2),
    _compose(
        "show_compose", "Compose &Together", "Place several models, or copies, together", "", 3, when.something_open, keys="Ctrl+Shift+C"
    ),
    _compose("examine", "&Examine Composite", "Tell what it explains and leaves, and its symmetry", "", 3),
    _compose("copy_compose", "Copy Co&mmand Line", "Copy the command line that repeats the composite", "", 3),
    _compose(
        "hand_over_composite",
        "&Hand Over Composite …",
        "Write what ISOLDE, Coot, Phenix, ServalCat, CryoBoltz, ChimeraX, PyMOL and Mol* want of the composite",
        "",
        3,
    ),
    _compose("export_composite", "E&xport Composite …", "Write models, maps, a report, and scripts for ChimeraX and PyMOL", "", 3),
)
