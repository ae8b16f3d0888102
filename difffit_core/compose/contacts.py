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

    def cost_and_gradient(self, rotations: Array, centres: Array) -> tuple[float, Array]:
        """Σ ½ ((2.5 Å - d) / 0.3 Å)² over pairs closer than 2.5 Å, and its gradient (K, 6): by Å, then by radian about each centre."""
        gradient = np.zeros((len(rotations), 6))
        turned = np.einsum("smij,smj->smi", rotations[self.owner], self.points)
        apart = np.subtract(*(turned + centres[self.owner]))
        close = np.flatnonzero(np.einsum("mi,mi->m", apart, apart) < CONTACT**2)
        distance = np.maximum(np.linalg.norm(apart[close], axis=1), _LEAST)
        excess = (CONTACT - distance) / SOFTNESS
        force = (-excess / SOFTNESS / distance)[:, None] * apart[close]
        for side, push in ((0, force), (1, -force)):
            np.add.at(gradient, self.owner[side, close], np.hstack([push, np.cross(turned[side, close], push)]))
        return 0.5 * float(excess @ excess), gradient
