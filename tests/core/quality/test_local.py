"""Local correlation against a plain numpy version, and where the answer is known."""

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled
from difffit_core.ops.residue_correlation import sphere_radius
from difffit_core.quality.local import local_correlation
from difffit_core.residues import Residues


def plain(density: DensityMap, placed: Any, simulated: np.ndarray, radius: float) -> np.ndarray:
    """The same by `numpy.corrcoef` over the voxels near each residue."""
    indices = np.argwhere(np.ones(density.values.shape, bool))
    where = density.positions(indices)
    residues = Residues.of(placed.model)
    result = []
    for i in range(len(residues)):
        atoms = placed.points[residues.of_atom == i]
        near = (np.linalg.norm(where[:, None] - atoms[None], axis=2) <= radius).any(axis=1)
        at = tuple(indices[near].T)
        result.append(np.corrcoef(density.values[at], simulated[at])[0, 1])
    return np.array(result)


def test_agrees_with_plain_numpy(placed: Any, map_at_4: DensityMap) -> None:
    """Against Gaussians summed exactly, not through the simulation under test; the map has noise and a slope."""
    rng = np.random.default_rng(3)
    values = map_at_4.values + rng.normal(0, 2, map_at_4.values.shape) + np.linspace(0, 5, map_at_4.values.shape[2])
    noisy = map_at_4.with_values(values.astype(np.float32))
    found = local_correlation(noisy, placed.model, placed.pose, 4.0)
    np.testing.assert_allclose(found, plain(noisy, placed, map_at_4.values, sphere_radius(4.0)), atol=0.01)
    assert found.std() > 0.01


def test_its_own_map_correlates_fully_and_a_wrong_place_does_not(placed: Any, map_at_4: DensityMap) -> None:
    assert local_correlation(map_at_4, placed.model, placed.pose, 4.0).min() > 0.99
    wrong = placed.shifted(0, 3, 1)
    assert np.median(local_correlation(map_at_4, placed.model, wrong, 4.0)) < 0.6


def test_only_the_residues_that_do_not_fit_are_bad(placed: Any, map_at_4: DensityMap) -> None:
    """Ten residues are moved away; those far from them and from their old place stay as good as they were."""
    residues = Residues.of(placed.model)
    chosen = np.isin(placed.model.residue_index, residues.index[20:30])
    coordinates = placed.model.coordinates.copy()
    coordinates[chosen] += placed.pose.invert().rotation @ np.array([0.0, 0.0, 4.0])
    found = local_correlation(map_at_4, replace(placed.model, coordinates=coordinates), placed.pose, 4.0)
    changed = placed.points[np.isin(residues.of_atom, np.arange(20, 30))]
    changed = np.concatenate([changed, changed + np.array([0, 0, 4])])
    reach = 2 * sphere_radius(4.0) + 1
    far = [np.linalg.norm(placed.points[residues.of_atom == i][:, None] - changed[None], axis=2).min() > reach for i in range(60)]
    assert sum(far) > 10
    assert found[far].min() > 0.99
    assert found[20:30].max() < 0.85


def test_outside_the_map_is_as_bad_as_no_match(placed: Any, map_at_4: DensityMap) -> None:
    away = placed.shifted(500, 0, 0)
    np.testing.assert_array_equal(local_correlation(map_at_4, placed.model, away, 4.0), 0)
    flat = map_at_4.with_values(np.ones_like(map_at_4.values))
    np.testing.assert_array_equal(local_correlation(flat, placed.model, placed.pose, 4.0), 0)


def test_scale_and_offset_of_the_map_do_not_matter(placed: Any, map_at_4: DensityMap) -> None:
    expected = local_correlation(map_at_4, placed.model, placed.pose, 6.0)
    changed = map_at_4.with_values(0.01 * map_at_4.values - 3)
    np.testing.assert_allclose(local_correlation(changed, placed.model, placed.pose, 6.0), expected, atol=1e-4)


def test_it_stops_when_asked(placed: Any, map_at_4: DensityMap) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(FitCancelled):
        local_correlation(map_at_4, placed.model, placed.pose, 4.0, cancel=cancel)


def test_the_sphere_grows_with_the_resolution() -> None:
    assert sphere_radius(1.5) == 2.0
    assert sphere_radius(10.0) == pytest.approx(7.0)
