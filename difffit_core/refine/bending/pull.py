"""What the map has more than the model, as a field that pulls atoms (design, method section 10).

Pulling by density alone collapses a model into the densest places; pulling by the difference of the map and the model's own simulated map
does not. Only density that the model covers pulls: what lies beyond belongs to neighbours, to membranes, or to nothing.
"""

import numpy as np

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.low_pass import low_passed
from difffit_core.ops.simulate import SIGMA_PER_RESOLUTION
from difffit_core.refine.bending.blur import SPREAD, Gaussian, Grid, Spans, drawn
from difffit_core.refine.bending.kernels import highest_of_rows, splat, subtract_rows, sums_of_rows
from difffit_core.target import Target

_BELOW_LEVEL = 0.3
"""Share of the contour level that counts as no density."""
_BRIGHTEST = 99.5
"""Percentile above which the map is cut, so that no metal or artefact pulls alone."""
_SHARE = 0.9
"""Share of the simulated map that is taken off: a model that fits is still drawn to its density a little."""
_SHARPER = 0.7
"""Width of the Gaussian through which an atom feels the difference, as a share of its nominal width: a wider one washes out its place."""
_COVERED = 0.05
_FACTORS = (0.8, 1.0, 1.2, 1.4, 1.7, 2.0)
"""Widths that an atom may have in a map, as multiples of the nominal one; real maps of 1.75 to 5 Å have 1.4 to 1.7."""
_FAINT = 0.02
_GOES = 1.5
"""Å that an atom may go until the model is simulated anew."""
ROOM = 20.0
"""Å of the map round the model that take part, at most."""
_LEAST_ROOM, _ROOM_PER_RESOLUTION = 6.0, 2.0
_VOXELS = 3.5
"""Voxels across the resolution that a map needs to be bent into."""


class Difference:
    """The field at one scale of smoothing, for atoms of given weights.

    Attributes
    ----------
    voxel_size, origin : (x, y, z) in Å, of its grid
    """

    def __init__(self, target: Target, sigma: float, weights: Array, points: Array) -> None:
        """Smooth the map by ``sigma`` Å.

        Parameters
        ----------
        target : the part of the map that matters, and how it is read
        weights : (N,), of the atoms, about 1
        points : (N, 3) in Å, the atoms as they stand, by which the width of an atom in this map is measured
        """
        density, resolution = target.density_map, target.resolution
        self.voxel_size, self.origin = density.voxel_size, density.origin
        self._weights = weights
        nominal = SIGMA_PER_RESOLUTION * resolution
        blur = np.hypot(sigma, nominal * width_factor(density, points, weights, resolution)) / self.voxel_size[::-1]
        shape = density.values.shape
        self._own = Gaussian(np.sqrt(np.maximum(blur**2 - SPREAD, 0.05)), shape, empty_outside=True)
        self._atom = Gaussian(_SHARPER * nominal / self.voxel_size[::-1], shape)
        above = np.maximum(density.values - np.float32(_BELOW_LEVEL * target.level), 0)
        if above.any():
            above = np.minimum(above, np.float32(np.percentile(above[above > 0], _BRIGHTEST)))
        self._grids = tuple(np.zeros(shape, np.float32) for _ in range(3))
        self._observed: Grid = np.empty_like(above)
        Gaussian(sigma / self.voxel_size[::-1], shape).smooth(above, self._grids[1], self._observed, Spans.all_of(shape))

    def field(self, points: Array) -> Grid:
        """What pulls atoms at ``points`` (N, 3) in Å, [z, y, x], in standard deviations of the map where the model covers it.

        It is that wherever they are until they have gone by an Å and a half, and valid until the next one is asked for.
        """
        drops, spare, own = self._grids
        index = (points - self.origin) / self.voxel_size
        drops[:] = 0
        splat(index, self._weights, drops)
        atoms = Spans.near(index, drops.shape)
        filled = self._own.spread(drops, atoms, spare, own)
        highest = np.zeros(own.shape[:2], np.float32)
        highest_of_rows(own, filled.first, filled.last, highest)
        covered = np.float32(_COVERED * highest.max(initial=0.0))
        sums = np.zeros((*own.shape[:2], 5))
        sums_of_rows(own, self._observed, covered, filled.first, filled.last, sums)
        square, product, seen, seen_square, count = sums.sum(axis=(0, 1)).tolist()
        scale = max(product / square, 0.0) if square > 0 else 0.0
        spread = float(np.sqrt(max(seen_square / count - (seen / count) ** 2, 0.0))) if count else 0.0
        difference = drops
        subtract_rows(own, self._observed, covered, _SHARE * scale, 1 / (spread or 1.0), filled.first, filled.last, difference)
        self._atom.smooth(difference, spare, own, atoms.grown(*np.ceil(_GOES / self.voxel_size[::-1]).astype(int).tolist()))
        return own


def width_factor(density: DensityMap, points: Array, weights: Array, resolution: float) -> float:
    """By how much atoms are wider in this map than those of `simulate`, from `_FACTORS`: the one whose simulated map correlates best.

    ``points`` (N, 3) in Å with their ``weights`` (N,); ``resolution`` in Å.
    """
    nominal = SIGMA_PER_RESOLUTION * resolution / density.voxel_size[::-1]
    shape = density.values.shape
    index = (points - density.origin) / density.voxel_size
    near = drawn(index, weights, _FACTORS[-1] * nominal, shape)
    covered = near > _FAINT * near.max()
    seen = density.values[covered] - density.values[covered].mean(dtype=np.float64)

    def alike(factor: float) -> float:
        found = drawn(index, weights, factor * nominal, shape)[covered]
        found = found - found.mean(dtype=np.float64)
        return float(found @ seen) / max(float(np.linalg.norm(found)), 1e-30)

    return max(_FACTORS, key=alike) if covered.any() else 1.0


def cut_round(density: DensityMap, points: Array, room: float = ROOM) -> DensityMap:
    """The part of a map within ``room`` Å of ``points`` (N, 3) in Å; all of it where none of it is near."""
    low = np.floor((points.min(axis=0) - room - density.origin) / density.voxel_size).astype(np.int64)
    high = np.ceil((points.max(axis=0) + room - density.origin) / density.voxel_size).astype(np.int64) + 1
    low, high = np.clip(low, 0, density.shape_xyz), np.clip(high, 0, density.shape_xyz)
    if (high - low < 2).any():
        return density
    box = tuple(slice(int(a), int(b)) for a, b in zip(low[::-1], high[::-1], strict=True))
    return DensityMap(density.values[box], density.voxel_size, density.origin + low * density.voxel_size, density.name, density.path)


def worked_on(density: DensityMap, points: Array, resolution: float) -> DensityMap:
    """The part of a map round ``points`` (N, 3) in Å that bends them, with no more voxels than its resolution in Å needs.

    Where voxels are left out, so is the detail that they would have held.
    """
    part = cut_round(density, points, min(_LEAST_ROOM + _ROOM_PER_RESOLUTION * resolution, ROOM))
    every = int(resolution / (_VOXELS * float(part.voxel_size.max())))
    if every < 2:
        return part
    smooth = low_passed(part.values, part.voxel_size, 2.2 * every * float(part.voxel_size.max()))
    thin = np.ascontiguousarray(smooth[::every, ::every, ::every])
    return DensityMap(thin, part.voxel_size * every, part.origin, part.name, part.path)
