"""Local correlation: how well the map round each residue has the shape that the model would give it."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled
from difffit_core.fit.request import CancelFlag
from difffit_core.ops.compiled import compiled
from difffit_core.ops.simulate import simulate_on_grid
from difffit_core.pose import Pose
from difffit_core.quality.residues import Residues

RADIUS_PER_RESOLUTION = 0.7
LEAST_RADIUS = 2.0
_AT_A_TIME = 500


def sphere_radius(resolution: float) -> float:
    """Radius in Å of the spheres round a residue's atoms: two Å, and more where the resolution would blur that to nothing."""
    return max(LEAST_RADIUS, RADIUS_PER_RESOLUTION * resolution)


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
        result[part] = _correlations(
            density_map.values, simulated.values, corner, index, residues.starts[part.start : part.stop + 1],
            density_map.voxel_size, sphere_radius(resolution),
        )  # fmt: skip
    return result


@compiled(nogil=True, error_model="numpy")
def _correlations(
    density: NDArray[np.float32],
    simulated: NDArray[np.float32],
    corner: NDArray[np.int64],
    index: Array,
    starts: NDArray[np.int64],
    voxel_size: Array,
    radius: float,
) -> Array:
    """For each residue; ``simulated`` begins at voxel ``corner`` (z, y, x), ``index`` (M, 3) are fractional voxels (x, y, z)."""
    nz, ny, nx = density.shape
    mz, my, mx = simulated.shape
    reach_x, reach_y, reach_z = radius / voxel_size[0], radius / voxel_size[1], radius / voxel_size[2]
    result = np.zeros(len(starts) - 1)
    for residue in range(len(starts) - 1):
        atoms = index[starts[residue] : starts[residue + 1]]
        inside = outside = 0
        sd = ss = sdd = sss = sds = 0.0
        for z in range(int(np.ceil(atoms[:, 2].min() - reach_z)), int(np.floor(atoms[:, 2].max() + reach_z)) + 1):
            for y in range(int(np.ceil(atoms[:, 1].min() - reach_y)), int(np.floor(atoms[:, 1].max() + reach_y)) + 1):
                for x in range(int(np.ceil(atoms[:, 0].min() - reach_x)), int(np.floor(atoms[:, 0].max() + reach_x)) + 1):
                    near = False
                    for atom in range(len(atoms)):
                        dx = (x - atoms[atom, 0]) * voxel_size[0]
                        dy = (y - atoms[atom, 1]) * voxel_size[1]
                        dz = (z - atoms[atom, 2]) * voxel_size[2]
                        if dx * dx + dy * dy + dz * dz <= radius * radius:
                            near = True
                            break
                    if not near:
                        continue
                    if x < 0 or y < 0 or z < 0 or x >= nx or y >= ny or z >= nz:
                        outside += 1
                        continue
                    inside += 1
                    d = float(density[z, y, x])
                    s = 0.0
                    w, v, u = z - corner[0], y - corner[1], x - corner[2]
                    if 0 <= w < mz and 0 <= v < my and 0 <= u < mx:
                        s = float(simulated[w, v, u])
                    sd += d
                    ss += s
                    sdd += d * d
                    sss += s * s
                    sds += d * s
        if inside >= outside and inside > 1:
            variances = (sdd - sd * sd / inside) * (sss - ss * ss / inside)
            if variances > 1e-18 * sdd * sss:
                result[residue] = (sds - sd * ss / inside) / np.sqrt(variances)
    return result
