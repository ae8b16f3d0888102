"""Actions of the menus View and Help."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action("look", "&View", "&Look at Everything", "Fill the views with what is shown", "Ctrl+0", "look", 0, True, when.something_open),
    Action(
        "look_at_this",
        "&View",
        "Look at T&his",
        "Fill the views with the map, model or placement that was chosen last",
        "Ctrl+Shift+0",
        "",
        0,
        False,
        when.something_open,
    ),
    Action("hide_others", "&View", "Hid&e Others", "Show only what was chosen last", "Ctrl+Shift+H", "", 0, False, when.something_open),
    Action("show_everything", "&View", "S&how All", "Show every map and model again", "Ctrl+Alt+H", "", 0, False, when.something_open),
    Action("zoom_in", "&View", "Zoom &In", "Go nearer (+ in a view)", "Ctrl++", "", 0, False, when.something_open),
    Action("zoom_out", "&View", "Zoom O&ut", "Go farther away (- in a view)", "Ctrl+-", "", 0, False, when.something_open),
    Action(
        "turn_left",
        "&View",
        "Turn &Left",
        "Turn by 5° (arrows in a view; with Shift, they shift)",
        "Alt+Left",
        "",
        0,
        False,
        when.something_open,
    ),
    Action("turn_right", "&View", "Turn &Right", "Turn by 5°", "Alt+Right", "", 0, False, when.something_open),
    Action("turn_up", "&View", "Turn U&p", "Turn by 5°", "Alt+Up", "", 0, False, when.something_open),
    Action("turn_down", "&View", "Turn Do&wn", "Turn by 5°", "Alt+Down", "", 0, False, when.something_open),
    Action("views", "&View", "&Two Views", "Show the map and the spheres side by side", "Alt+1", "", 1, False, when.something_open, True),
    Action(
        "offset", "&View", "&One Scene", "Show the spheres beside the map, in one scene", "Alt+2", "", 1, False, when.something_open, True
    ),
    Action("gallery", "&View", "&Gallery", "Show the best placements side by side", "Alt+3", "", 1, False, when.placement, True),
    Action("more_tiles", "&View", "&More in the Gallery", "Show more placements at once", "", "", 1, False, when.placement),
    Action("fewer_tiles", "&View", "&Fewer in the Gallery", "Show fewer placements at once", "", "", 1, False, when.placement),
    Action("next_metric", "&View", "Ne&xt Metric", "Have the colour of the spheres tell another metric", "", "", 1, False, when.placement),
    Action("columns", "&View", "Table &Columns …", "Choose the columns of the table of placements", "", "", 2, False, when.fit),
    Action("theme", "&View", "&Dark or Light", "Change between the dark and the light theme", "Ctrl+Shift+T", "theme", 3),
    Action("tool_labels", "&View", "La&bels under Tools", "Name the tools below their pictures", "", "", 3, False, checkable=True),
    Action("reset_layout", "&View", "Reset La&yout", "Put every panel back where it was when the program was new", "", "", 8),
    Action("help", "&Help", "&User Guide", "Explain the program, beginning with the panel where the keyboard is", "F1", "help"),
    Action("tour", "&Help", "&Tour", "Fit the example, in five steps"),
    Action("shortcuts", "&Help", "&Keyboard Shortcuts", "List all actions and their keys", "Ctrl+/"),
    Action("copy_report", "&Help", "Copy &Report", "Copy versions, platform and the end of the log, to send with a question", "", "", 2),
    Action("show_log", "&Help", "Show &Log", "Show what the program has noted", "", "", 2),
    Action("about", "&Help", "&About DiffFit Desktop", "Version and licence", group=3),
)
