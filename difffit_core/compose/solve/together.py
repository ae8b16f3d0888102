"""The density of all placed models together, and its scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.compose.body import Body
from difffit_core.density_map import DensityMap
from difffit_core.ops.simulate import LocalDensity
from difffit_core.pose import Pose

COVERED = 0.05
"""A voxel is covered by a model where its simulated density is above this share of the model's maximum, as in `fit.template`."""


@dataclass(frozen=True, eq=False)
class Together:
    """Placed models on the grid of a map.

    Attributes
    ----------
    parts : the density of each placed model
    total : float32 [z, y, x], their sum
    scale : what `total` is to be multiplied with to come closest to the map, by least squares
    """

    parts: tuple[LocalDensity, ...]
    total: NDArray[np.float32]
    scale: float

    def without(self, index: int, values: NDArray[np.float32], box: tuple[slice, slice, slice]) -> NDArray[np.float32]:
        """``values`` in ``box`` less what all parts but one explain there."""
        left: NDArray[np.float32] = values[box] - np.float32(self.scale) * self.total[box]
        own = np.zeros_like(self.total[box])
        part = self.parts[index]
        common, there, here = _common(box, part.box)
        if common:
            own[here] = part.values[there]
        left += np.float32(self.scale) * own
        return left


def _common(box: tuple[slice, slice, slice], other: tuple[slice, slice, slice]) -> tuple[bool, tuple[slice, ...], tuple[slice, ...]]:
    """Whether two boxes meet, and their common part counted from the first of ``other`` and of ``box``."""
    low = [max(a.start, b.start) for a, b in zip(box, other, strict=True)]
    high = [min(a.stop, b.stop) for a, b in zip(box, other, strict=True)]
    there = tuple(slice(a - o.start, b - o.start) for a, b, o in zip(low, high, other, strict=True))
    here = tuple(slice(a - o.start, b - o.start) for a, b, o in zip(low, high, box, strict=True))
    return all(a < b for a, b in zip(low, high, strict=True)), there, here


def put_together(density_map: DensityMap, resolution: float, bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]]) -> Together:
    """Simulate placed models, given by index and pose, on the grid of a map of ``resolution`` (Å)."""
    parts = tuple(bodies[index].density(pose, density_map, resolution) for index, pose in placed)
    total = np.zeros_like(density_map.values)
    for part in parts:
        part.add_to(total)
    return Together(parts, total, least_squares_scale(density_map.values, total))


def least_squares_scale(values: NDArray[np.float32], simulated: NDArray[np.float32]) -> float:
    """The factor, at least 0, by which ``simulated`` comes closest to ``values`` over the voxels it covers."""
    where = simulated > COVERED * max(float(simulated.max()), 1e-30)
    model = simulated[where].astype(np.float64)
    return max(float(model @ values[where]) / max(float(model @ model), 1e-30), 0.0)
