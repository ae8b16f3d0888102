"""Of a see-through surface only the nearest layer is seen, and whatever is inside it."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from vtkmodules.vtkFiltersSources import vtkSphereSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkRenderer

from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.pictures.offscreen import hidden_window, pixels_of
from difffit_app.scene.plainer import Plainer
from difffit_app.scene.stage import Stage, look_along_z, look_at
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

STYLE = MapStyle(level=0.0, colour="#4080c0", opacity=0.4, visible=True)
BOX = (-12, 12, -12, 12, -12, 12)


def shell(inner: float, outer: float) -> DensityMap:
    """Above 0 between two radii in Å around the origin."""
    axis = np.arange(-14, 15)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    radius = np.sqrt(x**2 + y**2 + z**2)
    return DensityMap(np.minimum(outer - radius, radius - inner).astype(np.float32), np.ones(3), np.full(3, -14.0))


def ball(radius: float, opacity: float) -> vtkActor:
    source = vtkSphereSource()
    source.SetRadius(radius)
    source.SetThetaResolution(40)
    source.SetPhiResolution(40)
    mapper = vtkPolyDataMapper()
    mapper.SetInputConnection(source.GetOutputPort())
    actor = vtkActor()
    actor.SetMapper(mapper)
    look = actor.GetProperty()
    look.SetColor(1, 0, 0)
    look.SetOpacity(opacity)
    look.LightingOff()
    look.BackfaceCullingOn()
    return actor


@pytest.fixture
def stage(nothing_left: None) -> Iterator[tuple[Stage, Callable[[], np.ndarray]]]:
    """A white stage, and what is seen in its middle (3,)."""
    window, renderer = hidden_window(), vtkRenderer()
    window.SetSize(101, 101)
    window.AddRenderer(renderer)
    stage = Stage(renderer)
    stage.set_background("#ffffff", "#ffffff")
    look_along_z(stage.camera)
    look_at(stage.camera, BOX, 1.0)

    def middle() -> np.ndarray:
        renderer.ResetCameraClippingRange()
        return pixels_of(window, 101, 101)[50, 50, :3].astype(int)

    yield stage, middle
    renderer.RemoveAllViewProps()
    window.Finalize()


def put(stage: Stage, *actors: MapActor) -> None:
    for actor in actors:
        for prop in actor.props:
            stage.add(prop)
    stage.draw_last([prop for actor in actors for prop in actor.props])


def test_walls_behind_the_first_one_are_not_seen(stage: tuple[Stage, Callable[[], np.ndarray]]) -> None:
    on, middle = stage
    actor = MapActor(shell(-1, 10), STYLE)
    put(on, actor)
    one_wall = middle()
    assert abs(one_wall - 255).max() > 15
    for prop in actor.props:
        on.remove(prop)
    put(on, MapActor(shell(6, 10), STYLE))
    np.testing.assert_allclose(middle(), one_wall, atol=2)


@pytest.mark.parametrize("opacity", [1.0, 0.5])
def test_what_is_inside_shows_through_although_it_came_later(stage: tuple[Stage, Callable[[], np.ndarray]], opacity: float) -> None:
    on, middle = stage
    put(on, MapActor(shell(-1, 10), STYLE))
    empty = middle()
    on.add(ball(3, opacity))
    red, *others = middle() - empty
    assert max(others) < -100 * opacity
    assert red > -60


def test_an_opaque_surface_hides_what_is_inside(stage: tuple[Stage, Callable[[], np.ndarray]]) -> None:
    on, middle = stage
    actor = MapActor(shell(-1, 10), STYLE.model_copy(update={"opacity": 1.0}))
    put(on, actor)
    before = middle()
    on.add(ball(3, 1.0))
    np.testing.assert_array_equal(middle(), before)
    actor.apply(STYLE)
    assert abs(middle() - before).max() > 40


def test_the_smaller_of_two_maps_has_less_above_its_level(nothing_left: None) -> None:
    small, large = MapActor(shell(-1, 4), STYLE), MapActor(shell(-1, 10), STYLE)
    assert small.volume() == pytest.approx(4 / 3 * np.pi * 4**3, rel=0.1)
    assert small.volume() < large.volume()
    small.apply(STYLE.model_copy(update={"level": -9.0}))
    assert small.volume() > large.volume()


def test_silhouettes_are_dark_lines_where_a_surface_ends_but_not_while_it_turns(stage: tuple[Stage, Callable[[], np.ndarray]]) -> None:
    on, middle = stage
    actor = MapActor(shell(-1, 10), STYLE)
    put(on, actor)
    window = on.renderer.GetRenderWindow()

    def darkest() -> tuple[int, int]:
        """In the row through the middle, at the edge and well inside."""
        row = pixels_of(window, 901, 901)[450, :, :3].astype(int).sum(axis=1)
        return int(row.min()), int(row[300:600].min())

    middle()
    window.SetSize(901, 901)
    plain = darkest()
    actor.set_silhouettes(True)
    edge, inside = darkest()
    assert edge < plain[0] - 40
    assert inside == plain[1]
    turning = Plainer()
    turning.begin([on.renderer], None)
    assert darkest() == plain
    turning.end()
    assert darkest() == (edge, inside)
    actor.apply(STYLE.model_copy(update={"mode": "mesh"}))
    assert not actor._lines.GetVisibility()
