"""Actions of the menu Refine."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    Action(
        "show_refine", "&Refine", "&Bend a Model", "Bend a model into a map: open the panel for it", "Ctrl+Shift+K", "", 0, False,
        when.something_open,
    ),
    Action(
        "bend_composite", "&Refine", "Bend the &Composite …",
        "Write the composite to a file, open that, and set it up to be bent: its copies together, without getting into one another", "", "",
        0, False, when.composite,
    ),
    Action(
        "show_bent", "&Refine", "&What Was Bent", "Show what came of a refinement, residue by residue", "", "", 0, False,
        when.something_open,
    ),
    Action(
        "save_refined", "&Refine", "&Save Refined Model …", "Write the bent model, with all that its file holds", "", "", 1, False,
        when.refinement,
    ),
    Action(
        "copy_refine", "&Refine", "Copy Co&mmand Line", "Copy the command line that repeats the refinement", "", "", 1, False,
        when.refinement,
    ),
    Action("remove_refinement", "&Refine", "Remo&ve Refinement", "Remove the bent model that is shown", "", "", 1, False, when.refinement),
)  # fmt: skip
