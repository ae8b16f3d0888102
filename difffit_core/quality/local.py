"""Local correlation: how well the map round each residue has the shape that the model would give it."""

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled
from difffit_core.fit.request import CancelFlag
from difffit_core.ops.residue_correlation import residue_correlations, sphere_radius
from difffit_core.ops.simulate import simulate_on_grid
from difffit_core.periodic import around
from difffit_core.pose import Pose
from difffit_core.residues import Residues

_AT_A_TIME = 500


def local_correlation(
    density_map: DensityMap,
    model: AtomicModel,
    pose: Pose,
    resolution: float,
    residues: Residues | None = None,
    cancel: CancelFlag | None = None,
) -> Array:
    """Correlation about the mean (n,) of map and simulated map over the voxels near each residue; higher is better, at most 1.

    Near are the voxels within `sphere_radius` of an atom of the residue; the simulated map holds the whole model, so that neighbours
    count on both sides. 0 where either is constant there, and where more than half of those voxels lie outside the map.

    Parameters
    ----------
    density_map, model, pose : the map, and what is placed in it
    resolution : of the map, in Å
    residues : of the model, if they are at hand
    cancel : looked at a few times a second

    Raises
    ------
    FitCancelled
        If ``cancel`` was set.
    """
    residues = residues or Residues.of(model)
    points = pose.apply(model.fit_coordinates)
    density_map = around(density_map, points, 3 * resolution)
    simulated = simulate_on_grid(
        points, model.fit_atomic_numbers.astype(np.float64), resolution,
        density_map.voxel_size, density_map.origin, density_map.values.shape,
    )  # fmt: skip
    corner = np.array([part.start for part in simulated.box], np.int64)
    index = position_to_index(points, density_map.voxel_size, density_map.origin)
    result = np.zeros(len(residues))
    for first in range(0, len(residues), _AT_A_TIME):
        if cancel is not None and cancel.is_set():
            raise FitCancelled("stopped before all residues were judged")
        part = slice(first, min(first + _AT_A_TIME, len(residues)))
        result[part] = residue_correlations(
            density_map.values, simulated.values, corner, index, residues.starts[part.start : part.stop + 1],
            density_map.voxel_size, sphere_radius(resolution),
        )  # fmt: skip
    return result
