"""The density that a model would have at a given resolution."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from difffit_core.conventions import Array, reverse_axes

SIGMA_PER_RESOLUTION = 0.225
"""Standard deviation of an atom's Gaussian as a share of the resolution: its Fourier transform falls to 1/e at 1/resolution."""


@dataclass(frozen=True, eq=False)
class SimulatedDensity:
    """Values [z, y, x] on a grid of isotropic ``spacing`` in Å, voxel [0, 0, 0] at ``origin`` (x, y, z)."""

    values: NDArray[np.float32]
    spacing: float
    origin: Array


def simulate(points: Array, weights: Array, resolution: float, spacing: float) -> SimulatedDensity:
    """Sum of Gaussians of σ = 0.225 resolution at ``points`` (N, 3) in Å, weighted by ``weights`` (N,), in a box that holds them.

    The weights (atomic numbers, for a cryo-EM map) are spread over the eight voxels round each atom and then smoothed; the variance which
    that spreading adds is taken off the Gaussian, so that the widths come out right.
    """
    sigma = SIGMA_PER_RESOLUTION * resolution
    margin = int(np.ceil(4 * sigma / spacing)) + 1
    low = np.floor(points.min(axis=0) / spacing).astype(int) - margin
    shape = np.ceil(points.max(axis=0) / spacing).astype(int) + margin + 1 - low
    grid = spread(points / spacing - low, weights, tuple(int(n) for n in reverse_axes(shape)))
    width = np.sqrt(max((sigma / spacing) ** 2 - 1 / 6, 0.05))
    return SimulatedDensity(gaussian_filter(grid, width, mode="constant"), spacing, low * spacing)


def spread(index: Array, weights: Array, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Trilinear splat of ``weights`` (N,) at fractional indices (N, 3), (x, y, z), into a grid of ``shape`` (nz, ny, nx).

    What falls outside is lost.
    """
    base = np.floor(index).astype(np.int64)
    part = index - base
    total = np.zeros(int(np.prod(shape)))
    extent = np.array(shape[::-1])
    for corner in np.ndindex(2, 2, 2):
        at = base + corner
        inside = ((at >= 0) & (at < extent)).all(axis=1)
        share = weights * np.prod(np.where(corner, part, 1 - part), axis=1)
        flat = (at[:, 2] * shape[1] + at[:, 1]) * shape[2] + at[:, 0]
        total += np.bincount(flat[inside], share[inside], minlength=len(total))
    return total.reshape(shape).astype(np.float32)
