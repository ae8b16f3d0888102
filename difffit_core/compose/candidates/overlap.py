"""How much of one another's place do placed models take."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from difffit_core.compose.body import Body
from difffit_core.conventions import Array
from difffit_core.pose import Pose

CELL = 3.0
"""Å: width of the cells by which overlap is counted. Neighbours in known complexes share less than 0.5 % of them."""
CLASH = 2.0
"""Å: two atoms of different copies closer than this clash; a disulphide bond, the shortest contact that occurs, has 2.05 Å."""


def overlaps(bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]]) -> csr_array:
    """Share of the smaller one's cells that two placed models surely have in common, sparse (C, C), symmetric, without the diagonal.

    Parameters
    ----------
    bodies : the models
    placed : C of them by index, each at its pose
    """
    occupied = _occupied(bodies, placed)
    counts = np.asarray(occupied.sum(axis=1)).ravel()
    common = (occupied @ occupied.T).tocoo()
    apart = common.row != common.col
    row, column, shared = common.row[apart], common.col[apart], common.data[apart]
    return csr_array((shared / np.minimum(counts[row], counts[column]), (row, column)), shape=common.shape)


def _occupied(bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]]) -> csr_array:
    """Which cells hold a solid atom of which placed model: sparse (C, cells) of ones."""
    rows, cells = [np.empty(0, np.int64)], [np.empty((0, 3), np.int64)]
    for number, (index, pose) in enumerate(placed):
        cell = np.unique(np.floor(pose.apply(bodies[index].solid) / CELL).astype(np.int64), axis=0)
        rows.append(np.full(len(cell), number))
        cells.append(cell)
    unique, column = np.unique(np.concatenate(cells), axis=0, return_inverse=True)
    row = np.concatenate(rows)
    return csr_array((np.ones(len(row)), (row, column.ravel())), shape=(len(placed), max(len(unique), 1)))


def clashes(coordinates: Sequence[Array], distance: float = CLASH) -> Array:
    """Share (C,) of the atoms of each placed model, (N_c, 3) in Å, that lie closer than ``distance`` to an atom of another."""
    trees = [cKDTree(points) for points in coordinates]
    hit = [np.zeros(len(points), bool) for points in coordinates]
    for i, tree in enumerate(trees):
        for j in range(i + 1, len(trees)):
            if (tree.mins - distance < trees[j].maxes).all() and (trees[j].mins - distance < tree.maxes).all():
                near = tree.sparse_distance_matrix(trees[j], distance, output_type="ndarray")
                hit[i][near["i"]] = True
                hit[j][near["j"]] = True
    return np.array([float(one.mean()) for one in hit])
