"""Where in a map the molecule is: the box that is looked at first."""

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.overview import step_for
from difffit_core.density_map import DensityMap

_MOST_VOXELS = 1_000_000
_SPAN = 8.0
"""Å within which parts of a molecule have others beside them, whether or not the level joins them."""
_CROWDED = 0.25
"""Of the most that lies above the level anywhere: in noise it is less."""
_LARGE, _DUST = 0.1, 0.002
"""Of the largest crowded region: what holds less is not looked at; of all that is: smaller pieces are not, either."""


def extent(density: DensityMap, level: float) -> tuple[float, ...] | None:
    """The box (xmin, xmax, ymin, ymax, zmin, zmax) in Å round what lies above a level and is no noise; None where nothing does.

    What counts is where much of the volume lies above the level: there a molecule in many pieces, as at high resolution, is one, and
    noise is sparse. Pieces that lie there for the most part count as a whole.
    """
    from scipy import ndimage  # which the window does not need to come up

    step = step_for(density.values.size, _MOST_VOXELS)
    above = density.values[::step, ::step, ::step] >= level
    if not above.any():
        return None
    width = [max(1, round(_SPAN / size)) | 1 for size in (density.voxel_size * step)[::-1]]
    shares = ndimage.uniform_filter(above.astype(np.float32), width, mode="constant")
    regions, _ = ndimage.label(shares >= _CROWDED * shares.max())
    crowded = above & _largest(regions, above)
    pieces, _ = ndimage.label(above)
    held, sizes = np.bincount(pieces.ravel(), crowded.ravel()), np.bincount(pieces.ravel())
    held[0] = sizes[0] = 0
    among = held > sizes / 2
    if not among.any():
        among = sizes > 0
    kept = among & (sizes >= min(_DUST * sizes[among].sum(), sizes[among].max()))
    indices = np.argwhere(kept[pieces]) * step
    places = density.positions(indices)
    low, high = places.min(axis=0), places.max(axis=0)
    margin = 0.02 * (high - low) + density.voxel_size * step
    return tuple(np.stack([low - margin, high + margin], axis=1).ravel().tolist())


def _largest(regions: NDArray[np.integer], above: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The region that holds most of what is above, and those that hold a good share of that."""
    held = np.bincount(regions.ravel(), above.ravel())
    held[0] = 0
    chosen: NDArray[np.bool_] = held >= max(_LARGE * held.max(), 1)
    return chosen[regions]
