"""What is drawn plainly while things move, and what is not worth making plainer."""

import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkRenderingCore import vtkRenderer

from difffit_app.application import Application
from difffit_app.geometry.finer import Sight
from difffit_app.scene import plainer
from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.plainer import Plainer
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

STYLE = MapStyle(level=0.5, colour="#336699", opacity=0.5, visible=True)
Waiting = list[tuple[Callable[[], Any], Callable[[Any], None]]]


def ball_on(renderer: vtkRenderer) -> MapActor:
    """A ball of 10 voxels of 2 Å, and its ghost."""
    z, y, x = np.meshgrid(*[np.arange(30.0)] * 3, indexing="ij")
    values = (1.5 - np.sqrt((x - 15) ** 2 + (y - 15) ** 2 + (z - 15) ** 2) / 10).astype(np.float32)
    actor = MapActor(DensityMap(values, np.full(3, 2.0), np.zeros(3)), STYLE)
    for prop in (*actor.props, *actor.ghosts):
        renderer.AddViewProp(prop)
    return actor


def triangles(actor: MapActor) -> tuple[int, int]:
    return tuple(int(prop.GetMapper().GetInput().GetNumberOfPolys()) for prop in (actor.surface, actor.ghost))  # type: ignore[return-value]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plainer, "MANY", 100)


def run(waiting: Waiting) -> None:
    while waiting:
        work, done = waiting.pop(0)
        done(work())


def test_of_levels_that_pass_by_nothing_plainer_is_made(nothing_left: None, few: None) -> None:
    renderer, plain, waiting = vtkRenderer(), Plainer(), Waiting()
    actor = ball_on(renderer)
    actor.show_moving_level(0.6)
    plain.begin([renderer], lambda *job: waiting.append(job))
    for level in (0.7, 0.8, 0.9):
        actor.show_moving_level(level)
        plain.look_again()
    assert not waiting
    plain.end()
    actor.apply(STYLE.model_copy(update={"level": 0.9}))
    full = triangles(actor)
    plain.begin([renderer], lambda *job: waiting.append(job))
    assert len(waiting) == 2, "the level that was set is worth it, for the map and for its ghost"
    run(waiting)
    assert all(now < 0.6 * before for now, before in zip(triangles(actor), full, strict=True))
    plain.end()
    assert triangles(actor) == full


def test_what_was_drawn_plainly_is_let_go_of_with_what_it_stood_for(nothing_left: None, few: None) -> None:
    renderer, plain, waiting, gone = vtkRenderer(), Plainer(), Waiting(), []
    actor = ball_on(renderer)
    mapper = actor.surface.GetMapper()
    mapper.GetInput().AddObserver("DeleteEvent", lambda *_: gone.append("full"))
    full = triangles(actor)
    plain.begin([renderer], lambda *job: waiting.append(job))
    run(waiting)
    mapper.GetInput().AddObserver("DeleteEvent", lambda *_: gone.append("plain"))
    plain.end()
    plain.begin([renderer], None)
    assert triangles(actor)[0] < 0.6 * full[0], "it is there already"
    plain.end()
    renderer.RemoveAllViewProps()
    actor.close()
    del actor, mapper
    gc.collect()
    assert sorted(gone) == ["full", "plain"]


def test_a_ghost_seen_from_near_is_plain_while_it_moves(nothing_left: None, few: None) -> None:
    renderer, plain, waiting = vtkRenderer(), Plainer(), Waiting()
    actor = ball_on(renderer)
    far = triangles(actor)
    actor.look_from(Sight((0.05, 0, 0, -1.5, 0, 0.05, 0, -1.5, 0, 0, 1, 0, 0, 0, 0, 1), 10))
    fine = triangles(actor)
    assert min(fine) > 2 * max(far), "at rest both are fine"
    plain.begin([renderer], lambda *job: waiting.append(job))
    assert triangles(actor) == (far[0], far[0]), "at once, with nothing to wait for"
    run(waiting)
    assert max(triangles(actor)) < far[0]
    plain.end()
    assert triangles(actor) == fine


def test_a_morph_is_a_motion_as_any(fitted: Application, qtbot: Any) -> None:
    motion = fitted.window.viewer.fit.motion
    motion.end()
    fitted.view_state.set_morph(0.4)
    assert motion.moving
    qtbot.waitUntil(lambda: not motion.moving)
