"""Symmetric equivalents: placements that look at the same density, turned."""

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.fit.optimise import Volume
from difffit_core.ops.grid import Array32, PointSet

SAME_DENSITY = 0.7
"""Two placements see the same density where the map's values under the model correlate at least this well."""
COMPARABLE = 0.85
"""A copy scores at least this share of its original."""
_MOST = 200


def symmetric_copies(
    volume: Volume, points: PointSet, correlation: Array32, quaternions: Array, translations: Array, most: int = _MOST
) -> NDArray[np.int64]:
    """For each placement, best first, the index of the first placement of which it is a copy, or -1.

    The map is sampled at the same ``points`` of the model in both placements. In a symmetric map the two sets of values are one, noise
    aside, whatever the kind of symmetry (point group, helical, local), which a false rival's are not. Only the first ``most`` are compared.
    """
    copy_of = np.full(len(correlation), -1, np.int64)
    compared = min(most, len(correlation))
    seen = volume.samples(points, quaternions[:compared], translations[:compared])
    seen -= seen.mean(axis=1, keepdims=True)
    seen /= np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-12)
    alike = seen @ seen.T
    for i in range(1, compared):
        originals = np.flatnonzero(copy_of[:i] < 0)
        same = originals[(alike[i, originals] >= SAME_DENSITY) & (correlation[i] >= COMPARABLE * correlation[originals])]
        if len(same):
            copy_of[i] = same[0]
    return copy_of
