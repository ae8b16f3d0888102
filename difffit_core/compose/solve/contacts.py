"""The cost of atoms of different copies that come too close, with its gradient."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from difffit_core.conventions import Array

CONTACT = 2.5
"""Å: atoms of different copies that are farther apart than this cost nothing (a hydrogen bond has 2.6 Å and more)."""
SOFTNESS = 0.3
"""Å: an atom pair closer than that by this much costs half a unit of log-likelihood."""
_LEAST = 1e-6
_REACH = 5.5
"""Å: pairs farther apart than this at the start are not looked at; models move by less than the difference."""


@dataclass(frozen=True, eq=False)
class Contacts:
    """The M atom pairs of different copies that may meet while their models move by a few Å.

    ``points`` (2, M, 3) in Å about the centre of their own model, ``owner`` (2, M) the copy each belongs to.
    """

    points: Array
    owner: NDArray[np.int64]

    @classmethod
    def between(cls, points: Sequence[Array], rotations: Array, centres: Array) -> "Contacts":
        """Of K copies with ``points`` (N_k, 3) about their centres, at rotations (K, 3, 3) and ``centres`` (K, 3)."""
        trees = [cKDTree(p @ r.T + c) for p, r, c in zip(points, rotations, centres, strict=True)]
        pairs, owners = [np.empty((2, 0, 3))], [np.empty((2, 0), np.int64)]
        for i, tree in enumerate(trees):
            for j in range(i + 1, len(trees)):
                if (tree.mins - _REACH < trees[j].maxes).all() and (trees[j].mins - _REACH < tree.maxes).all():
                    near = tree.sparse_distance_matrix(trees[j], _REACH, output_type="ndarray")
                    pairs.append(np.stack([points[i][near["i"]], points[j][near["j"]]]))
                    owners.append(np.repeat([[i], [j]], len(near), axis=1))
        return cls(np.concatenate(pairs, axis=1), np.concatenate(owners, axis=1))

    def cost_and_gradient(self, rotations: Array, centres: Array, most: Array) -> tuple[float, Array]:
        """What contacts cost, and the gradient of that (K, 6): by Å, then by radian about each centre.

        Of two copies it is Σ ½ ((2.5 Å - d) / 0.3 Å)² over pairs of atoms closer than 2.5 Å while that is small, and never above ``most``
        (K, K), so that what pushes two copies apart never outweighs what holds them.
        """
        gradient = np.zeros((len(rotations), 6))
        close, turned, apart, excess = self._close(rotations, centres)
        pair = self.owner[0, close] * len(rotations) + self.owner[1, close]
        costs = np.bincount(pair, 0.5 * excess**2, minlength=most.size)
        limit = np.maximum(most.ravel(), _LEAST)
        eased = np.exp(-costs / limit)
        distance = CONTACT - SOFTNESS * excess
        force = (-excess * eased[pair] / SOFTNESS / distance)[:, None] * apart
        for side, push in ((0, force), (1, -force)):
            np.add.at(gradient, self.owner[side, close], np.hstack([push, np.cross(turned[side], push)]))
        return float((-limit * np.expm1(-costs / limit)).sum()), gradient

    def costs(self, rotations: Array, centres: Array) -> Array:
        """What the contacts of each two copies cost (K, K) with no bound, each two told once, the first of them first."""
        count = len(rotations)
        close, _, _, excess = self._close(rotations, centres)
        pair = self.owner[0, close] * count + self.owner[1, close]
        return np.asarray(np.bincount(pair, 0.5 * excess**2, minlength=count * count).reshape(count, count), np.float64)

    def _close(self, rotations: Array, centres: Array) -> tuple[NDArray[np.int64], Array, Array, Array]:
        """Pairs that are too close: their indices (m,), both atoms about their centres (2, m, 3), how they lie apart, and by how much."""
        turned = np.einsum("smij,smj->smi", rotations[self.owner], self.points)
        apart = np.subtract(*(turned + centres[self.owner]))
        close = np.flatnonzero(np.einsum("mi,mi->m", apart, apart) < CONTACT**2)
        distance = np.maximum(np.linalg.norm(apart[close], axis=1), _LEAST)
        return close, turned[:, close], apart[close], (CONTACT - distance) / SOFTNESS
