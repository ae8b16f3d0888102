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
    values, low = _local(points / spacing, weights, resolution, np.full(3, spacing))
    return SimulatedDensity(values, spacing, low.astype(np.float64) * spacing)


@dataclass(frozen=True, eq=False)
class LocalDensity:
    """What a model puts into the ``box`` [z, y, x] of a larger grid; nothing anywhere else."""

    box: tuple[slice, slice, slice]
    values: NDArray[np.float32]

    def add_to(self, total: NDArray[np.float32], scale: float = 1.0) -> None:
        """Add this, times ``scale``, to values [z, y, x] of the whole grid."""
        total[self.box] += np.float32(scale) * self.values


def simulate_on_grid(
    points: Array, weights: Array, resolution: float, voxel_size: Array, origin: Array, shape: tuple[int, ...]
) -> LocalDensity:
    """The same on a given grid of ``voxel_size`` (x, y, z) from ``origin`` in Å, of ``shape`` (nz, ny, nx); what lies outside is lost."""
    values, low = _local((points - origin) / voxel_size, weights, resolution, voxel_size)
    start = reverse_axes(low)
    first, last = np.maximum(start, 0), np.maximum(np.minimum(start + values.shape, shape), 0)
    inner = [slice(int(a), int(b)) for a, b in zip(first, np.maximum(first, last), strict=True)]
    cut = tuple(slice(part.start - int(s), part.stop - int(s)) for part, s in zip(inner, start, strict=True))
    return LocalDensity((inner[0], inner[1], inner[2]), np.ascontiguousarray(values[cut]))


def _local(index: Array, weights: Array, resolution: float, voxel_size: Array) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Density [z, y, x] of atoms at fractional indices (N, 3), (x, y, z), in a box that holds it, and that box's first index."""
    width = SIGMA_PER_RESOLUTION * resolution / voxel_size
    margin = np.ceil(4 * width).astype(np.int64) + 1
    low = np.floor(index.min(axis=0)).astype(np.int64) - margin
    shape = np.ceil(index.max(axis=0)).astype(np.int64) + margin + 1 - low
    grid = spread(index - low, weights, tuple(int(n) for n in reverse_axes(shape)))
    sigma = np.sqrt(np.maximum(width[::-1] ** 2 - 1 / 6, 0.05))
    return gaussian_filter(grid, tuple(sigma.tolist()), mode="constant"), low


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
