"""Where one model, or one placement of it, covers another."""

import numpy as np
from numpy.typing import NDArray


def covered(
    points: NDArray[np.floating], residue_index: NDArray[np.integer], others: NDArray[np.floating], within: float
) -> NDArray[np.int64]:
    """Residues of which at least half of the atoms lie within so many Å of some atom of another model.

    Parameters
    ----------
    points : (N, 3), Å, of the atoms
    residue_index : (N,), which residue each is of
    others : (M, 3), Å

    Returns
    -------
    (n,) the residues, in ascending order
    """
    from scipy.spatial import cKDTree

    if len(others) == 0 or len(points) == 0:
        return np.zeros(0, np.int64)
    distance, _ = cKDTree(others).query(points, distance_upper_bound=within)
    near = np.bincount(residue_index, np.isfinite(distance))
    return np.flatnonzero(near >= np.maximum(np.bincount(residue_index), 1) / 2)
