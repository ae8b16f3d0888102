"""Zeroing out: a map without the density that placed models explain."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.compose.body import Body
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.compose.solve.together import Together, put_together
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.pose import Pose
from difffit_core.quality.sample import sample
from difffit_core.target import Target

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Loss:
    """What another placement would lose: the mean density at its atoms ``before`` and ``after``, and the ``atoms`` that lose density.

    Densities are in the map's units, ``atoms`` is a share, 0 to 1.
    """

    before: float
    after: float
    atoms: float

    @property
    def share(self) -> float:
        """Share of its mean density that is lost, 0 to 1."""
        return 1 - self.after / self.before if self.before > 0 else 0.0


@dataclass(frozen=True, eq=False)
class ZeroOut:
    """A map after zeroing out.

    Attributes
    ----------
    density_map : the working map that is left, on the same grid
    scale : what the simulated map was multiplied with to come closest to the map
    removed : share of the density above the contour level that is gone, 0 to 1
    voxels : how many voxels have changed
    losses : of each of the other placements that were asked about
    """

    density_map: DensityMap
    scale: float
    removed: float
    voxels: int
    losses: tuple[Loss, ...] = ()


def zero_out(
    target: Target,
    bodies: Sequence[Body],
    placed: Sequence[tuple[int, Pose]],
    method: ZeroOutMethod = ZeroOutMethod.THRESHOLD,
    threshold: float = 0.0,
    neighbours: Sequence[tuple[int, Pose]] = (),
) -> ZeroOut:
    """Take the density of placed models out of a map (paper, section 4.4, and two gentler ways).

    Parameters
    ----------
    target : the map and how it is read
    bodies : the models
    placed : those to be taken out, by index, each at its pose
    method : see `METHODS`
    threshold : of the simulated map scaled to the map, in the map's units; for method ``threshold`` alone
    neighbours : placements whose loss is to be told

    Raises
    ------
    UserError
        If the threshold is negative or nothing is placed in the map.
    """
    if threshold < 0:
        raise UserError(f"threshold must be 0 or more, in the map's units, got {threshold:g}")
    density_map, level = target.density_map, target.level
    together = put_together(density_map, target.resolution, bodies, placed)
    if not together.total.any():
        raise UserError(f"{density_map.path or density_map.name}: at least one model must lie in the map to be taken out of it, got none")
    values = _left(density_map.values, together, method, threshold, level)
    left = density_map.with_values(values)
    return ZeroOut(
        left,
        together.scale,
        removed_share(density_map.values, values, level),
        int(np.count_nonzero(values != density_map.values)),
        tuple(losses(density_map, left, bodies, neighbours)),
    )


def _left(values: Values, together: Together, method: ZeroOutMethod, threshold: float, level: float) -> Values:
    simulated = np.float32(together.scale) * together.total
    if method is ZeroOutMethod.SOFT:
        touched = simulated > 0
        left = values.copy()
        left[touched] = np.minimum(values[touched], np.maximum(values[touched] - simulated[touched], 0))
        return left
    if method is ZeroOutMethod.COVERED:
        inside = (simulated > 0) & (simulated >= np.minimum(values, np.float32(level)))
    else:
        inside = simulated > threshold
    return np.where(inside, np.minimum(values, np.float32(0)), values)


def removed_share(before: Values, after: Values, level: float) -> float:
    """Share of the density above ``level`` in ``before`` that is gone in ``after``, both [z, y, x]; 0 to 1."""
    above = before > level
    held = before[above].sum(dtype=np.float64)
    return float(1 - after[above].sum(dtype=np.float64) / held) if held > 0 else 0.0


def losses(before: DensityMap, after: DensityMap, bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]]) -> list[Loss]:
    """What placements lose between two maps on one grid."""
    found = []
    for index, pose in placed:
        atoms = pose.apply(bodies[index].coordinates)
        first, second = sample(before, atoms), sample(after, atoms)
        lost = float((second < first - 1e-6 * max(float(np.abs(first).max()), 1e-30)).mean())
        found.append(Loss(float(first.mean()), float(second.mean()), lost))
    return found
