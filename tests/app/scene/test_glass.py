"""See-through surfaces: they stand off the ground, be it light or dark, and stay of glass whatever else their shaders do."""

import numpy as np
import pytest
from vtkmodules.vtkRenderingCore import vtkRenderer

from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.depth import fade
from difffit_app.scene.pictures.offscreen import hidden_window, pixels_of
from difffit_app.scene.stage import Stage, look_along_z
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

STYLE = MapStyle(level=5, colour="#7f9ab8", opacity=0.35, visible=True)


@pytest.fixture
def ball() -> DensityMap:
    axis = np.arange(-20, 21)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    return DensityMap((20 - np.sqrt(x**2 + y**2 + z**2)).astype(np.float32), np.ones(3), np.full(3, -20.0))


def seen(actor: MapActor, ground: str, *, ghost: bool = False) -> np.ndarray:
    """The middle row of a picture, as grey (n,)."""
    window, renderer = hidden_window(), vtkRenderer()
    window.SetSize(81, 81)
    window.AddRenderer(renderer)
    stage = Stage(renderer)
    stage.set_background(ground, ground)
    for prop in actor.ghosts if ghost else actor.props:
        stage.add(prop)
    look_along_z(renderer.GetActiveCamera())
    renderer.ResetCamera()
    stage.prepare()
    row = pixels_of(window, 81, 81).astype(int)[40, :, :3].mean(axis=-1)
    renderer.RemoveAllViewProps()
    window.Finalize()
    return row


@pytest.mark.parametrize("ghost", [False, True])
@pytest.mark.parametrize(("ground", "value"), [("#ffffff", 255), ("#000000", 0), ("#14171c", 23)])
def test_a_surface_of_glass_stands_off_the_ground(ball: DensityMap, ground: str, value: int, ghost: bool) -> None:
    row = np.abs(seen(MapActor(ball, STYLE), ground, ghost=ghost) - value)
    assert row[40] > 12, "where it faces the eye"
    assert row.max() > (38 if ghost else 50), "its rim"
    assert row.max() > 2 * row[40]


def test_a_map_that_was_opaque_is_of_glass_once_it_is_see_through(ball: DensityMap) -> None:
    """As things fade with depth, which has a place in the same shader."""
    fresh = seen(MapActor(ball, STYLE), "#ffffff")
    actor = MapActor(ball, STYLE.model_copy(update={"opacity": 1.0}))
    renderer = vtkRenderer()
    for prop in actor.props:
        renderer.AddViewProp(prop)
    fade(renderer, True, (1.0, 1.0, 1.0))
    fade(renderer, False, (1.0, 1.0, 1.0))
    renderer.RemoveAllViewProps()
    actor.apply(STYLE)
    np.testing.assert_allclose(seen(actor, "#ffffff"), fresh, atol=2)
