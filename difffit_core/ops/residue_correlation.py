"""Correlation of two maps near each residue of a placed model."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.ops.compiled import compiled

RADIUS_PER_RESOLUTION = 0.7
LEAST_RADIUS = 2.0


def sphere_radius(resolution: float) -> float:
    """Radius in Å of the spheres round a residue's atoms: two Å, and more where the resolution would blur that to nothing."""
    return max(LEAST_RADIUS, RADIUS_PER_RESOLUTION * resolution)


@compiled(nogil=True, error_model="numpy")
def residue_correlations(
    density: NDArray[np.float32],
    simulated: NDArray[np.float32],
    corner: NDArray[np.int64],
    index: Array,
    starts: NDArray[np.int64],
    voxel_size: Array,
    radius: float,
) -> Array:
    """Correlation about the mean (n,) of two maps over the voxels within ``radius`` (Å) of an atom of each residue; at most 1.

    0 where either is constant there, and where more than half of those voxels lie outside the map.

    Parameters
    ----------
    density, simulated : float32 [z, y, x]; voxel 0 of the second is voxel ``corner`` (z, y, x) of the first, and it is 0 beyond its ends
    index : (M, 3), the atoms' fractional voxels (x, y, z), residue after residue
    starts : (n + 1,), where each residue's atoms begin
    voxel_size : (x, y, z) in Å
    """
    nz, ny, nx = density.shape
    mz, my, mx = simulated.shape
    reach_x, reach_y, reach_z = radius / voxel_size[0], radius / voxel_size[1], radius / voxel_size[2]
    result = np.zeros(len(starts) - 1)
    for residue in range(len(starts) - 1):
        first, end = starts[residue], starts[residue + 1]
        low_x = low_y = low_z = np.inf
        high_x = high_y = high_z = -np.inf
        for atom in range(first, end):
            low_x, high_x = min(low_x, index[atom, 0]), max(high_x, index[atom, 0])
            low_y, high_y = min(low_y, index[atom, 1]), max(high_y, index[atom, 1])
            low_z, high_z = min(low_z, index[atom, 2]), max(high_z, index[atom, 2])
        inside = outside = 0
        sd = ss = sdd = sss = sds = 0.0
        for z in range(int(np.ceil(low_z - reach_z)), int(np.floor(high_z + reach_z)) + 1):
            for y in range(int(np.ceil(low_y - reach_y)), int(np.floor(high_y + reach_y)) + 1):
                for x in range(int(np.ceil(low_x - reach_x)), int(np.floor(high_x + reach_x)) + 1):
                    near = False
                    for atom in range(first, end):
                        dx = (x - index[atom, 0]) * voxel_size[0]
                        dy = (y - index[atom, 1]) * voxel_size[1]
                        dz = (z - index[atom, 2]) * voxel_size[2]
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
