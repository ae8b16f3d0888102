"""The search fields: scalar volumes whose mean over a model's atoms is what a search climbs.

The paper's loss is linear in its smoothed volumes and so is trilinear sampling, so that their weighted sum is one volume, made once (paper,
section 4.2; design, method section 3). The mixed fields add to it the negative Laplacian of the map, which puts a small chain into its own
density where the paper's field alone prefers the inside of a larger neighbour (design, method section 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate1d, gaussian_filter, label

from difffit_core.contour import remove_islands
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.settings import FieldName, FitSettings

Values = NDArray[np.float32]

SHRINK_BELOW = 5.0
"""Resolution in Å below which the paper puts the negative value inside the smoothing."""
LARGE = 4_000_000
"""Voxels of a map beyond which noise far from the density is looked for and left out."""
MARGIN = 12
"""Voxels of the map that are kept round the density."""
_SHORTEST_SIGMA = 0.7


@dataclass(frozen=True, eq=False)
class Density:
    """The part of a map that holds density, cut out with a margin and scaled to a maximum of 1.

    Attributes
    ----------
    values : float32 [z, y, x], the map over its maximum
    inside : bool [z, y, x], above the contour level and not in a small island
    voxel_size, origin : (x, y, z) in Å, of the cut-out box
    unit : the map's maximum, by which `values` were divided
    level : contour level in the map's own units
    finer, finest : share of the variance that was taken out as finer than so many Å (`detail.as_resolved`)
    """

    values: Values
    inside: NDArray[np.bool_]
    voxel_size: Array
    origin: Array
    unit: float
    level: float
    finer: float = 0.0
    finest: float = 0.0


def cut_density(density_map: DensityMap, level: float, smallest_island: float = 0.0, speck: float = 0.0) -> Density:
    """The map's density above ``level``, without islands smaller than ``smallest_island`` (Å³).

    In a map of more than `LARGE` voxels, islands smaller than ``speck`` (Å³) outside the others' box are left out: noise far out would keep
    all of the map in the search.

    Raises
    ------
    UserError
        If nothing is left.
    """
    values = density_map.values
    if smallest_island > 0:
        values = remove_islands(values, level, int(np.ceil(smallest_island / density_map.voxel_volume)), fill=float(values.min()))
    above = values > level
    if not above.any():
        name = density_map.path or density_map.name
        raise UserError(f"{name}: no density is left above level {level:g} once islands below {smallest_island:g} Å³ are removed")
    solid = above if above.size <= LARGE else _without_specks(above, speck / density_map.voxel_volume)
    step = 1 if solid is above else 2
    cut = []
    for axis in range(3):
        occupied = np.flatnonzero(solid.any(axis=tuple(a for a in range(3) if a != axis)))
        cut.append(slice(max(step * occupied[0] - MARGIN, 0), step * (occupied[-1] + 1) + MARGIN))
    box = tuple(cut)
    unit = float(values.max())
    origin = density_map.positions(np.array([[part.start for part in cut]]))[0]
    return Density(density_map.values[box] / np.float32(abs(unit) or 1), above[box], density_map.voxel_size, origin, abs(unit) or 1, level)


def _without_specks(above: NDArray[np.bool_], smallest: float) -> NDArray[np.bool_]:
    """Blocks of 2³ voxels with something above the level, but for groups of them with fewer than ``smallest`` voxels above it."""
    z, y, x = (n + n % 2 for n in above.shape)
    even = above if above.shape == (z, y, x) else np.pad(above, [(0, n % 2) for n in above.shape])
    counts = even.reshape(z // 2, 2, y // 2, 2, x // 2, 2).sum(axis=(1, 3, 5), dtype=np.uint8)
    groups, _ = label(counts > 0)
    sizes = np.bincount(groups.ravel(), weights=counts.ravel())
    keep = sizes >= smallest
    keep[0] = False
    solid: NDArray[np.bool_] = keep[groups] if keep.any() else counts > 0
    return solid


def paper_field(density: Density, settings: FitSettings, resolution: float) -> Values:
    """Sum of the clamped map and its ever smoother copies, each negative outside its footprint (paper, section 4.2).

    Order "expand" smooths the positive density alone and puts the negative value wherever a copy is still zero, so that the footprint grows
    with the smoothing; "shrink" puts it there first and smooths it in. Smoothing kernels reach two standard deviations (5³ voxels at
    the default of 1).
    """
    order = settings.negative_order
    if order == "auto":
        order = "shrink" if resolution < SHRINK_BELOW else "expand"
    weights = _weights(settings)
    negative = np.float32(settings.negative_value)
    smooth = np.where(density.inside, np.maximum(density.values, 0), np.float32(0) if order == "expand" else negative)
    total: Values = weights[0] * np.where(density.inside, smooth, negative)
    for weight in weights[1:]:
        smooth = gaussian_filter(smooth, settings.smoothing_sigma, truncate=2.0, mode="nearest")
        total += weight * (np.where(smooth > 0, smooth, negative) if order == "expand" else smooth)
    return total


def _weights(settings: FitSettings) -> Values:
    count = settings.smoothings + 1
    weights = settings.smoothing_weights or (1.0,) * count
    if len(weights) != count:
        raise UserError(
            f"smoothing_weights must hold {count} weights, for the map and its {settings.smoothings} smoothed copies, got {len(weights)}"
        )
    return np.array(weights, np.float32)


def negative_laplacian(values: Values, voxel_size: Array, sigma: float) -> Values:
    """-∇² of ``values`` smoothed by a Gaussian of ``sigma`` Å (at least 0.7 voxel), per Å²; high on ridges and blobs, low in troughs."""
    step = voxel_size[::-1]
    smooth = gaussian_filter(values, np.maximum(sigma / step, _SHORTEST_SIGMA), mode="nearest")
    total = np.zeros_like(smooth)
    for axis in range(3):
        total += correlate1d(smooth, np.array([-1.0, 2.0, -1.0]) / step[axis] ** 2, axis=axis, mode="nearest")
    return total


def _unit(values: Values) -> Values:
    return values / max(float(values.std()), 1e-12)


def search_fields(density: Density, settings: FitSettings, resolution: float, begin: int = 0) -> Iterator[tuple[FieldName, Values]]:
    """The fields that the settings name, each [z, y, x] on the grid of ``density``; a mixed field is the sum of two of unit spread.

    They come one at a time, the ``begin``-th first, so that a large map does not have to hold them all.
    """
    if begin == len(settings.fields):
        return
    paper = paper_field(density, settings, resolution)
    sigmas = {"mixed": settings.laplacian_sigma, "fine": settings.fine_laplacian_sigma}
    for name in settings.fields[begin:]:
        if name == "paper":
            yield name, paper
        else:
            yield name, _unit(paper) + _unit(negative_laplacian(density.values, density.voxel_size, sigmas[name]))


def surrounded(values: Values, voxel_size: Array, origin: Array, outside: float) -> tuple[Values, Array, Array]:
    """``values`` in two voxels of ``outside``, so that sampling beyond the box finds that value; with the voxel size and the new origin."""
    return np.pad(values, 2, constant_values=outside), voxel_size, origin - 2 * voxel_size
