"""What is looked at first of a map: all of the molecule, however many its pieces are, and none of the noise."""

import numpy as np
import pytest
from scipy import ndimage

from difffit_app.geometry.extent import extent
from difffit_core.density_map import DensityMap

SIDE, VOXEL, ORIGIN = 64, 1.3, np.array([5.0, -20.0, 3.0])


def map_of(values: np.ndarray) -> DensityMap:
    return DensityMap(values.astype(np.float32), np.full(3, VOXEL), ORIGIN)


def box_of(low: list[int], high: list[int]) -> np.ndarray:
    """Of voxels, as x, y, z."""
    return np.stack([ORIGIN + VOXEL * np.array(low), ORIGIN + VOXEL * np.array(high)], axis=1).ravel()


def scattered(seed: int, share: float) -> np.ndarray:
    return np.random.default_rng(seed).random([SIDE] * 3) < share


@pytest.mark.parametrize("dust", [0.0, 0.01])
def test_a_molecule_in_pieces_is_looked_at_as_a_whole(dust: float) -> None:
    """As a map of high resolution is at a level at which nothing holds together."""
    values = np.zeros([SIDE] * 3)
    bits = ndimage.gaussian_filter(np.random.default_rng(1).normal(size=(40, 28, 16)), 1.0)
    values[12:52, 18:46, 24:40] = bits > np.quantile(bits, 0.85)
    sizes = np.bincount(ndimage.label(values)[0].ravel())[1:]
    assert sizes.max() < sizes.sum() / 4
    values[scattered(2, dust)] = 1
    found = extent(map_of(values), 0.5)
    np.testing.assert_allclose(found, box_of([24, 18, 12], [39, 45, 51]), atol=5)


def test_of_a_molecule_and_a_far_large_part_both_are_looked_at() -> None:
    values = np.zeros([SIDE] * 3)
    values[4:24, 4:24, 4:24] = 1
    values[44:58, 44:58, 44:58] = 1
    values[2:4, 60:62, 60:62] = 1
    found = extent(map_of(values), 0.5)
    np.testing.assert_allclose(found, box_of([4, 4, 4], [57, 57, 57]), atol=3)


def test_thin_ends_are_not_cut_off() -> None:
    values = np.zeros([SIDE] * 3)
    values[24:40, 20:44, 20:44] = 1
    values[30:34, 30:34, 6:20] = 1
    found = extent(map_of(values), 0.5)
    assert found is not None
    assert found[0] <= ORIGIN[0] + 6 * VOXEL


@pytest.mark.parametrize("seed", range(3))
def test_what_is_nothing_but_specks_has_a_box_and_nothing_has_none(seed: int) -> None:
    found = extent(map_of(scattered(seed, 0.0001)), 0.5)
    assert found is not None
    assert np.isfinite(found).all()
    assert extent(map_of(np.zeros([SIDE] * 3)), 0.5) is None
