"""Actions of the menu Map that lay maps onto maps, and onto themselves."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action, Conditions, When

_ALIGN, _SYMMETRY, _HALVES = "&Align", "S&ymmetry", "Hal&f Maps"


def _on_map(identifier: str, inside: str, text: str, tip: str, when: When, *, marked: bool = False) -> Action:
    return Action(identifier, "&Map", text, tip, group=1, when=when, checkable=marked, inside=inside)


def _aligned(now: Conditions) -> bool:
    return now.aligned


def _several(now: Conditions) -> bool:
    return len(now.session.maps) > 1


def _symmetric(now: Conditions) -> bool:
    return now.symmetric


ACTIONS: tuple[Action, ...] = (
    _on_map("map_align", _ALIGN, "&Align To", "Find where the selected map lies in another, and of which hand it is", _several),
    _on_map("keep_aligned", _ALIGN, "&Keep Aligned Map", "Make a working map of the aligned one, on the other's voxels", _aligned),
    _on_map(
        "align_difference", _ALIGN, "Show &Difference", "Draw where the maps differ: green only in the fixed one, red in the other",
        _aligned, marked=True,
    ),
    _on_map(
        "export_alignment", _ALIGN, "&Export Alignment …", "Write the aligned map, the difference and a report into a folder", _aligned
    ),
    _on_map(
        "copy_align", _ALIGN, "Copy Co&mmand Line", "Copy the command line that aligns the same", lambda now: now.can_align
    ),
    _on_map(
        "map_symmetry", _SYMMETRY, "&Find Symmetry", "Find the symmetry of the selected map from the map alone, and draw its axes",
        when.map_chosen,
    ),
    _on_map(
        "impose_symmetry", _SYMMETRY, "&Impose Symmetry", "Make a working map that is averaged over the symmetry that was found", _symmetric
    ),
    _on_map(
        "symmetry_axes", _SYMMETRY, "Symmetry &Axes", "Draw the axes of the symmetry that was found", _symmetric, marked=True
    ),
    _on_map(
        "copy_symmetry", _SYMMETRY, "Copy Co&mmand Line", "Copy the command line that finds this symmetry", lambda now: now.symmetry_known
    ),
    _on_map(
        "map_halves", _HALVES, "&Read Half Maps", "Tell resolution and noise of the selected map, or of two files, by half maps",
        lambda _: True,
    ),
    _on_map(
        "use_halves", _HALVES, "&Use Half Maps in Fits", "Have fits in the map go by signal and noise of its half maps",
        lambda now: now.can_use_halves,
    ),
    _on_map(
        "leave_halves", _HALVES, "&Leave Half Maps Out", "Have fits in the selected map go without its half maps",
        lambda now: now.uses_halves,
    ),
    _on_map(
        "export_halves", _HALVES, "&Export Half Map Results …", "Write noise, local resolution, mask and numbers into a folder",
        lambda now: now.halves_read,
    ),
    _on_map(
        "copy_halves", _HALVES, "Copy Co&mmand Line", "Copy the command line that reads these half maps", lambda now: now.can_read_halves
    ),
)  # fmt: skip
