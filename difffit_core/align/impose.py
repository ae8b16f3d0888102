"""A symmetry that was found, imposed on its map."""

from dataclasses import replace

from difffit_core.align.symmetry import MapSymmetry
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.map_edit.steps import Symmetrise


def imposing(density_map: DensityMap, symmetry: MapSymmetry) -> Symmetrise:
    """The step of a working map that imposes it.

    Raises
    ------
    UserError
        If the symmetry is C1.
    """
    helix = symmetry.helix
    if helix is None and symmetry.group.size < 2:
        raise UserError(f"{density_map.path or density_map.name}: a symmetry to impose must be more than C1, got {symmetry.name}")
    if helix is None:
        return Symmetrise.checked({"group": symmetry.name, "frame": symmetry.group.frame})
    starts = f"C{helix.starts}"
    return Symmetrise.checked({"group": starts, "frame": helix.frame, "rise": helix.rise, "twist": helix.twist})


def imposed(density_map: DensityMap, symmetry: MapSymmetry) -> DensityMap:
    """The map averaged over its symmetry, on its own grid: over all moves of a point group, of a helix over those that stay in the box.

    Raises
    ------
    UserError
        If the symmetry is C1.
    """
    made = imposing(density_map, symmetry).apply(density_map, {}, lambda _: None)
    return replace(made, name=f"{density_map.name}, {symmetry.name}")
