"""A fit in a map of a whole crystallographic cell: the map is continued beyond its faces, and every placement is brought back into it."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array, index_to_position, reverse_axes
from difffit_core.density_map import DensityMap
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.sphere import Sphere
from difffit_core.lattice import Lattice
from difffit_core.periodic import reaching
from difffit_core.pose import Pose

_ONE_PLACE = 12.0
"""Å within which two poses on both sides of a face are put on one of them."""
_ANCHORS = 500
"""Of the best candidates, beside which images of others are looked for."""
_MARGIN = 5.0


def continued(density_map: DensityMap, model: AtomicModel, start: Pose | None, region: Sphere | None) -> DensityMap:
    """The map, continued if it is periodic so far that a model with its middle anywhere in the home cell lies in it whole.

    Round a ``start`` or a ``region`` it is continued likewise, wherever that lies.

    Raises
    ------
    UserError
        If that would take too many voxels.
    """
    lattice = density_map.lattice
    if lattice is None:
        return density_map
    centre = model.fit_coordinates.mean(axis=0)
    reach = float(np.linalg.norm(model.fit_coordinates - centre, axis=1).max()) + _MARGIN
    low, high = lattice.box
    if start is not None:
        middle = start.apply(centre)
        low, high = np.minimum(low, middle), np.maximum(high, middle)
    if region is not None:
        middle, radius = np.array(region.centre), region.radius
        low, high = np.minimum(low, middle - radius), np.maximum(high, middle + radius)
    return reaching(density_map, low - reach, high + reach)


def starts_at_home(inside: NDArray[np.bool_], voxel_size: Array, origin: Array, lattice: Lattice | None) -> NDArray[np.bool_]:
    """Of the voxels ``inside`` [z, y, x], those of the home cell: what lies beyond repeats them."""
    if lattice is None:
        return inside
    voxels = np.argwhere(inside)
    points = index_to_position(reverse_axes(voxels).astype(np.float64), voxel_size, origin)
    away = np.abs(lattice.home(points) - points).max(axis=1) > 1e-3
    if away.all():
        return inside
    starts = inside.copy()
    starts[tuple(voxels[away].T)] = False
    return starts


def at_home(found: Candidates, lattice: Lattice | None) -> Candidates:
    """The candidates with their middles in the home cell, their starts moved with them; those of one place on one side of a face."""
    if lattice is None or len(found) == 0:
        return found
    middles = lattice.home(found.translations)
    order = np.argsort(-found.correlation, kind="stable")
    for number, index in enumerate(order[1:], start=1):
        better = middles[order[: min(number, _ANCHORS)]]
        images = lattice.nearest(middles[index], better)
        near = np.linalg.norm(images - better, axis=1)
        first = int(np.argmax(near < _ONE_PLACE))
        if near[first] < _ONE_PLACE:
            middles[index] = images[first]
    shift = middles - found.translations
    return replace(found, translations=middles, start_translations=found.start_translations + shift)
