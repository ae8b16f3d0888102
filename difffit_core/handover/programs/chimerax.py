"""ChimeraX: model and map as they are seen here."""

from collections.abc import Mapping

from difffit_core.escaping import chimerax
from difffit_core.handover.handed import MAP, MODEL, Handed

_NO_CHAIN = "# a chain here keeps its colour: its name holds characters that a script must not"


def files(handed: Handed) -> Mapping[str, str]:
    """A command script."""
    lines = [*opening(handed), "hide #1 atoms", "show #1 cartoons", "view #1"]
    return {"chimerax.cxc": "\n".join([*lines, ""])}


def opening(handed: Handed) -> list[str]:
    """Lines that open model and map as #1 and #2, the map at its level and each chain in its colour."""
    lines = [
        "# open with ChimeraX, the folder of this file is where it looks",
        f"open {chimerax.path(MODEL)} id #1",
        f"open {chimerax.path(MAP)} id #2",
        f"volume #2 style surface level {handed.target.level:.6g} color #b0b0b060 step 1",
    ]
    for number, one in enumerate(handed.chains):
        name = chimerax.chain(one.name)
        lines.append(_NO_CHAIN if name is None else f"color #1/{name} {handed.colour(number)}")
    return lines
