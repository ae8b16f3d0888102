"""What placed atoms leave of a map."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, reverse_axes
from difffit_core.density_map import DensityMap
from difffit_core.ops.simulate import SIGMA_PER_RESOLUTION
from difffit_core.refine.bending.blur import drawn

_COVERED = 0.05


def left_of(density: DensityMap, points: Array, weights: Array, resolution: float) -> DensityMap:
    """The map less the simulated map of atoms at ``points`` (M, 3) in Å, scaled by least squares over what they cover, never below 0."""
    if len(points) == 0:
        return density
    width: Array = SIGMA_PER_RESOLUTION * resolution / density.voxel_size
    index = (points - density.origin) / density.voxel_size
    margin = np.ceil(4 * width) + 2
    low = np.clip(np.floor(index.min(axis=0)) - margin, 0, density.shape_xyz).astype(np.int64)
    high = np.clip(np.ceil(index.max(axis=0)) + margin, 0, density.shape_xyz).astype(np.int64)
    box = tuple(slice(int(a), int(b)) for a, b in zip(reverse_axes(low), reverse_axes(high), strict=True))
    part = density.values[box]
    if part.size == 0:
        return density
    own = drawn(index - low, weights, width[::-1], part.shape)
    scale = np.float32(least_squares(own, part))
    values = density.values.copy()
    values[box] = np.minimum(part, np.maximum(part - scale * own, 0))
    return density.with_values(values)


def least_squares(simulated: NDArray[np.float32], observed: NDArray[np.float32]) -> float:
    """The factor that brings a simulated map closest to the observed one where it is more than a twentieth of its maximum; at least 0."""
    model = np.where(simulated > _COVERED * simulated.max(initial=0.0), simulated, np.float32(0))
    square = float(np.vdot(model, model))
    return max(float(np.vdot(model, observed)) / square, 0.0) if square > 0 else 0.0
