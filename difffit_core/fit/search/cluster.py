"""Clustering of poses: the best pose takes all that lie close to it, then the best of what is left, and so on (paper, section 4.3)."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.fit.search.candidates import Candidates
from difffit_core.ops.compiled import compiled


@dataclass(frozen=True, eq=False)
class Clusters:
    """``leaders`` (C,): index of each cluster's best pose, best first; ``labels`` (P,): the cluster of each pose, -1 for none."""

    leaders: NDArray[np.int64]
    labels: NDArray[np.int64]

    def hits(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Sum (C,) of ``counts`` (P,) over the members of each cluster."""
        member = self.labels >= 0
        return np.bincount(self.labels[member], counts[member], minlength=len(self.leaders)).astype(np.int64)


def cluster_poses(
    quaternions: Array, centres: Array, scores: NDArray[np.floating], shift: float = 3.0, angle: float = 6.0, most: int | None = None
) -> Clusters:
    """Greedy clusters of poses within ``shift`` (Å) and ``angle`` (degrees) of their leader.

    Parameters
    ----------
    quaternions : (P, 4) unit, (w, x, y, z)
    centres : (P, 3) in Å, where each pose puts the model's centre
    scores : (P,), higher is better
    most : stop after this many clusters; the poses left over are labelled -1

    Leaders are kept in a hash grid of cells as wide as the tolerances, in position and in the height of the turned z axis, which two poses
    within ``angle`` share to 2 sin(angle / 2): a pose meets only those near it.
    """
    if len(scores) == 0:
        return Clusters(np.empty(0, np.int64), np.empty(0, np.int64))
    order = np.argsort(-np.asarray(scores), kind="stable")
    tilt = 1 - 2 * (quaternions[:, 1] ** 2 + quaternions[:, 2] ** 2)
    cell, neighbours = _cells(np.column_stack([centres / shift, tilt / (2 * np.sin(np.radians(angle) / 2))]))
    leaders, labels = _lead(
        order, cell, neighbours, np.ascontiguousarray(centres, np.float64), np.ascontiguousarray(quaternions, np.float64),
        shift * shift, np.cos(np.radians(angle) / 2), len(scores) if most is None else most,
    )  # fmt: skip
    return Clusters(leaders, labels)


def merge(candidates: Candidates, scores: NDArray[np.floating], shift: float, angle: float) -> tuple[Candidates, NDArray[np.int64]]:
    """One candidate a cluster, its best by ``scores`` (C,), with the cluster's hits; and the index of each in ``candidates``."""
    clusters = cluster_poses(candidates.quaternions, candidates.translations, scores, shift, angle)
    return replace(candidates.take(clusters.leaders), hits=clusters.hits(candidates.hits)), clusters.leaders


def _cells(coordinates: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The occupied unit cell (P,) of each row of coordinates (P, D), and the 3^D cells round each cell (U, 3^D), -1 where empty."""
    cells = np.floor(coordinates - coordinates.min(axis=0)).astype(np.int64) + 1
    stride = np.cumprod([1, *(cells.max(axis=0) + 2)[:-1]])
    occupied, cell = np.unique(cells @ stride, return_inverse=True)
    offsets = np.array(list(np.ndindex(*[3] * coordinates.shape[1]))) - 1
    wanted = occupied[:, None] + offsets @ stride
    at = np.minimum(np.searchsorted(occupied, wanted), len(occupied) - 1)
    return cell, np.where(occupied[at] == wanted, at, -1)


@compiled(nogil=True, boundscheck=False)
def _lead(order, cell, neighbours, centres, quaternions, shift2, cosine, most):  # type: ignore[no-untyped-def]
    """Leaders of a cell form a linked list: ``newest`` (U,) holds its last, ``older`` (P,) the one before each."""
    newest = np.full(len(neighbours), -1, np.int64)
    older = np.full(len(order), -1, np.int64)
    labels = np.full(len(order), -1, np.int64)
    leaders = np.empty(len(order), np.int64)
    count = 0
    for i in order:
        found = -1
        for near in neighbours[cell[i]]:
            j = newest[near] if near >= 0 else -1
            while j >= 0:
                d0 = centres[i, 0] - centres[j, 0]
                d1 = centres[i, 1] - centres[j, 1]
                d2 = centres[i, 2] - centres[j, 2]
                if d0 * d0 + d1 * d1 + d2 * d2 < shift2:
                    dot = 0.0
                    for c in range(4):
                        dot += quaternions[i, c] * quaternions[j, c]
                    if abs(dot) > cosine and (found < 0 or labels[j] < found):
                        found = labels[j]
                j = older[j]
        if found < 0:
            if count == most:
                continue
            found = count
            leaders[count] = i
            count += 1
            older[i] = newest[cell[i]]
            newest[cell[i]] = i
        labels[i] = found
    return leaders[:count].copy(), labels
