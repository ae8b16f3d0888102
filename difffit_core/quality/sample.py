"""The map at points in Å, as it stands."""

import numpy as np
from scipy.ndimage import map_coordinates

from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap


def sample(density_map: DensityMap, points: Array, outside: float = 0.0) -> Array:
    """Values (...) of the map at ``points`` (..., 3) in Å, by trilinear interpolation; ``outside`` beyond the outermost voxels."""
    x, y, z = np.moveaxis(position_to_index(points, density_map.voxel_size, density_map.origin), -1, 0)
    return np.asarray(map_coordinates(density_map.values, np.array([z, y, x]), np.float64, order=1, cval=outside), np.float64)
