"""Coot: model and map, the map for refinement, and self-restraints that hold the geometry as it came."""

from collections.abc import Mapping

from difffit_core.handover.handed import MAP, MODEL, Handed

_RADIUS_A = 4.2
"""Of the self-restraints: Coot's own usual choice."""


def files(handed: Handed) -> Mapping[str, str]:
    """A Python script."""
    lines = [
        "# start Coot in the folder of this file: coot --script coot.py",
        "import coot",
        "",
        f"model = coot.handle_read_draw_molecule({MODEL!r})",
        f"density = coot.handle_read_ccp4_map({MAP!r}, 0)",
        f"coot.set_contour_level_absolute(density, {handed.target.level:.6g})",
        "coot.set_imol_refinement_map(density)",
        "coot.set_refinement_geman_mcclure_alpha(0.01)",
        f"coot.generate_self_restraints(model, {_RADIUS_A})",
        f"coot.set_rotation_centre({', '.join(f'{x:.2f}' for x in handed.middle.tolist())})",
        "",
    ]
    return {"coot.py": "\n".join(lines)}
