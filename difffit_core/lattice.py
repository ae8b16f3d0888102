"""The lattice on which a crystal's density repeats."""

from dataclasses import dataclass

import numpy as np

from difffit_core.conventions import Array


@dataclass(frozen=True, eq=False)
class Lattice:
    """A cell and its repeats.

    Attributes
    ----------
    vectors : (3, 3) in Å, a row each for a, b and c
    corner : (3,) (x, y, z) in Å, where the home cell begins
    """

    vectors: Array
    corner: Array

    def home(self, points: Array) -> Array:
        """The points (..., 3) in Å moved by whole cells into the home cell."""
        return points - self._whole(np.floor((points - self.corner) @ self._inverse + 1e-9))

    def nearest(self, points: Array, to: Array) -> Array:
        """The points (..., 3) in Å moved by whole cells to where they are nearest to ``to`` (..., 3), but for very oblique cells."""
        return points - self._whole(np.round((points - to) @ self._inverse))

    def rescaled(self, factor: float, middle: Array) -> "Lattice":
        """The same ``factor`` times as large about a point (3,) in Å that stays."""
        return Lattice(self.vectors * factor, middle + (self.corner - middle) * factor)

    def mirrored(self, middle: Array) -> "Lattice":
        """The same with x reversed about a point (3,) in Å; of an upright cell, which it leaves as it is, that same cell."""
        if np.abs(self.vectors - np.diag(np.diag(self.vectors))).max() < 1e-6:
            return self
        flip = np.array([-1.0, 1.0, 1.0])
        corner = middle + (self.corner - middle) * flip + self.vectors[0] * flip
        return Lattice(np.stack([-self.vectors[0], self.vectors[1], self.vectors[2]]) * flip, corner)

    @property
    def _inverse(self) -> Array:
        return np.asarray(np.linalg.inv(self.vectors), np.float64)

    def _whole(self, cells: Array) -> Array:
        return np.asarray(cells @ self.vectors, np.float64)

    @property
    def box(self) -> tuple[Array, Array]:
        """Lowest and highest corner (3,) in Å of the upright box round the home cell."""
        corners = np.array(list(np.ndindex(2, 2, 2))) @ self.vectors + self.corner
        return corners.min(0), corners.max(0)
