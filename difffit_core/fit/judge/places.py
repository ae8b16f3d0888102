"""How poses of one model lie to one another: the same place, overlapping, or apart."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from difffit_core.conventions import Array, quaternion_to_matrix
from difffit_core.ops.grid import PointSet

SAME_PLACE = 0.5
"""Poses whose RMSD is below this share of the resolution are one place: no map tells them apart."""
OVERLAP = 0.15
"""Poses overlap where this share of the atoms of one lie at atoms of the other; neighbours in known complexes touch with far fewer."""
_TOUCH = 3.0
_ATOMS = 300


def place_length(resolution: float, tolerance: float) -> float:
    """RMSD in Å below which poses are one place: half the resolution, and at least the ``tolerance`` in Å by which they are clustered."""
    return max(tolerance, SAME_PLACE * resolution)


@dataclass(frozen=True, eq=False)
class Places:
    """P poses of a model: quaternions (P, 4), where they put the model's centre (P, 3) in Å, and the model's atoms about it."""

    quaternions: Array
    centres: Array
    atoms: PointSet

    def rmsd(self, one: int, others: NDArray[np.integer]) -> Array:
        """Root mean square distance (O,) of the atoms in Å between a pose and ``others`` (O,)."""
        common = self._spread[others] @ self._rotations[one].ravel()
        apart = ((self.centres[others] - self.centres[one]) ** 2).sum(axis=1)
        return np.asarray(np.sqrt(np.maximum(apart + 2 * (np.trace(self._covariance) - common), 0)))

    def overlaps(self, one: int, others: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Which (O,) of ``others`` (O,) overlap a pose."""
        away = np.linalg.norm(self.centres[others] - self.centres[one], axis=1)
        near = np.flatnonzero(away < 2 * self.extent + _TOUCH)
        found = np.zeros(len(others), bool)
        if len(near):
            here = self._some @ self._rotations[one].T + self.centres[one]
            there = here - self.centres[others[near]][:, None]
            seen = np.einsum("onj,ojk->onk", there, self._rotations[others[near]])
            distance, _ = self._tree.query(seen, distance_upper_bound=_TOUCH)
            found[near] = np.isfinite(distance).mean(axis=1) > OVERLAP
        return found

    def distinct(self, length: float, most: int = 300) -> NDArray[np.int64]:
        """Indices of the poses that are no nearer than ``length`` (Å, RMSD) to one before them; at most ``most``."""
        left = np.ones(len(self.centres), bool)
        leaders: list[int] = []
        while left.any() and len(leaders) < most:
            leader = int(np.argmax(left))
            leaders.append(leader)
            others = np.flatnonzero(left)
            left[others[self.rmsd(leader, others) < length]] = False
            left[leader] = False
        return np.array(leaders, np.int64)

    @cached_property
    def extent(self) -> float:
        """From the centre to the outermost atom, Å."""
        return float(np.linalg.norm(self._points, axis=1).max())

    @cached_property
    def _points(self) -> Array:
        return np.stack(self.atoms.columns, axis=1).astype(np.float64)

    @cached_property
    def _some(self) -> Array:
        count = len(self._points)
        return self._points[np.random.default_rng(0).permutation(count)[:_ATOMS]]

    @cached_property
    def _tree(self) -> cKDTree:
        return cKDTree(self._points)

    @cached_property
    def _rotations(self) -> Array:
        return quaternion_to_matrix(self.quaternions)

    @cached_property
    def _spread(self) -> Array:
        """(P, 9): its product with a rotation, as a row of nine, is the mean of atom times atom in both poses."""
        return (self._rotations @ self._covariance).reshape(-1, 9)

    @cached_property
    def _covariance(self) -> Array:
        return np.asarray(self._points.T @ self._points / len(self._points))
