"""Whether the contrast of a map looks inverted, density negative and solvent positive."""

import numpy as np
from numpy.typing import NDArray

_INVERTED_RATIO = 1.5
_LOOKED_AT = 1_000_000


def inverted(values: NDArray[np.float32]) -> str | None:
    """What to say of ``values`` [z, y, x] whose strongest density is negative; None where it is not.

    Of a large map every n-th voxel along each axis is looked at; voxels of exactly 0, as outside a mask, are left out.
    """
    every = max(1, int(np.ceil((values.size / _LOOKED_AT) ** (1 / 3))))
    part = values[::every, ::every, ::every]
    part = part[part != 0]
    if part.size == 0 or part.min() >= 0:
        return None
    bottom, middle, top = (float(q) for q in np.quantile(part, [0.001, 0.5, 0.999]))
    if middle - bottom <= _INVERTED_RATIO * (top - middle):
        return None
    return f"The strongest density is negative ({bottom:.4g} against {top:.4g}): if the contrast is inverted, multiply the map by -1."
