"""Symmetric equivalents: placements that a symmetry of the map takes to one another."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, quaternion_to_matrix
from difffit_core.fit.judge.places import Places
from difffit_core.fit.search.optimise import Volume
from difffit_core.ops.grid import Array32, PointSet

SAME_DENSITY = 0.7
"""Two placements see the same density where the map's values under the model correlate at least this well."""
SAME_SURROUNDINGS = 0.85
"""A symmetry of the map takes one to the other where the map round the model correlates at least this well with itself.

Measured in a sphere of twice the model's radius: true copies 0.94 to 1 (GroEL, actin, at 6.6 to 12 Å), blobs of like shape in maps without
symmetry at most 0.77 (10 to 20 Å), though under the model itself they reach 0.9.
"""
COMPARABLE = 0.85
"""A copy scores at least this share of its original."""
_MOST = 200
_SURROUNDINGS = 2.0
_SAMPLES = 2000
_LEAST_SEEN = 0.1
"""Of the surroundings at least this share must lie in the box in both placements."""

Box = tuple[Array, Array]
"""Lowest and highest voxel centre (x, y, z) in Å."""


def symmetric_copies(
    volume: Volume, box: Box, points: PointSet, correlation: Array32, places: Places, most: int = _MOST, apart: float | None = None
) -> NDArray[np.int64]:
    """For each placement, best first, the index of the first placement of which it is a copy, or -1.

    A copy scores about as well, does not overlap its original, and sees the same density: the map's values at the same ``points`` of the
    model in both placements are one set, noise aside. And the move between the two is a symmetry of the map, of whatever kind (point
    group, screw, translation): the map looks alike for as far again round the model as the model reaches. Blobs that look alike at low
    resolution have different neighbours. Only the first ``most`` are compared. A whole particle lies on its own images; where ``apart`` is
    given, copies may overlap their original if they are as far from it, in Å of RMSD.
    """
    copy_of = np.full(len(correlation), -1, np.int64)
    compared = min(most, len(correlation))
    seen = volume.samples(points, places.quaternions[:compared], places.centres[:compared])
    seen -= seen.mean(axis=1, keepdims=True)
    seen /= np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-12)
    alike = seen @ seen.T
    around = _Surroundings(volume, box, places, compared)
    for i in range(1, compared):
        originals = np.flatnonzero(copy_of[:i] < 0)
        same = originals[(alike[i, originals] >= SAME_DENSITY) & (correlation[i] >= COMPARABLE * correlation[originals])]
        if len(same):
            same = same[~places.overlaps(i, same) if apart is None else places.rmsd(i, same) > apart]
        for original in same:
            if around.alike(int(original), i) >= SAME_SURROUNDINGS:
                copy_of[i] = original
                break
    return copy_of


class _Surroundings:
    """The map in a sphere round the model, as each of the first ``compared`` placements sees it."""

    def __init__(self, volume: Volume, box: Box, places: Places, compared: int) -> None:
        self._volume, self._box, self._places, self._compared = volume, box, places, compared

    def alike(self, one: int, other: int) -> float:
        """Correlation about the mean of what two placements see, over what lies in the box in both; 0 where that is too little."""
        values, inside = self._seen
        both = inside[one] & inside[other]
        if both.mean() < _LEAST_SEEN:
            return 0.0
        x, y = values[one, both].astype(np.float64), values[other, both].astype(np.float64)
        x, y = x - x.mean(), y - y.mean()
        return float(x @ y / max(float(np.linalg.norm(x) * np.linalg.norm(y)), 1e-12))

    @cached_property
    def _seen(self) -> tuple[Array32, NDArray[np.bool_]]:
        """What they see, and which of it lies in the box: (compared, samples). All at once, which is much quicker than one by one."""
        rng = np.random.default_rng(0)
        directions = rng.normal(size=(_SAMPLES, 3))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        points = directions * (_SURROUNDINGS * self._places.extent * rng.uniform(size=(_SAMPLES, 1)) ** (1 / 3))
        quaternions, centres = self._places.quaternions[: self._compared], self._places.centres[: self._compared]
        inside = np.empty((self._compared, _SAMPLES), bool)
        low, high = self._box
        for index, (rotation, centre) in enumerate(zip(quaternion_to_matrix(quaternions), centres, strict=True)):
            where = points @ rotation.T + centre
            inside[index] = ((where >= low) & (where <= high)).all(axis=1)
        return self._volume.samples(PointSet.of(points), quaternions, centres), inside
