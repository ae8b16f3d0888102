"""PyMOL: model, map as an isosurface, and the model before it was bent."""

from collections.abc import Mapping

from difffit_core.escaping import pymol
from difffit_core.handover.handed import MAP, MODEL, REFERENCE, Handed

_NO_CHAIN = "# a chain here keeps its colour: its name holds characters that a script must not"


def files(handed: Handed) -> Mapping[str, str]:
    """A script."""
    lines = [
        "# open with PyMOL, the folder of this file is where it looks",
        "set normalize_ccp4_maps, 0",
        pymol.call("load", MODEL, "fitted"),
        pymol.call("load", MAP, "density"),
        f"isosurface surface, density, {handed.target.level:.6g}",
        "color grey70, surface",
        "set transparency, 0.6, surface",
        "hide everything, fitted",
        "show cartoon, fitted",
    ]
    if handed.reference is not None:
        lines += [pymol.call("load", REFERENCE, "before"), "hide everything, before", "show ribbon, before", "disable before"]
    for number, one in enumerate(handed.chains):
        name = pymol.chain(one.name)
        lines.append(_NO_CHAIN if name is None else f"color 0x{handed.colour(number)[1:]}, fitted and chain {name}")
    return {"pymol.pml": "\n".join([*lines, "zoom fitted", ""])}
