"""The pointer: where it is on the surface, on a slice or in the plane of view, and the density there."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.pointer.controller import CursorController
from difffit_app.geometry.pick import density_at, on_atoms, on_slice, on_surface
from difffit_app.state.items import MapStatistics, OpenMap
from difffit_app.state.subjects import MapSubject, ResidueSubject
from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap

DOWN = np.array([0.0, 0.0, -1.0])


def ball() -> DensityMap:
    """Around (10, 20, 30), reaching v at a distance of 10 - 10 v Å."""
    axis = np.arange(41) - 20
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    radius = np.sqrt((0.5 * x) ** 2 + (0.6 * y) ** 2 + (0.7 * z) ** 2)
    voxel = np.array([0.5, 0.6, 0.7])
    return DensityMap((1 - radius / 10).astype(np.float32), voxel, np.array([10.0, 20.0, 30.0]) - voxel * 20)


@pytest.fixture
def cursor(desk: Any) -> CursorController:
    density = ball()
    item = OpenMap("map-1", "ball", density, MapStatistics.of(density.values), suggest_level(density))
    desk.view_state.add_map("map-1", 0.5)
    desk.session.add_map(item)
    return CursorController(desk)


@pytest.mark.parametrize("offset", [(0.0, 0.0), (2.0, -1.0), (4.0, 2.0)])
def test_the_surface_is_where_the_level_is_first_reached(offset: tuple[float, float]) -> None:
    start = np.array([10 + offset[0], 20 + offset[1], 100.0])
    distance = on_surface(ball(), 0.5, start, DOWN)
    assert distance == pytest.approx(70 - np.sqrt(25 - offset[0] ** 2 - offset[1] ** 2), abs=0.15)


def test_rays_that_pass_by_meet_nothing() -> None:
    density, beside = ball(), np.array([10.0, 28.0, 100.0])
    assert on_surface(density, 0.5, beside, DOWN) is None
    assert on_surface(density, 0.5, np.array([90.0, 20, 100]), DOWN) is None, "outside the box"
    assert on_surface(density, 0.5, np.array([10.0, 20, 100]), -DOWN) is None, "behind"
    assert on_slice(density, 2, 20, np.array([30.0, 20, 100]), DOWN) is None
    assert on_slice(density, 0, 20, beside, DOWN) is None, "along the slice"
    assert on_atoms(np.zeros((1, 3)), 1.5, np.array([2.0, 0, 10]), DOWN) is None


def test_the_first_atom_near_the_ray_is_met() -> None:
    atoms = np.array([[0.0, 0, 0], [1.0, 0, 5], [0, 5, 8]])
    assert on_atoms(atoms, 1.5, np.array([0.0, 0, 10]), DOWN) == (1, 5.0)
    assert on_atoms(atoms, 0.5, np.array([0.0, 0, 10]), DOWN) == (0, 10.0)


def test_density_is_trilinear_and_unknown_outside() -> None:
    density = ball()
    index = np.array([[3, 4, 5], [4, 4, 5]])
    points = density.positions(index)
    np.testing.assert_allclose(density_at(density, points), [density.values[3, 4, 5], density.values[4, 4, 5]], rtol=1e-6)
    np.testing.assert_allclose(density_at(density, points.mean(axis=0)[None]), density.values[3:5, 4, 5].mean(), rtol=1e-6)
    assert np.isnan(density_at(density, np.array([[0.0, 0, -50]]))[0])


def test_it_tells_surface_then_slice_then_plane_of_view(desk: Any, cursor: CursorController) -> None:
    start, focal = np.array([10.0, 20, 100]), np.array([0.0, 0, 32])
    assert cursor.describe(start, DOWN, focal).startswith("x 10.0  y 20.0  z 35.0 Å   ·   density 0.5 (")
    desk.view_state.set_map_style("map-1", mode="slice", slices=(0, 0, 30))
    assert cursor.describe(start, DOWN, focal).startswith("x 10.0  y 20.0  z 37.0 Å   ·   density 0.3 (")
    np.testing.assert_allclose(cursor.slice_under(start, DOWN), [10, 20, 37])
    desk.view_state.set_map_style("map-1", visible=False)
    assert cursor.describe(start, DOWN, focal).startswith("x 10.0  y 20.0  z 32.0 Å   ·   density 0.8 (")
    assert cursor.describe(start + np.array([100, 0, 0]), DOWN, focal).endswith("outside ball")
    desk.session.remove_map("map-1")
    assert cursor.describe(start, DOWN, focal) == ""


def test_of_all_slices_the_nearest_counts(desk: Any, cursor: CursorController) -> None:
    desk.view_state.set_map_style("map-1", mode="slice", all_slices=True, slices=(20, 20, 10))
    slanted = np.array([0.6, 0.0, -0.8])
    point = cursor.slice_under(np.array([10.0, 22, 40]) - 5 * slanted, slanted)
    np.testing.assert_allclose(point, [10, 22, 40], atol=1e-6)


def test_residues_are_named_with_their_model_where_there_are_several(desk: Any, example: tuple[Path, Path]) -> None:
    files = FilesController(desk)
    cursor = CursorController(desk)
    files.open_paths(example[1:])
    model = desk.session.models["model-1"].model
    first = (model.chain_names == "D").argmax()
    residue = ResidueSubject("model-1", int(model.residue_index[first]))
    name = f"{model.residue_names[first]} {model.residue_numbers[first]}, chain D"
    assert cursor.name(residue) == name
    files.open_paths(example[1:])
    assert cursor.name(residue) == f"{name} of {desk.session.models['model-1'].name}"
    assert cursor.name(None) == ""
    assert cursor.name(ResidueSubject("model-9", 1)) == "", "closed since"


def test_maps_are_named_with_their_level(desk: Any, cursor: CursorController) -> None:
    sigmas = desk.session.maps["map-1"].statistics.in_sigma(0.5)
    assert cursor.name(MapSubject("map-1")) == f"ball, level 0.5 ({sigmas:.1f} σ)"
