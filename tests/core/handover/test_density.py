"""The map that is handed over shows the same density at the same place."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from difffit_core.errors import UserError
from difffit_core.handover.density import prepare_map
from difffit_core.handover.subject import Subject

from .conftest import VOXEL


def sampled(density: object, points: np.ndarray) -> np.ndarray:
    index = (points - density.origin) / density.voxel_size
    return map_coordinates(density.values.astype(float), index.T[::-1], order=5, mode="nearest")


@pytest.fixture
def points(subject: Subject) -> np.ndarray:
    return np.array([one.atom.pos.tolist() for one in subject.structure[0].all()])


def test_density_stays_in_its_place_on_whole_voxels(subject: Subject, points: np.ndarray) -> None:
    before = subject.target.density_map
    found = prepare_map(subject.target, points, 10.0, normalise=False)
    start = found.target.density_map.origin / found.target.density_map.voxel_size
    np.testing.assert_allclose(start, np.round(start), atol=1e-6)
    assert found.target.level == subject.target.level
    assert (found.target.density_map.shape_xyz < before.shape_xyz).all()
    off = sampled(found.target.density_map, points) - sampled(before, points)
    assert off.std() < 0.08, "noise of 0.2, interpolated on two grids"
    unmoved = replace(
        found.target.density_map, origin=before.origin + np.round((found.target.density_map.origin - before.origin) / VOXEL) * VOXEL
    )
    assert (sampled(unmoved, points) - sampled(before, points)).std() > 0.16
    assert any("moved by" in note for note in found.notes)
    assert any("was cut from" in note for note in found.notes)
    low, high = (
        found.target.density_map.origin,
        found.target.density_map.origin + (found.target.density_map.shape_xyz - 1) * before.voxel_size,
    )
    assert ((points - low).min(axis=0) > 8).all()
    assert ((high - points).min(axis=0) > 8).all()


def test_values_are_multiples_of_the_noise(subject: Subject, points: np.ndarray) -> None:
    whole = prepare_map(subject.target, points, np.inf)
    assert (whole.target.density_map.shape_xyz == subject.target.density_map.shape_xyz).all()
    corner = whole.target.density_map.values[:10]
    assert abs(corner.mean()) < 0.1
    assert 0.9 < corner.std() < 1.1
    assert whole.target.level == pytest.approx((8.0 - 5.0) / 0.2, rel=0.1)


def test_a_grid_on_whole_voxels_is_only_cut(subject: Subject, points: np.ndarray) -> None:
    moved = replace(subject.target.density_map, origin=np.round(subject.target.density_map.origin / [1.6, 1.5, 1.4]) * [1.6, 1.5, 1.4])
    found = prepare_map(subject.target.of(moved), points, 4.0, normalise=False)
    first = np.round((found.target.density_map.origin - moved.origin) / moved.voxel_size).astype(int)[::-1]
    ends = first + found.target.density_map.values.shape
    assert np.array_equal(found.target.density_map.values, moved.values[tuple(map(slice, first, ends))])


def test_atoms_outside_are_told_of_and_a_model_elsewhere_refused(subject: Subject, points: np.ndarray) -> None:
    half = points + np.array([subject.target.density_map.box[0] / 2, 0, 0])
    found = prepare_map(subject.target, half, 5.0)
    assert any("atoms lie outside the map" in note for note in found.notes)
    with pytest.raises(UserError, match="no atom of the model lies in made"):
        prepare_map(subject.target, points + 1000, 5.0)
