"""What placed atoms leave of a map."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.ops.simulate import simulate_on_grid

_COVERED = 0.05


def left_of(density: DensityMap, points: Array, weights: Array, resolution: float) -> DensityMap:
    """The map less the simulated map of atoms at ``points`` (M, 3) in Å, scaled by least squares over what they cover, never below 0."""
    if len(points) == 0:
        return density
    simulated = simulate_on_grid(points, weights, resolution, density.voxel_size, density.origin, density.values.shape)
    if simulated.values.size == 0:
        return density
    part = density.values[simulated.box]
    scale = least_squares(simulated.values, part)
    values = density.values.copy()
    values[simulated.box] = np.minimum(part, np.maximum(part - np.float32(scale) * simulated.values, 0))
    return density.with_values(values)


def least_squares(simulated: NDArray[np.float32], observed: NDArray[np.float32]) -> float:
    """The factor that brings a simulated map closest to the observed one where it is more than a twentieth of its maximum; at least 0."""
    model = np.where(simulated > _COVERED * simulated.max(initial=0.0), simulated, np.float32(0))
    square = float(np.vdot(model, model))
    return max(float(np.vdot(model, observed)) / square, 0.0) if square > 0 else 0.0
