"""Every action of the window, once: what it is called, where it stands, its shortcut, icon, and when it can be used."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from difffit_app.state.session import Session


@dataclass(frozen=True)
class Conditions:
    """What decides whether an action can be used."""

    session: "Session"
    can_fit: bool
    fitting: bool
    can_undo: bool = False
    can_redo: bool = False
    moving: bool = False
    sphere: bool = False
    can_screen: bool = False
    screening: bool = False
    screened: bool = False
    zeroing: bool = False


When = Callable[[Conditions], bool]


@dataclass(frozen=True)
class Action:
    """``menu`` and ``text`` as shown; ``group`` separates within a menu; ``toolbar`` puts it there too.

    A ``checkable`` action is triggered like any other; whoever keeps the state sets its mark, in `MainWindow.mark`.
    """

    id: str
    menu: str
    text: str
    tip: str
    shortcut: str = ""
    icon: str = ""
    group: int = 0
    toolbar: bool = False
    when: When = lambda _: True
    checkable: bool = False


def _something_open(now: Conditions) -> bool:
    return not now.session.is_empty


def _fit(now: Conditions) -> bool:
    return now.session.fit is not None


def _placement(now: Conditions) -> bool:
    return now.session.placement is not None


def _map(now: Conditions) -> bool:
    return now.session.map is not None


def _model(now: Conditions) -> bool:
    return now.session.model is not None


def _can_move(now: Conditions) -> bool:
    return now.can_fit or now.moving


def _can_confine(now: Conditions) -> bool:
    return now.can_fit or now.sphere


def _can_fit(now: Conditions) -> bool:
    return now.can_fit and not now.fitting


def _busy(now: Conditions) -> bool:
    return now.fitting or now.moving or now.sphere or now.zeroing


def _composite(now: Conditions) -> bool:
    return now.session.composite is not None


def _working(now: Conditions) -> bool:
    return now.session.working is not None


def _rests(now: Conditions) -> bool:
    return now.screened and not now.screening


def _screened(now: Conditions) -> bool:
    return now.screened


def _moved(now: Conditions) -> bool:
    return now.session.hand is not None


ACTIONS: tuple[Action, ...] = (
    Action("open", "&File", "&Open …", "Open maps, models or a project", "Ctrl+O", "open", toolbar=True),
    Action(
        "find_missing",
        "&File",
        "Find &Missing Files …",
        "Say where the maps and models are that this project lacks",
        "",
        "",
        0,
        False,
        lambda now: bool(now.session.absent.inputs),
    ),
    Action("new_window", "&File", "New &Window", "Open another window, for another project", "Ctrl+N"),
    Action("open_example", "&File", "Open &Example", "Open the map and the model that ship with the program"),
    Action("save", "&File", "&Save Project", "Save what is open and fitted as a project", "Ctrl+S", "save", 1, True, _something_open),
    Action("save_as", "&File", "Save Project &As …", "Save as another project", "Ctrl+Shift+S", "", 1, False, _something_open),
    Action(
        "save_packed",
        "&File",
        "Save Pac&ked Copy …",
        "Save a copy that holds its maps and models, to pass on",
        "",
        "",
        1,
        False,
        _something_open,
    ),
    Action(
        "save_model", "&File", "Save &Placed Model …", "Write the model in the selected placement", "Ctrl+E", "export", 2, True, _placement
    ),
    Action("export_table", "&File", "Export Placements &Table …", "Write all placements as CSV", "", "table", 2, False, _placement),
    Action(
        "export_shown",
        "&File",
        "Export S&hown Placements …",
        "Write the placements that the table shows, as sorted, as CSV",
        "",
        "",
        2,
        False,
        _placement,
    ),
    Action(
        "screenshot", "&File", "Save Pict&ure …", "Write what is shown as PNG, twice as large", "Ctrl+P", "camera", 2, True, _something_open
    ),
    Action(
        "figure",
        "&File",
        "Export Fi&gure …",
        "Choose size, view and background of a picture",
        "Ctrl+Shift+P",
        "",
        2,
        False,
        _something_open,
    ),
    Action("close_all", "&File", "&Close All", "Close all maps, models and fits", "Ctrl+W", "", 3, False, _something_open),
    Action("quit", "&File", "&Quit", "Quit the program", "Ctrl+Q", "", 3),
    Action("undo", "&Edit", "&Undo", "Take back the last step", "Ctrl+Z", "undo", 0, True, lambda now: now.can_undo),
    Action("redo", "&Edit", "&Redo", "Do again what was taken back", "Ctrl+Shift+Z", "redo", 0, True, lambda now: now.can_redo),
    Action(
        "steps", "&Edit", "&Steps …", "Show what was done in this project, and when", "", "", 0, False, lambda now: bool(now.session.steps)
    ),
    Action("preferences", "&Edit", "&Preferences …", "Device, threads, preset, theme, compiled code", "Ctrl+,", "", 9),
    Action("fit", "Fi&t", "&Fit", "Search the whole map for the model", "Ctrl+Return", "fit", 0, True, _can_fit),
    Action(
        "cancel",
        "Fi&t",
        "&Cancel",
        "Stop the fit and keep what it found; or end moving by hand, or remove the sphere",
        "Esc",
        "cancel",
        0,
        True,
        _busy,
    ),
    Action("next", "Fi&t", "&Next Placement", "Go down the table", "Ctrl+Down", "next", 1, True, _placement),
    Action("previous", "Fi&t", "&Previous Placement", "Go up the table", "Ctrl+Up", "previous", 1, True, _placement),
    Action("first", "Fi&t", "F&irst Placement", "Go to the top of the table", "Ctrl+Home", "", 1, False, _placement),
    Action("filter", "Fi&t", "Filter Pl&acements …", "Show only placements above or below thresholds", "Ctrl+Shift+F", "", 2, False, _fit),
    Action("significant", "Fi&t", "&Significant Only", "Leave out placements that are not significant", "", "", 2, False, _fit, True),
    Action("show_all", "Fi&t", "Show A&ll Placements", "Take the filter away", "", "", 2, False, _fit),
    Action(
        "cluster",
        "Fi&t",
        "Clust&er Again …",
        "Cluster and rank what the fit found with other tolerances, without fitting again",
        "",
        "",
        2,
        False,
        _fit,
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
        _fit,
        True,
    ),
    Action("remove_fit", "Fi&t", "Remo&ve Fit", "Remove this fit with its placements", "", "", 2, False, _fit),
    Action("copy", "Fi&t", "Copy &Rows", "Copy the selected rows of the table as text", "Ctrl+C", "", 1, False, _placement),
    Action("copy_command", "Fi&t", "Copy Co&mmand Line", "Copy the command line that repeats the fit", "", "", 1, False, _placement),
    Action("move", "Fi&t", "&Move by Hand", "Let the mouse move the model, with live scores", "M", "hand", 3, True, _can_move, True),
    Action("refine", "Fi&t", "&Refine Here", "Climb to the nearest optimum from the pose that is shown", "Ctrl+R", "", 3, False, _can_fit),
    Action("keep", "Fi&t", "&Keep As Placement", "Make the pose that is shown a placement as it is", "Ctrl+K", "", 3, False, _can_fit),
    Action("put_back", "Fi&t", "Put &Back", "Take back all that was moved by hand", "", "", 3, False, _moved),
    Action(
        "sphere",
        "Fi&t",
        "Fit in &Sphere",
        "Have the next fit look inside a sphere only",
        "Ctrl+Shift+B",
        "sphere",
        3,
        True,
        _can_confine,
        True,
    ),
    Action("map_show", "&Map", "S&how", "Show or hide the selected map", "", "", 0, False, _map, True),
    Action("map_surface", "&Map", "&Surface", "Draw the selected map as a surface", "Ctrl+1", "", 1, False, _map, True),
    Action("map_mesh", "&Map", "&Mesh", "Draw the selected map as a mesh", "Ctrl+2", "", 1, False, _map, True),
    Action("map_slice", "&Map", "S&lice", "Draw a slice through the selected map", "Ctrl+3", "", 1, False, _map, True),
    Action("map_box", "&Map", "&Box Outline", "Draw the edges of the selected map's box", "Ctrl+B", "", 1, False, _map, True),
    Action("level_up", "&Map", "&Raise Level", "Raise the contour level by a hundredth of the map's range", "Ctrl+]", "", 2, False, _map),
    Action("level_down", "&Map", "Lo&wer Level", "Lower the contour level by a hundredth of the map's range", "Ctrl+[", "", 2, False, _map),
    Action("level_auto", "&Map", "Su&ggested Level", "Set the level that the map's values suggest", "", "", 2, False, _map),
    Action("slice_up", "&Map", "&Next Slice", "Move the slice by a voxel (Ctrl and wheel in the view)", "Alt+PgUp", "", 3, False, _map),
    Action("slice_down", "&Map", "&Previous Slice", "Move the slice back by a voxel", "Alt+PgDown", "", 3, False, _map),
    Action("slice_axis", "&Map", "Slice &Axis", "Cut along the next of x, y and z", "", "", 3, False, _map),
    Action("slice_all", "&Map", "Slices of All A&xes", "Cut along x, y and z together", "", "", 3, False, _map, True),
    Action("map_finer", "&Map", "&Finer", "Contour more voxels of the selected map", "", "", 4, False, _map),
    Action("map_coarser", "&Map", "&Coarser", "Contour fewer voxels, quicker to draw", "", "", 4, False, _map),
    Action("map_islands", "&Map", "Hide Small P&ieces …", "Hide pieces of the surface that enclose little", "", "", 4, False, _map),
    Action("map_colour", "&Map", "C&olour …", "Choose the colour of the selected map", "", "", 5, False, _map),
    Action("map_clearer", "&Map", "More &Transparent", "Let more of what is behind the map through", "Ctrl+Alt+[", "", 5, False, _map),
    Action("map_denser", "&Map", "More Opa&que", "Let less of what is behind the map through", "Ctrl+Alt+]", "", 5, False, _map),
    Action("map_rename", "&Map", "R&ename …", "Give the selected map another name (F2 in the list)", "", "", 6, False, _map),
    Action("map_remove", "&Map", "Remo&ve", "Close the selected map", "", "", 6, False, _map),
    Action("model_show", "M&odel", "S&how", "Show or hide the selected model", "", "", 0, False, _model, True),
    Action("model_cartoon", "M&odel", "&Cartoon", "Helices as bands, strands as arrows", "Ctrl+4", "", 1, False, _model, True),
    Action("model_trace", "M&odel", "&Backbone", "A stick from each residue to the next", "Ctrl+5", "", 1, False, _model, True),
    Action("model_sticks", "M&odel", "S&ticks", "A stick for each bond", "Ctrl+6", "", 1, False, _model, True),
    Action("model_spheres", "M&odel", "S&pheres", "A sphere for each atom", "Ctrl+7", "", 1, False, _model, True),
    *(
        Action(f"colour_{name}", "M&odel", f"Colour by {text}", tip, "", "", 2, False, _model, True)
        for name, text, tip in (
            ("chain", "C&hain", "A colour for each chain"),
            ("structure", "Secondary St&ructure", "Helices, strands, and what is neither"),
            ("residue", "Pl&ace in Chain", "From blue at the start of each chain to red at its end"),
            ("b_factor", "B &Factor or pLDDT", "B factors; the confidence of predicted models, as AlphaFold shows it"),
            ("element", "&Element", "Oxygen red, nitrogen blue, carbon as the chain"),
            ("plain", "O&ne Colour", "One colour for the whole model"),
            ("local_fit", "Local F&it", "How well each residue of the selected placement fits: red badly, blue well"),
        )
    ),
    Action("model_colour", "M&odel", "Choose Colo&ur …", "Choose the one colour of the selected model", "", "", 3, False, _model),
    Action("model_clearer", "M&odel", "&More Transparent", "Let more of what is behind the model through", "", "", 3, False, _model),
    Action("model_denser", "M&odel", "More Opa&que", "Let less of what is behind the model through", "", "", 3, False, _model),
    Action("model_rename", "M&odel", "Rename …", "Give the selected model another name (F2 in the list)", "", "", 4, False, _model),
    Action("model_remove", "M&odel", "Remo&ve", "Close the selected model", "", "", 4, False, _model),
    Action("show_residues", "&Judge", "&Residues", "Show how well each residue of the placement fits", "Ctrl+J", "", 0, False, _placement),
    Action(
        "fit_colours",
        "&Judge",
        "&Colour Model by Fit",
        "Colour the placed model by its local fit, red badly and blue well, or as before",
        "Ctrl+Shift+J",
        "",
        0,
        False,
        _placement,
        True,
    ),
    Action(
        "residue_metric", "&Judge", "Local Correlation or &Q-Score", "Change what is told of each residue", "", "", 0, False, _placement
    ),
    Action("next_residue", "&Judge", "&Next Residue", "Mark the next residue", "Ctrl+Right", "", 1, False, _placement),
    Action("previous_residue", "&Judge", "&Previous Residue", "Mark the previous residue", "Ctrl+Left", "", 1, False, _placement),
    Action(
        "poor_residue",
        "&Judge",
        "Next P&oor Residue",
        "Mark the next residue that fits badly",
        "Ctrl+Shift+Right",
        "",
        1,
        False,
        _placement,
    ),
    Action(
        "unmark_residue", "&Judge", "&Unmark", "Mark no residue, and no unexplained density", "Ctrl+Shift+Left", "", 1, False, _placement
    ),
    Action("compare", "&Judge", "Co&mpare Placements", "Set the two selected rows side by side", "Ctrl+D", "", 2, False, _placement, True),
    Action(
        "show_unexplained",
        "&Judge",
        "Show Une&xplained Density",
        "Go to the largest piece above the level that the model does not cover",
        "",
        "",
        2,
        False,
        _placement,
    ),
    Action("export_residues", "&Judge", "&Export Residues …", "Write the table of residues as CSV", "", "table", 3, False, _placement),
    Action("copy_residues", "&Judge", "Cop&y Residues", "Copy the table of residues as text", "", "", 3, False, _placement),
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
        _rests,
    ),
    Action("screen_start", "&Screen", "St&art", "Try every model of the library in the map", "", "", 1, False, lambda now: now.can_screen),
    Action("screen_stop", "&Screen", "S&top", "Stop; what is found is kept", "", "", 1, False, lambda now: now.screening),
    Action("screen_resume", "&Screen", "&Resume", "Go on with the screen that is open", "", "", 1, False, _rests),
    Action("screen_add", "&Screen", "A&dd Models …", "Have the models of one more folder tried", "", "", 1, False, _rests),
    Action("screen_next", "&Screen", "&Next Model", "Look at the next model of the ranking", "Ctrl+Shift+Down", "", 2, False, _screened),
    Action(
        "screen_previous",
        "&Screen",
        "&Previous Model",
        "Look at the previous model of the ranking",
        "Ctrl+Shift+Up",
        "",
        2,
        False,
        _screened,
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
        "&Filter Ranking …",
        "Show only models with some words in their name or verdict",
        "",
        "",
        2,
        False,
        _screened,
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
        _screened,
    ),
    Action("screen_command", "&Screen", "Copy Co&mmand Line", "Copy the command line that repeats the screen", "", "", 3, False, _screened),
    Action(
        "accept", "&Compose", "&Accept", "Accept the selected placements into the composite", "Ctrl+Shift+A", "accept", 0, True, _placement
    ),
    Action(
        "zero_out",
        "&Compose",
        "&Zero Out …",
        "Take the density of what this round accepted out of the map, after looking at what would go",
        "Ctrl+Shift+X",
        "",
        0,
        False,
        _composite,
        True,
    ),
    Action(
        "next_round",
        "&Compose",
        "&Fit What Is Left",
        "Begin the next round: search what zeroing out has left of the map",
        "Ctrl+Shift+Return",
        "",
        0,
        False,
        lambda now: _can_fit(now) and _working(now),
    ),
    Action(
        "working_map",
        "&Compose",
        "&Working Map",
        "Show and fit into what zeroing out has left of the map, or the map itself",
        "Ctrl+Shift+M",
        "",
        1,
        False,
        _working,
        True,
    ),
    Action("save_working", "&Compose", "&Save Working Map …", "Write what is left of the map as MRC", "", "", 1, False, _working),
    Action("show_accepted", "&Compose", "Show Accepted C&opies", "Draw what is accepted", "", "", 1, False, _composite, True),
    Action("show_rounds", "&Compose", "&Rounds", "Show the composites and their rounds", "Ctrl+Shift+D", "", 2, False, _something_open),
    Action("go_round", "&Compose", "&Go to Round", "Stand at the selected round: views and fits follow", "", "", 2, False, _composite),
    Action("branch_round", "&Compose", "&Branch from Round", "Begin another round after the selected one", "", "", 2, False, _composite),
    Action("compare_rounds", "&Compose", "Co&mpare Rounds", "Tell how two selected rounds differ", "", "", 2, False, _composite),
    Action(
        "rename_round", "&Compose", "R&ename Round …", "Give the selected round or composite another name", "", "", 2, False, _composite
    ),
    Action(
        "delete_round",
        "&Compose",
        "&Delete Round …",
        "Delete the selected composite, round (with those after it) or accepted copy",
        "",
        "",
        2,
        False,
        _composite,
    ),
    Action(
        "new_composite",
        "&Compose",
        "&New Composite",
        "Have the next accepted placement begin another composite",
        "",
        "",
        2,
        False,
        _composite,
    ),
    Action(
        "show_compose",
        "&Compose",
        "Compose To&gether …",
        "Place several models, or copies, together",
        "Ctrl+Shift+C",
        "",
        3,
        False,
        _something_open,
    ),
    Action("examine", "&Compose", "&Examine Composite", "Tell what it explains and leaves, and its symmetry", "", "", 3, False, _composite),
    Action(
        "copy_compose", "&Compose", "Copy Comman&d Line", "Copy the command line that repeats the composite", "", "", 3, False, _composite
    ),
    Action(
        "export_composite",
        "&Compose",
        "E&xport Composite …",
        "Write models, maps, a report, and scripts for ChimeraX and PyMOL",
        "",
        "",
        3,
        False,
        _composite,
    ),
    Action("look", "&View", "&Look at Everything", "Fill the views with what is shown", "Ctrl+0", "look", 0, True, _something_open),
    Action("zoom_in", "&View", "Zoom &In", "Go nearer (+ in a view)", "Ctrl++", "", 0, False, _something_open),
    Action("zoom_out", "&View", "Zoom O&ut", "Go farther away (- in a view)", "Ctrl+-", "", 0, False, _something_open),
    Action(
        "turn_left",
        "&View",
        "Turn &Left",
        "Turn by 5° (arrows in a view; with Shift, they shift)",
        "Alt+Left",
        "",
        0,
        False,
        _something_open,
    ),
    Action("turn_right", "&View", "Turn &Right", "Turn by 5°", "Alt+Right", "", 0, False, _something_open),
    Action("turn_up", "&View", "Turn U&p", "Turn by 5°", "Alt+Up", "", 0, False, _something_open),
    Action("turn_down", "&View", "Turn Do&wn", "Turn by 5°", "Alt+Down", "", 0, False, _something_open),
    Action("views", "&View", "&Two Views", "Show the map and the spheres side by side", "Alt+1", "", 1, False, _something_open, True),
    Action("offset", "&View", "&One Scene", "Show the spheres beside the map, in one scene", "Alt+2", "", 1, False, _something_open, True),
    Action("gallery", "&View", "&Gallery", "Show the best placements side by side", "Alt+3", "", 1, False, _placement, True),
    Action("more_tiles", "&View", "&More in the Gallery", "Show more placements at once", "", "", 1, False, _placement),
    Action("fewer_tiles", "&View", "&Fewer in the Gallery", "Show fewer placements at once", "", "", 1, False, _placement),
    Action("next_metric", "&View", "Ne&xt Metric", "Have the colour of the spheres tell another metric", "", "", 1, False, _placement),
    Action("columns", "&View", "Table &Columns …", "Choose the columns of the table of placements", "", "", 2, False, _fit),
    Action("soft_shadows", "&View", "&Soft Shadows", "Darken what lies deep; slower to draw", "", "", 1, False, _something_open, True),
    Action("silhouettes", "&View", "S&ilhouettes", "Draw dark lines around things", "", "", 1, False, _something_open, True),
    Action("theme", "&View", "&Dark or Light", "Change between the dark and the light theme", "Ctrl+Shift+T", "theme", 3),
    Action("reset_layout", "&View", "Reset La&yout", "Put every panel back where it was when the program was new", "", "", 8),
    Action("help", "&Help", "&User Guide", "Explain the program, beginning with the panel where the keyboard is", "F1", "help"),
    Action("tour", "&Help", "&Tour", "Fit the example, in five steps"),
    Action("shortcuts", "&Help", "&Keyboard Shortcuts", "List all actions and their keys", "Ctrl+/"),
    Action("copy_report", "&Help", "Copy &Report", "Copy versions, platform and the end of the log, to send with a question", "", "", 2),
    Action("show_log", "&Help", "Show &Log", "Show what the program has noted", "", "", 2),
    Action("about", "&Help", "&About DiffFit Desktop", "Version and licence", group=3),
)
"""In the order in which menus show them."""
