"""Half maps of a made-up thing, whose signal and noise are known at every frequency."""

import numpy as np
import pytest
from scipy import fft
from scipy.ndimage import gaussian_filter

from difffit_core.density_map import DensityMap
from difffit_core.low_pass import frequencies

VOXEL = np.array([2.0, 2.0, 2.0])
ORIGIN = np.array([5.0, -3.0, 11.0])
SIZE = 48
RESOLUTION = 7.0


def thing(seed: int, fall: float = 1.2, size: int = SIZE) -> np.ndarray:
    """Density [z, y, x] in a ball off the middle, with less and less detail."""
    rng = np.random.default_rng(seed)
    at = np.indices((size,) * 3) - (size - 1) / 2 - np.array([1.0, 2.0, -1.5])[:, None, None, None]
    ball = gaussian_filter((np.sqrt((at**2).sum(axis=0)) < 0.27 * size).astype(float), 1.0)
    detail = gaussian_filter(rng.normal(size=(size,) * 3), fall)
    return ball * (1.5 + detail / detail.std())


def noisy(values: np.ndarray, seed: int, sigma: float = 0.25) -> DensityMap:
    noise = np.random.default_rng([seed, 1]).normal(size=values.shape) * sigma
    return DensityMap((values + noise).astype(np.float32), VOXEL, ORIGIN, f"half {seed}")


def filtered(values: np.ndarray, cut: float) -> np.ndarray:
    """Without what is finer than ``cut`` Å."""
    keep = frequencies(values.shape, VOXEL) < 1 / cut
    return fft.irfftn(fft.rfftn(values) * keep, s=values.shape)


@pytest.fixture(scope="session")
def halves() -> tuple[DensityMap, DensityMap]:
    return noisy(thing(3), 1), noisy(thing(3), 2)
