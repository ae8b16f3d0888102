"""Density that bending does not see, by which it is judged: the finest shells of the map.

A model that is bent to where its density is fits also the detail that was left out; one that is bent into noise, or into what belongs to
a neighbour, loses there. Measured on hinge cases, prediction-like cases, twice the noise and maps smoothed to 12 Å: the way with the
highest correlation in the shells left out was the one nearest to the truth, or within 0.1 Å of it, in 8 of 8.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.low_pass import low_passed
from difffit_core.refine.evidence import correlation, lead, simulated

_COVERED = 0.05


@dataclass(frozen=True, eq=False)
class FreeShells:
    """A map in two: what bending may see, down to ``seen_to`` Å, and the ``rest`` from there down to the resolution."""

    seen: DensityMap
    seen_to: float
    rest: NDArray[np.float32]
    resolution: float
    grid: DensityMap

    @classmethod
    def of(cls, density: DensityMap, resolution: float, free_from: float) -> "FreeShells":
        """Leave out what is finer than ``free_from`` times the resolution (Å)."""
        seen_to = free_from * resolution
        coarse, fine = (low_passed(density.values, density.voxel_size, d) for d in (seen_to, resolution))
        return cls(replace(density, values=coarse), seen_to, fine - coarse, resolution, density)

    def correlation(self, points: Array, weights: Array) -> float:
        """Correlation about the mean, in the shells left out, of the map and atoms at ``points`` (N, 3), where these cover it."""
        detail, covered = self._detail(points, weights)
        return correlation(detail[covered], self.rest[covered])

    def lead(self, points: Array, than: Array, weights: Array, volume: float) -> float:
        """By how many standard deviations atoms at ``points`` (N, 3) agree better with the shells left out ``than`` where they were.

        Over what either covers; ``volume`` is what the model covers, in Å³.
        """
        (after, here), (before, there) = (self._detail(one, weights) for one in (points, than))
        either = here | there
        after, before, seen = after[either], before[either], self.rest[either]
        elements = volume * (self.resolution**-3 - self.seen_to**-3)
        return lead(correlation(after, seen), correlation(before, seen), correlation(after, before), elements)

    def _detail(self, points: Array, weights: Array) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """What atoms put into the shells left out, and where they lie, [z, y, x]."""
        grid = self.grid
        own = simulated(grid, points, weights, self.resolution)
        fine = low_passed(own, grid.voxel_size, self.resolution) - low_passed(own, grid.voxel_size, self.seen_to)
        return fine, own > _COVERED * own.max(initial=0.0)
