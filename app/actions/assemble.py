"""Actions of the menu Compose that are about assemblies of a folder of models."""

from difffit_app.actions import conditions as when
from difffit_app.actions.action import Action

_ASSEMBLE = "Assem&ble"

ACTIONS: tuple[Action, ...] = (
    Action(
        "show_assemble",
        "&Compose",
        "Assemble &Folder",
        "Find out which models of a folder belong in the map, how many of each, and where",
        "",
        "",
        4,
        False,
        when.something_open,
        inside=_ASSEMBLE,
    ),
    Action(
        "swap_assembled",
        "&Compose",
        "&Use Instead",
        "Put the chosen model where another one stands in the assembly",
        "",
        "",
        4,
        False,
        lambda now: now.can_swap,
        inside=_ASSEMBLE,
    ),
    Action(
        "accept_assembly",
        "&Compose",
        "Accept Assembl&y",
        "Make a composite of the places of the assembly that are ticked",
        "",
        "",
        4,
        False,
        lambda now: now.can_accept_assembly,
        inside=_ASSEMBLE,
    ),
    Action(
        "save_bent_assembly",
        "&Compose",
        "Save &Bent Assembly …",
        "Write the assembly as its models were bent together",
        "",
        "",
        4,
        False,
        lambda now: now.assembly_bent,
        inside=_ASSEMBLE,
    ),
    Action(
        "copy_assemble",
        "&Compose",
        "Copy Assemble Command &Line",
        "Copy the command line that assembles the same",
        "",
        "",
        4,
        False,
        lambda now: now.can_assemble,
        inside=_ASSEMBLE,
    ),
)
