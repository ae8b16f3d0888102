"""Actors and cameras, without a window where one is not needed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.application import Application
from difffit_app.geometry.overview import Overview
from difffit_app.scene.actors import map_actor
from difffit_app.scene.actors.legend_actor import legend_labels
from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.actors.spheres_actor import SpheresActor, opacities_of, sphere_radii, worth_a_look
from difffit_app.scene.stage import look_at
from difffit_app.state.items import OpenFit
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

STYLE = MapStyle(level=0.5, colour="#336699", opacity=0.5, visible=True)


def ball(size: int = 41) -> DensityMap:
    """A ball around (10, 20, 30) whose surface at a level v has the radius 10 - 10 v."""
    axis = np.arange(size) - size // 2
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    radius = np.sqrt((0.5 * x) ** 2 + (0.6 * y) ** 2 + (0.7 * z) ** 2)
    voxel = np.array([0.5, 0.6, 0.7])
    return DensityMap((1 - radius / 10).astype(np.float32), voxel, np.array([10.0, 20.0, 30.0]) - voxel * (size // 2))


@pytest.fixture
def actor(nothing_left: None) -> MapActor:
    return MapActor(ball(), STYLE)


def test_the_surface_lies_where_the_map_says(actor: MapActor) -> None:
    actor.surface.GetMapper().Update()
    np.testing.assert_allclose(actor.surface.GetBounds(), [5, 15, 15, 25, 25, 35], atol=0.1)
    np.testing.assert_allclose(actor.bounds(), [5, 15, 15, 25, 25, 35], atol=1.5)


def test_specks_far_out_do_not_count_for_the_view(nothing_left: None) -> None:
    density = ball()
    values = density.values.copy()
    noise = np.random.default_rng(3).random(values.shape) < 0.02  # dust, of which there is as much as of the ball
    values[noise] = 1
    np.testing.assert_allclose(MapActor(density.with_values(values), STYLE).bounds(), MapActor(density, STYLE).bounds(), atol=1.5)


def test_a_level_above_everything_shows_nothing_and_looks_at_the_box(nothing_left: None) -> None:
    actor = MapActor(ball(), STYLE.model_copy(update={"level": 2.0}))
    assert actor.triangle_count == 0
    np.testing.assert_allclose(actor.bounds(), [0, 20, 8, 32, 16, 44])


def test_a_large_map_is_coarse_while_its_level_moves(nothing_left: None, monkeypatch: pytest.MonkeyPatch) -> None:
    density = ball()
    monkeypatch.setattr(map_actor, "QUICK_VOXELS", 41**3 // 8 + 1)
    actor = MapActor(density, STYLE, overview=Overview.of(density, quick=41**3 // 8 + 1))
    full = actor.triangle_count
    actor.show_moving_level(0.5)
    assert full / 8 < actor.triangle_count < full / 2
    actor.surface.GetMapper().Update()
    np.testing.assert_allclose(actor.surface.GetBounds(), [5, 15, 15, 25, 25, 35], atol=0.2)
    actor.apply(STYLE)
    assert actor.triangle_count == full


def test_the_ghost_of_a_large_map_is_coarse_and_lies_on_its_surface(nothing_left: None) -> None:
    density = ball()
    actor = MapActor(density, STYLE, overview=Overview.of(density, small=41**3 // 20))
    ghost = actor.ghost.GetMapper()
    ghost.Update()
    assert 0 < ghost.GetInput().GetNumberOfPolys() < actor.triangle_count / 5
    np.testing.assert_allclose(actor.ghost.GetBounds(), [5, 15, 15, 25, 25, 35], atol=0.5)


def test_a_ray_hits_the_nearest_sphere_only(nothing_left: None) -> None:
    spheres = SpheresActor()
    centres = np.array([[0.0, 0, 0], [0, 0, 10], [30, 0, 0]])
    spheres.show(centres, np.array([8, 8, 1]), np.array([0.1, 0.5, 0.9]), np.ones(3), 2.0)
    down = np.array([0.0, 0, -1])
    assert spheres.hit(np.array([0.5, 0, 50]), down) == 1
    assert spheres.hit(np.array([0.5, 0, 50]), -down) is None
    assert spheres.hit(np.array([0.5, 0, 5]), down) == 0
    assert spheres.hit(np.array([2.5, 0, 50]), down) is None
    reach = spheres.radii[2]
    assert spheres.hit(np.array([30 + 0.99 * reach, 0, 50]), down) == 2
    assert spheres.hit(np.array([30 + 1.01 * reach, 0, 50]), down) is None
    spheres.show(np.zeros((0, 3)), np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 1.0)
    assert spheres.hit(np.zeros(3), down) is None


def test_more_hits_make_larger_spheres_up_to_the_size() -> None:
    radii = sphere_radii(np.array([1, 10, 1000]), 5.0)
    assert radii[2] == 5.0
    assert np.all(np.diff(radii) > 0)
    assert radii[0] > 1.5


def test_colours_run_from_the_least_to_the_greatest(nothing_left: None) -> None:
    spheres: Any = SpheresActor()
    colours = spheres.colours(np.array([0.2, 0.4, 0.3])).astype(int)
    assert colours[1].tolist() == [0xFD, 0xE7, 0x25]
    assert colours[0].tolist() == [0x6A, 0x5A, 0xCD]
    assert spheres.colours(np.array([0.7])).tolist() == [[0xFD, 0xE7, 0x25]]


def test_the_selected_sphere_is_opaque_and_has_the_rim(nothing_left: None) -> None:
    spheres = SpheresActor()
    spheres.show(np.eye(3) * 20, np.array([8, 4, 1]), np.array([0.1, 0.5, 0.9]), np.array([0.28, 0.28, 1.0]), 2.0)

    def drawn() -> tuple[list[list[float]], list[list[float]]]:
        """Places of the solid spheres, and of the others in the order in which they are drawn, seen along x."""
        spheres.sort(np.array([1.0, 0.1, 0.0]))
        places = []
        for actor, opacity in ((spheres.solid, 255), (spheres.faint, 71)):
            data = actor.GetMapper().GetInput()
            assert actor.GetVisibility() == (data.GetNumberOfPoints() > 0)
            places.append(vtk_to_numpy(data.GetPoints().GetData()).tolist())
            assert set(vtk_to_numpy(data.GetPointData().GetArray("colour"))[:, 3]) == {opacity}
        return places[0], places[1]

    assert drawn() == ([[0, 0, 20]], [[20, 0, 0], [0, 20, 0]])
    spheres.select(1)
    assert drawn() == ([[0, 20, 0], [0, 0, 20]], [[20, 0, 0]])
    assert spheres.halo.GetVisibility()
    assert spheres.halo.GetPosition() == (0.0, 20.0, 0.0)
    spheres.select(None)
    spheres.move(np.eye(3) * [-20, 20, 30])
    assert drawn() == ([[0, 0, 30]], [[0, 20, 0], [-20, 0, 0]])
    assert not spheres.halo.GetVisibility()


def test_what_is_significant_and_a_handful_of_the_rest_is_worth_a_look() -> None:
    doubtful = np.array([False, True, False, *[True] * 30])
    worth = worth_a_look(doubtful)
    assert worth.tolist() == [True] * 7 + [False] * 26, "two that are sure, and the best five of the others"
    opacities = opacities_of(worth, doubtful)
    assert opacities[[0, 2]].tolist() == [1, 1]
    assert opacities[0] > opacities[1] > opacities[-1] > 0.1
    assert worth_a_look(np.zeros(0, bool)).tolist() == []


def test_looking_at_a_box_fills_the_view_and_keeps_the_direction(nothing_left: None) -> None:
    camera = vtkCamera()
    camera.SetPosition(3, 4, 12)
    camera.SetFocalPoint(1, 1, 1)
    forward = np.array(camera.GetDirectionOfProjection())
    bounds = (10, 90, -20, 20, 0, 30)
    for aspect in (0.5, 1.0, 2.5):
        look_at(camera, bounds, aspect)
        np.testing.assert_allclose(camera.GetDirectionOfProjection(), forward, atol=1e-12)
        corners = np.array([[x, y, z, 1] for x in bounds[:2] for y in bounds[2:4] for z in bounds[4:]])
        matrix = camera.GetCompositeProjectionTransformMatrix(aspect, -1, 1)
        seen = corners @ np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)]).T
        reach = np.abs(seen[:, :2] / seen[:, 3:]).max()
        assert 0.9 < reach < 1.15


@pytest.mark.parametrize(
    ("ends", "labels"),
    [
        ((-0.0027, 0.87), ("0.00", "0.87")),
        ((1, 1444), ("1", "1444")),
        ((0.0, 34.4), ("0", "34")),
        ((0.00012, 0.00019), ("1.2e-04", "1.9e-04")),
        ((0.7, 0.7), ("0.70", "0.70")),
    ],
)
def test_the_legend_tells_its_ends_apart(ends: tuple[float, float], labels: tuple[str, str]) -> None:
    assert legend_labels(*ends) == labels


def test_the_first_fit_is_looked_at_not_the_models_that_still_lie_elsewhere(
    opened: Application, make_fit: Callable[..., OpenFit], tmp_path: Path, qtbot: Any
) -> None:
    far = tmp_path / "far.pdb"
    line = "ATOM  {0:5d}  CA  ALA B{0:4d}    {1:8.3f}{1:8.3f}{1:8.3f}  1.00  0.00           C  \n"
    far.write_text("".join(line.format(i, 2000.0 + 3 * i) for i in range(1, 30)), encoding="utf-8")
    opened.files.open_paths([far])
    qtbot.waitUntil(lambda: len(opened.session.models) == 2 and not opened.jobs.reading)
    opened.window.viewer.look_at_everything()
    fit_view = opened.window.viewer.fit
    from_afar = fit_view.camera.GetDistance()
    opened.session.add_fit(make_fit())
    assert fit_view.camera.GetDistance() < from_afar
    seen = np.array(fit_view.maps["map-1"].bounds()).reshape(3, 2)
    assert fit_view.camera.GetDistance() < 6 * np.linalg.norm(seen[:, 1] - seen[:, 0])
    assert np.linalg.norm(np.array(fit_view.camera.GetFocalPoint()) - seen.mean(axis=1)) < 100
