"""Actions of the menu Map that lay maps onto maps."""

from difffit_app.actions.action import Action, Conditions


def _aligned(now: Conditions) -> bool:
    return now.aligned


ACTIONS: tuple[Action, ...] = (
    Action(
        "map_align", "&Map", "&Align To …", "Find where the selected map lies in another, and of which hand it is", "", "", 7, False,
        lambda now: len(now.session.maps) > 1,
    ),
    Action(
        "keep_aligned", "&Map", "&Keep Aligned Map", "Make a working map of the aligned one, on the other's voxels", "", "", 7, False,
        _aligned,
    ),
    Action(
        "align_difference", "&Map", "Show &Difference", "Draw where the maps differ: green only in the fixed one, red in the other",
        "", "", 7, False, _aligned, True,
    ),
    Action(
        "export_alignment", "&Map", "E&xport Alignment …", "Write the aligned map, the difference and a report into a folder", "", "", 7,
        False, _aligned,
    ),
    Action(
        "copy_align", "&Map", "Copy Align Command Li&ne", "Copy the command line that aligns the same", "", "", 7, False,
        lambda now: now.can_align,
    ),
)  # fmt: skip
