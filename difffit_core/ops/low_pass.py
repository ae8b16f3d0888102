"""A map without its finest detail."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from difffit_core.conventions import Array

_SOFT = 0.1
_PAD = 8


def low_passed(values: NDArray[np.float32], voxel_size: Array, finest: float) -> NDArray[np.float32]:
    """``values`` [z, y, x] without detail finer than ``finest`` Å, with a soft edge; voxel size (x, y, z) in Å."""
    padded = np.pad(values, _PAD)
    steps = [fft.fftfreq(padded.shape[0], voxel_size[2]), fft.fftfreq(padded.shape[1], voxel_size[1])]
    z, y, x = np.meshgrid(*steps, fft.rfftfreq(padded.shape[2], voxel_size[0]), indexing="ij", sparse=True)
    keep = (0.5 * (1 - np.tanh((np.sqrt(z * z + y * y + x * x) * finest - 1) / _SOFT))).astype(np.float32)
    low = fft.irfftn(fft.rfftn(padded) * keep, s=padded.shape)
    inner = slice(_PAD, -_PAD)
    result: NDArray[np.float32] = np.ascontiguousarray(low[inner, inner, inner], np.float32)
    return result
