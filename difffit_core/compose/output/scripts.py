"""Scripts that open a composite in ChimeraX and in PyMOL: the same chains in the same colours, and the map at its level."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from difffit_core.colours import copy_colour
from difffit_core.compose.assembly import PlacedCopy
from difffit_core.compose.symmetry.find import Symmetry
from difffit_core.conventions import Array
from difffit_core.escaping import chimerax, pymol


@dataclass(frozen=True, eq=False)
class Shown:
    """What the scripts open.

    Attributes
    ----------
    model, residual : names of the composite and of the map that is left, beside the script
    map_file : the map
    level : its contour level
    copies : the placements, in order of colour
    symmetries : with the axes that are drawn
    """

    model: str
    residual: str
    map_file: Path
    level: float
    copies: Sequence[PlacedCopy]
    symmetries: Sequence[Symmetry]


def chimerax_script(shown: Shown) -> str:
    """A ChimeraX command script (.cxc): composite, map, what is left (hidden), and the axes."""
    map_file = chimerax.path(str(shown.map_file))
    surface = f"style surface level {shown.level:.6g} color"
    lines = [
        "# open with ChimeraX, the folder of this file is where it looks",
        f"open {chimerax.path(shown.model)} id #1",
        *([_NO_MAP] if map_file is None else [f"open {map_file} id #2"]),
        f"open {chimerax.path(shown.residual)} id #3",
        *([] if map_file is None else [f"volume #2 {surface} #b0b0b060 step 1"]),
        f"volume #3 {surface} #e1575990 step 1",
        "hide #3 models",
        "hide #1 atoms",
        "show #1 cartoons",
    ]
    for number, copy in enumerate(shown.copies):
        names = [chimerax.chain(name) for name in copy.chains.values()]
        lines += [f"color #1/{name} {copy_colour(number)}" for name in names if name is not None]
        lines += [_NO_CHAIN] if None in names else []
    for number, symmetry in enumerate(shown.symmetries):
        start, end = symmetry.centre - 100 * symmetry.axis, symmetry.centre + 100 * symmetry.axis
        ends = f"{_triple(start)} toPoint {_triple(end)}"
        lines.append(f"shape cylinder radius 1 fromPoint {ends} color #303030 name axis_{number + 1} modelId #{10 + number}")
    return "\n".join([*lines, "view", ""])


def pymol_script(shown: Shown) -> str:
    """A PyMOL script (.pml): composite, map as an isosurface, what is left (hidden), and the axes."""
    map_file = pymol.path(str(shown.map_file))
    surface = [f"isosurface surface, density, {shown.level:.6g}", "color grey70, surface"]
    lines = [
        "# open with PyMOL, the folder of this file is where it looks",
        "set normalize_ccp4_maps, 0",
        pymol.call("load", shown.model, "composite"),
        *([_NO_MAP] if map_file is None else [pymol.call("load", map_file, "density"), *surface]),
        pymol.call("load", shown.residual, "residual"),
        f"isosurface left, residual, {shown.level:.6g}",
        "set transparency, 0.6",
        "color salmon, left",
        "disable left",
        "hide everything, composite",
        "show cartoon, composite",
    ]
    for number, copy in enumerate(shown.copies):
        names = [pymol.chain(name) for name in copy.chains.values()]
        chains = "+".join(name for name in names if name is not None)
        lines += [f"color 0x{copy_colour(number)[1:]}, composite and chain {chains}"] if chains else []
        lines += [_NO_CHAIN] if None in names else []
    for number, symmetry in enumerate(shown.symmetries):
        start, end = symmetry.centre - 100 * symmetry.axis, symmetry.centre + 100 * symmetry.axis
        lines += [
            f"pseudoatom axis_{number + 1}, pos={json.dumps(start.round(3).tolist())}, name=A",
            f"pseudoatom axis_{number + 1}, pos={json.dumps(end.round(3).tolist())}, name=B",
            f"distance main_axis_{number + 1}, axis_{number + 1} and name A, axis_{number + 1} and name B",
            f"hide labels, main_axis_{number + 1}",
        ]
    return "\n".join([*lines, "zoom composite", ""])


_NO_MAP = "# the name of the map file holds characters that a script must not: open the map by hand"
_NO_CHAIN = "# a chain here keeps its colour: its name holds characters that a script must not"


def _triple(point: Array) -> str:
    return ",".join(f"{x:.3f}" for x in point)
