"""A map put right as a fit advised, by the steps of a working map."""

from difffit_core.correction import Correction
from difffit_core.density_map import DensityMap
from difffit_core.map_edit.steps import AnyStep, LowPass, Mirror, VoxelSize


def steps_of(correction: Correction) -> tuple[AnyStep, ...]:
    """What a correction does to a map, in order."""
    low_pass = (LowPass(finest=correction.low_pass),) if correction.low_pass else ()
    mirror = (Mirror(),) if correction.mirror else ()
    return (*low_pass, *mirror, *((VoxelSize(scale=correction.voxel_scale),) if correction.voxel_scale != 1 else ()))


def corrected(density_map: DensityMap, correction: Correction) -> DensityMap:
    """A copy of the map, put right.

    Raises
    ------
    UserError
        If the map's voxels cannot hold what the low-pass is to leave.
    """
    for step in steps_of(correction):
        density_map = step.apply(density_map, {}, lambda _: None)
    return density_map
