"""Actions of the menu Map that lay maps onto maps, and onto themselves."""

from difffit_app.actions import conditions as when
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
    Action(
        "map_symmetry", "&Map", "S&ymmetry …", "Find the symmetry of the selected map from the map alone, and draw its axes", "", "", 8,
        False, when.map_chosen,
    ),
    Action(
        "impose_symmetry", "&Map", "&Impose Symmetry", "Make a working map that is averaged over the symmetry that was found", "",
        "", 8, False, lambda now: now.symmetric,
    ),
    Action(
        "symmetry_axes", "&Map", "Symmetry Axes", "Draw the axes of the symmetry that was found", "", "", 8, False,
        lambda now: now.symmetric, True,
    ),
    Action(
        "copy_symmetry", "&Map", "Copy Symmetry Command Line", "Copy the command line that finds this symmetry", "", "", 8, False,
        lambda now: now.symmetry_known,
    ),
    Action(
        "map_halves", "&Map", "Hal&f Maps …", "Tell resolution and noise of the selected map, or of two files, by half maps", "", "", 9,
    ),
    Action(
        "use_halves", "&Map", "&Use Half Maps in Fits", "Have fits in the map go by signal and noise of its half maps", "", "", 9, False,
        lambda now: now.can_use_halves,
    ),
    Action(
        "leave_halves", "&Map", "Leave Half Maps Out", "Have fits in the selected map go without its half maps", "", "", 9, False,
        lambda now: now.uses_halves,
    ),
    Action(
        "export_halves", "&Map", "Export Half Map Results …", "Write noise, local resolution, mask and numbers into a folder", "", "", 9,
        False, lambda now: now.halves_read,
    ),
    Action(
        "copy_halves", "&Map", "Copy Half Maps Command Line", "Copy the command line that reads these half maps", "", "", 9, False,
        lambda now: now.can_read_halves,
    ),
)  # fmt: skip
