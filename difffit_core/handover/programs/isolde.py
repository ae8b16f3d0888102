"""ISOLDE: hydrogens added, the map associated, and the geometry held by the reference, all but the start of the simulation."""

from collections.abc import Mapping

from difffit_core.escaping import chimerax
from difffit_core.handover.handed import REFERENCE, Handed
from difffit_core.handover.programs.chimerax import opening


def files(handed: Handed) -> Mapping[str, str]:
    """A command script of ChimeraX, with ISOLDE installed."""
    confident = " adjustForConfidence true" if handed.predicted else ""
    lines = opening(handed)
    if handed.reference is not None:
        lines += [f"open {chimerax.path(REFERENCE)} id #3", "hide #3 models"]
    lines += ["addh #1", "isolde start", "isolde select #1", "clipper associate #2 toModel #1"]
    for one in handed.chains:
        name = chimerax.chain(one.name)
        if name is None or not one.kind:
            continue
        template = "" if handed.reference is None else f" templateAtoms #3/{name}"
        lines.append(f"isolde restrain distances #1/{name}{template}{confident}")
        if one.kind == "protein":
            template = "" if handed.reference is None else f" templateResidues #3/{name}"
            lines.append(f"isolde restrain torsions #1/{name}{template}{confident}")
    return {"isolde.cxc": "\n".join([*lines, "# isolde sim start #1 begins the simulation", ""])}
