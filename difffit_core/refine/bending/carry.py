"""Carrying along the atoms that are not bent themselves: hydrogens, waters, buffer and other alternate locations."""

import numpy as np
from scipy.spatial import cKDTree

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array

_GUIDES = 6


def carried(model: AtomicModel, fitted: Array) -> Array:
    """Coordinates (N, 3) in Å of all atoms, with those in the fit at ``fitted`` (M, 3).

    Each other atom goes with the six fitted atoms nearest to it in the file, as one rigid body.
    """
    result = model.coordinates.copy()
    result[model.in_fit] = fitted
    rest = np.flatnonzero(~model.in_fit)
    own = model.fit_coordinates
    if len(rest) == 0 or len(own) < _GUIDES:
        return result
    guides = cKDTree(own).query(model.coordinates[rest], k=_GUIDES)[1]
    before, after = own[guides], fitted[guides]
    middle_before, middle_after = before.mean(axis=1), after.mean(axis=1)
    covariance = np.einsum("rki,rkj->rij", before - middle_before[:, None], after - middle_after[:, None])
    left, _, right = np.linalg.svd(covariance)
    proper = np.linalg.det(np.einsum("rij,rjk->rik", left, right)) > 0
    left[~proper, :, 2] *= -1
    turn = np.einsum("rij,rjk->rik", left, right)
    result[rest] = np.einsum("ri,rij->rj", model.coordinates[rest] - middle_before, turn) + middle_after
    return result
