"""What of a map takes part in a fit: the box round its density, without small islands."""

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.search import field
from difffit_core.fit.search.field import MARGIN, cut_density

VOXEL_SIZE, ORIGIN = np.array([1.0, 2.0, 0.5]), np.array([30.0, -12.0, 5.0])


def box_with(*filled: tuple[slice, slice, slice], shape: tuple[int, int, int] = (60, 50, 40), height: float = 4.0) -> DensityMap:
    values = np.zeros(shape, np.float32)
    for part in filled:
        values[part] = height
    return DensityMap(values, VOXEL_SIZE, ORIGIN)


CORE = (slice(20, 30), slice(22, 28), slice(15, 20))
SPECK = (slice(50, 52), slice(40, 42), slice(30, 32))
"""Eight voxels of 1 Å³."""


def test_density_keeps_its_place() -> None:
    density_map = box_with(CORE)
    density = cut_density(density_map, 1.0)
    index = np.argwhere(density.inside)[:, ::-1]
    expected = density_map.positions(np.argwhere(density_map.values > 1.0))
    np.testing.assert_allclose(index * density.voxel_size + density.origin, expected)
    assert density.values.shape == (10 + 2 * MARGIN, 6 + 2 * MARGIN, 5 + 2 * MARGIN)


def test_values_are_over_the_maximum() -> None:
    density = cut_density(box_with(CORE), 1.0)
    assert density.unit == 4.0
    assert density.values.max() == 1.0
    assert density.level == 1.0


@pytest.mark.parametrize(("smallest", "kept"), [(0.0, True), (7.9, True), (8.1, False), (299.0, False)])
def test_islands_smaller_than_asked_are_left_out(smallest: float, kept: bool) -> None:
    density = cut_density(box_with(CORE, SPECK), 1.0, smallest)
    assert np.count_nonzero(density.inside) == 300 + 8 * kept
    if not kept:
        assert density.values.shape == cut_density(box_with(CORE), 1.0).values.shape


def test_the_maps_own_values_stay_where_an_island_was() -> None:
    """An island is left out of the footprint, not of the map by which poses are scored."""
    near = (slice(33, 34), slice(24, 25), slice(17, 18))
    density = cut_density(box_with(CORE, near), 1.0, 5.0)
    assert np.count_nonzero(density.values == 1.0) == 301
    assert np.count_nonzero(density.inside) == 300


def test_a_margin_ends_at_the_face_of_the_map() -> None:
    corner = (slice(0, 3), slice(47, 50), slice(0, 40))
    density = cut_density(box_with(corner), 1.0)
    assert density.values.shape == (3 + MARGIN, 3 + MARGIN, 40)
    np.testing.assert_allclose(density.origin, ORIGIN + np.array([0.0, (47 - MARGIN) * 2.0, 0.0]))


@pytest.mark.parametrize(("speck", "left_out"), [(0.0, False), (7.9, False), (8.1, True), (301.0, False)])
def test_specks_do_not_keep_a_large_map_whole(monkeypatch: pytest.MonkeyPatch, speck: float, left_out: bool) -> None:
    """Where everything is a speck, all of it counts."""
    monkeypatch.setattr(field, "LARGE", 1000)
    density = cut_density(box_with(CORE, SPECK, shape=(61, 50, 40)), 1.0, speck=speck)
    assert np.count_nonzero(density.inside) == 300 + 8 * (not left_out)
    alone = cut_density(box_with(CORE), 1.0)
    near = np.array(alone.values.shape)
    assert (np.array(density.values.shape) <= near + 2).all() == left_out
    if left_out:
        assert (density.values.shape >= near).all()
        assert np.count_nonzero(density.values == 1.0) == 300


def test_a_small_map_is_cut_round_every_speck() -> None:
    assert np.count_nonzero(cut_density(box_with(CORE, SPECK), 1.0, speck=100.0).inside) == 308


@pytest.mark.parametrize(("level", "smallest"), [(4.0, 0.0), (5.0, 0.0), (1.0, 301.0)])
def test_nothing_left_is_refused(level: float, smallest: float) -> None:
    with pytest.raises(UserError, match=f"no density is left above level {level:g} once islands below {smallest:g} Å³ are removed"):
        cut_density(box_with(CORE), level, smallest)


def test_a_map_that_is_nowhere_positive_can_be_cut() -> None:
    below = box_with(CORE, height=3.0)
    density = cut_density(below.with_values(below.values - 5), -3.0)
    assert np.count_nonzero(density.inside) == 300
    assert density.unit == 2.0
