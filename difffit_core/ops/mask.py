"""Soft masks: round density, so that its edge does not correlate."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, find_objects

from difffit_core.conventions import Array


def soft_mask(inside: NDArray[np.bool_], voxel_size: Array, resolution: float) -> Array:
    """1 within half a resolution of ``inside`` [z, y, x], falling to 0 over another resolution as a cosine."""
    if not inside.any():
        return np.zeros(inside.shape)
    reach = np.ceil(1.5 * resolution / voxel_size[::-1]).astype(int) + 1
    box = tuple(
        slice(max(part.start - int(r), 0), part.stop + int(r))
        for part, r in zip(find_objects(inside.astype(np.uint8))[0], reach, strict=True)
    )
    away = distance_transform_edt(~inside[box], sampling=voxel_size[::-1].tolist())
    mask = np.zeros(inside.shape)
    mask[box] = 0.5 * (1 + np.cos(np.pi * np.clip((np.asarray(away) - resolution / 2) / resolution, 0, 1)))
    return mask
