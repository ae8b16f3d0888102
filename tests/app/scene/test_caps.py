"""Maps are closed where planes, or the ends of their boxes, cut them."""

import numpy as np
import pytest
from vtkmodules.vtkRenderingCore import vtkRenderer

from difffit_app.application import Application
from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.pictures.offscreen import hidden_window, pixels_of
from difffit_app.scene.stage import Stage, look_along_z
from difffit_app.state.depth import Clip
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

STYLE = MapStyle(level=5, colour="#5f93d0", opacity=1.0, visible=True)


def ball(high: int = 20) -> DensityMap:
    """Of radius 15 Å about the origin, up to so far along z."""
    axis = np.arange(-20, 21)
    z, y, x = np.meshgrid(axis[axis <= high], axis, axis, indexing="ij")
    return DensityMap((20 - np.sqrt(x**2 + y**2 + z**2)).astype(np.float32), np.ones(3), np.full(3, -20.0))


def seen(actor: MapActor, clip: Clip | None, azimuth: float = 0.0, *, closed: bool = True) -> np.ndarray:
    """The middle of a picture (21, 21), grey, from along z or turned from there; what is seen first is at its centre."""
    window, renderer = hidden_window(), vtkRenderer()
    window.SetSize(121, 121)
    window.AddRenderer(renderer)
    stage = Stage(renderer)
    for prop in actor.props:
        stage.add(prop)
    look_along_z(renderer.GetActiveCamera())
    renderer.ResetCamera(-20, 20, -20, 20, -20, 20)
    stage.camera.Azimuth(azimuth)
    stage.clip = clip
    if closed:
        actor.cut(stage.standing_clip(), np.array(stage.camera.GetDirectionOfProjection()), moving=False)
    stage.prepare()
    pixels = pixels_of(window, 121, 121).astype(int)[50:71, 50:71, :3].mean(axis=-1)
    renderer.RemoveAllViewProps()
    window.Finalize()
    return pixels


def test_a_slab_shows_a_flat_cap_and_not_the_inside() -> None:
    actor = MapActor(ball(), STYLE)
    hollow = seen(actor, Clip(0.0, 500.0), closed=False)
    solid = seen(actor, Clip(0.0, 500.0))
    assert np.ptp(hollow) > 5, "the inside of a ball is shaded"
    assert np.ptp(solid) < 2
    whole = seen(actor, None)
    assert not actor.caps.actor.GetVisibility()
    assert np.ptp(whole) > 2


def test_planes_that_are_fixed_are_closed_where_they_are_seen() -> None:
    clip = Clip(0.0, 5.0).standing((0.0, 0.0, 0.0), (0.0, 0.0, -1.0))
    actor = MapActor(ball(), STYLE)
    assert np.ptp(seen(actor, clip)) < 2
    heights = {plane[0][2] for plane in actor.caps._made}
    assert heights == {0.0}, "the back plane is turned away"
    seen(actor, clip, azimuth=180)
    assert {plane[0][2] for plane in actor.caps._made} == {-5.0}
    before = dict(actor.caps._made)
    seen(actor, clip, azimuth=170)
    assert all(actor.caps._made[plane] is made for plane, made in before.items()), "what is there is not made again"


def test_a_surface_is_closed_at_the_ends_of_its_box() -> None:
    actor = MapActor(ball(high=3), STYLE)
    assert np.ptp(seen(actor, None, closed=False)) > 5
    assert np.ptp(seen(actor, None)) < 2
    actor.apply(STYLE.model_copy(update={"mode": "mesh"}))
    seen(actor, None)
    assert not actor.caps.actor.GetVisibility(), "a mesh is seen through"


def test_a_see_through_map_that_is_cut_hides_the_lines_behind() -> None:
    """Which lie around the far side, and were seen through the opening as a dark patch."""
    actor = MapActor(ball(), STYLE.model_copy(update={"opacity": 0.35}))
    plain = seen(actor, Clip(0.0, 500.0))
    actor.set_silhouettes(True)
    np.testing.assert_allclose(seen(actor, Clip(0.0, 500.0)), plain, atol=2)
    assert seen(actor, Clip(0.0, 500.0)).mean() < 245, "there is a cap"


def test_a_map_that_is_drawn_elsewhere_is_closed_there() -> None:
    actor = MapActor(ball(), STYLE)
    moved = np.eye(4)
    moved[:3, :3], moved[:3, 3] = [[0, -1, 0], [1, 0, 0], [0, 0, 1]], (0, 0, 4)
    actor.move(moved)
    assert np.ptp(seen(actor, Clip(0.0, 500.0))) < 2
    (plane,) = actor.caps._made
    assert plane[0][2] == pytest.approx(-4), "where the plane is in the map"


def test_the_window_closes_what_the_slab_cuts(opened: Application) -> None:
    fit, view_state = opened.window.viewer.fit, opened.view_state
    caps = fit.maps["map-1"].caps
    fit.motion.go()
    view_state.set_clip(Clip(0.0, 30.0))
    fit.prepare()
    assert caps.actor.GetMapper().GetInput().GetNumberOfPolys() > 0
    assert any(hasty for hasty, _ in caps._made.values())
    fit.motion.end()
    fit.prepare()
    assert not any(hasty for hasty, _ in caps._made.values()), "finer at rest"
    view_state.set_map_style("map-1", visible=False)
    fit.prepare()
    assert not caps.actor.GetVisibility()
    view_state.set_map_style("map-1", visible=True)
    view_state.set_clip(None)
    fit.prepare()
    ends = {plane for plane, _ in caps._ends}
    assert set(caps._made) <= ends, "what reaches the ends of the box stays closed"
