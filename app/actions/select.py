"""Actions on what is selected of models."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action, When

MENU = "Se&lect"


def _on_selection(identifier: str, text: str, tip: str, shortcut: str = "", group: int = 1, when: When = when.selected) -> Action:
    return Action(identifier, MENU, text, tip, shortcut, "", group, False, when)


ACTIONS: tuple[Action, ...] = (
    _on_selection("select_model", "The Whole &Model", "Select all residues of the chosen model", "Ctrl+Alt+A", 0, when.model_chosen),
    _on_selection("select_wider", "&Widen", "From residues to their chains, from chains to their models", "Ctrl+Alt+W", 0),
    _on_selection("select_invert", "&Invert", "Select what is not selected of the same models", "Ctrl+Alt+I", 0),
    _on_selection("select_nothing", "&Nothing", "Select nothing any more (Esc)", "", 0),
    _on_selection("look_at_selection", "&Look at It", "Fill the views with what is selected", "Ctrl+Alt+0"),
    _on_selection("hide_selection", "&Hide It", "Do not draw what is selected"),
    _on_selection("hide_unselected", "Hide &Others of Its Models", "Draw only what is selected of its models"),
    _on_selection("show_residues_again", "&Show All Residues", "Draw all residues and chains again", when=when.something_open),
    _on_selection("colour_selection", "&Colour It …", "Give what is selected a colour of its own"),
    _on_selection("uncolour_residues", "Take Own Colo&urs Away", "Colour all residues as their models again", when=when.something_open),
    _on_selection("fit_selection", "&Fit It …", "Fit what is selected, as a model of its own", group=2),
    _on_selection(
        "zero_out_selection",
        "&Zero It Out …",
        "Write the chosen map without the density of what is selected, and open that",
        group=2,
        when=when.selected_in_map,
    ),
    _on_selection("export_selection", "&Export It …", "Write what is selected, where it is drawn, as mmCIF or PDB", group=2),
    Action(
        "sequence",
        MENU,
        "Se&quence",
        "Show the sequences of the chosen model under the views",
        "Ctrl+Shift+Q",
        "",
        3,
        False,
        when.model_chosen,
        True,
    ),
)
