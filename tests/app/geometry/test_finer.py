"""What is near is drawn finely: by splines through the voxels, in the part that is seen, and no more than can be drawn quickly."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.geometry import finer as part_of
from difffit_app.geometry.finer import Sight, near_part, supersampled
from difffit_app.scene.actors.isosurface import arrays_of, contour, finer, image_of, without_islands
from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.actors.stand_in import stand_in_of
from difffit_app.scene.camera.pose import sight_of
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

SIZE, ORIGIN, RADIUS = np.array([2.0, 2.5, 3.0]), np.array([10.0, -20.0, 30.0]), 16.0
STYLE = MapStyle(level=0.5, colour="#336699", opacity=0.5, visible=True)


def wave(places: NDArray[Any]) -> NDArray[Any]:
    x, y, z = np.moveaxis(places, -1, 0)
    return np.sin(0.31 * x + 0.2) + np.cos(0.27 * y) * np.sin(0.23 * z)


def sampled(function: Callable[[NDArray[Any]], NDArray[Any]], shape: tuple[int, int, int] = (24, 27, 30)) -> DensityMap:
    z, y, x = np.meshgrid(*map(np.arange, shape), indexing="ij")
    return DensityMap(function(np.stack([x, y, z], axis=-1) * SIZE + ORIGIN).astype(np.float32), SIZE, ORIGIN)


def two_balls(places: NDArray[Any]) -> NDArray[Any]:
    """0.5 at 16 Å round the middle of the map, and at 4 Å round a corner; flattened as maps are."""
    middle, corner = ORIGIN + SIZE * [15, 13, 12], ORIGIN + SIZE * [4, 4, 4]
    deep = np.maximum(RADIUS - np.linalg.norm(places - middle, axis=-1), 4 - np.linalg.norm(places - corner, axis=-1))
    return 1 / (1 + np.exp(-deep / 3))


BALLS = sampled(two_balls)
MIDDLE = ORIGIN + SIZE * [15, 13, 12]


def sight(distance: float, at: NDArray[Any] = MIDDLE, height: float = 600) -> Sight:
    """From so far above a place, 25° high."""
    camera = vtkCamera()
    camera.SetFocalPoint(*at)
    camera.SetPosition(*(at + np.array([0, 0, distance])))
    camera.SetViewAngle(25)
    camera.SetClippingRange(0.1, 10 * distance)
    return sight_of(camera, 1.2, height)


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_splines_keep_the_voxels_and_are_near_between_them(times: int) -> None:
    density = sampled(wave)
    box = np.array([2, 0, 5]), np.array([20, 26, 23])
    made = supersampled(density, box, times)
    (x, y, z), (to_x, to_y, to_z) = box[0], box[1] + 1
    np.testing.assert_allclose(made.values[::times, ::times, ::times], density.values[z:to_z, y:to_y, x:to_x], atol=2e-5)
    z, y, x = np.meshgrid(*map(np.arange, made.values.shape), indexing="ij")
    true = wave(np.stack([x, y, z], axis=-1) * made.voxel_size + made.origin)
    inner = (slice(2 * times, -2 * times),) * 3  # at the faces of the map nothing is known of what is beyond
    straight = np.abs(np.sin(0.31 * SIZE[0] / 2) ** 2)
    assert np.abs(made.values - true)[inner].max() < 0.15 * straight


def test_only_what_is_seen_from_near_is_drawn_finely_within_bounds() -> None:
    vertices, _ = arrays_of(contour(image_of(BALLS), 0.5))
    assert near_part(vertices, BALLS, 1, sight(2000)) is None, "from afar"
    assert near_part(vertices, BALLS, 1, sight(60, MIDDLE + np.array([500, 0, 0]))) is None, "beside it"
    whole = near_part(vertices, BALLS, 1, sight(250))
    assert whole is not None
    assert whole[1] > 1
    at = MIDDLE + np.array([0, 0, RADIUS])
    near = near_part(vertices, BALLS, 1, sight(40, at))
    assert near is not None
    low, high = (ORIGIN + corner * SIZE for corner in near[0])
    assert (low <= at).all()
    assert (high >= at).all()
    assert (near[0][1] - near[0][0]).prod() < (whole[0][1] - whole[0][0]).prod()
    assert near[1] >= whole[1]


@pytest.mark.parametrize("step", [1, 2])
def test_a_part_is_no_larger_than_can_be_drawn(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rough = DensityMap(np.random.default_rng(3).random((40, 41, 42), dtype=np.float32), np.ones(3), np.zeros(3))
    part = rough if step == 1 else DensityMap(rough.values[::step, ::step, ::step], np.full(3, float(step)), np.zeros(3))
    vertices, _ = arrays_of(contour(image_of(part), 0.5))
    seen = sight(90, np.full(3, 20.0))
    for most in (400_000, 20_000):
        monkeypatch.setattr(part_of, "_MOST_VERTICES", most)
        found = near_part(vertices, rough, step, seen)
        if found is not None:
            (low, high), times = found
            assert (low % step == 0).all()
            assert (high % step == 0).all()
            assert contour(image_of(supersampled(rough, (low, high), times)), 0.5).GetNumberOfPoints() < 1.3 * most
    monkeypatch.setattr(part_of, "_MOST_VERTICES", 10)
    assert near_part(vertices, rough, step, seen) is None


@pytest.mark.parametrize("step", [1, 2])
def test_a_fine_part_is_nearer_to_the_truth_and_leaves_no_hole(step: int) -> None:
    plain = without_islands(contour(image_of(BALLS, step), 0.5), 1000)
    made = finer(plain, BALLS, step, 0.5, 1000, sight(60, MIDDLE + np.array([0, 0, RADIUS])))
    assert made is not None

    def shape(surface: Any) -> tuple[float, float]:
        """Volume in Å³, and greatest distance from the ball in what is seen."""
        vertices, faces = arrays_of(surface)
        corners = vertices[faces] - MIDDLE
        middles = corners.mean(axis=1)
        seen = (middles[:, 2] > 0.8 * RADIUS) & (np.abs(middles[:, :2]) < 8).all(axis=1)
        volume = np.einsum("fi,fi->f", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6
        return float(volume), float(np.abs(np.linalg.norm(middles[seen], axis=1) - RADIUS).max())

    (before, off_before), (after, off_after) = shape(plain), shape(made)
    assert off_after < 0.3 * off_before
    true = 4 / 3 * np.pi * RADIUS**3
    assert abs(after - true) < abs(before - true), "closed but for hair's breadths, and without the small ball"
    vertices, _ = arrays_of(made)
    normals = vtk_to_numpy(made.GetPointData().GetNormals())
    assert len(normals) == len(vertices)


class Queue:
    """Does what it was given when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
        self.made = 0

    def later(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.waiting.append((work, done))

    def run(self) -> None:
        for work, done in [self.waiting.pop(0) for _ in range(len(self.waiting))]:
            found = work()
            self.made += found is not None
            done(found)


def test_a_map_is_fine_at_rest_and_plain_while_it_turns(nothing_left: None) -> None:
    queue, ready = Queue(), []
    actor = MapActor(BALLS, STYLE, queue.later, lambda: ready.append(1))
    plain = actor.triangle_count
    actor.look_from(sight(250))
    assert actor.triangle_count == plain
    queue.run()
    fine = actor.triangle_count
    assert fine > 2 * plain
    assert ready
    standing_in = stand_in_of(actor.surface.GetMapper().GetInput())
    assert standing_in is not None
    assert standing_in.GetNumberOfPolys() == plain
    assert actor.ghost.GetMapper().GetInput() is actor.surface.GetMapper().GetInput(), "the ghost is as fine"
    actor.look_from(sight(240))
    actor.look_from(sight(2000))
    queue.run()
    assert (actor.triangle_count, queue.made) == (plain, 1), "of two looks in a row only the last counts"
    actor.look_from(sight(250))
    queue.run()
    actor.apply(STYLE.model_copy(update={"level": 0.4}))
    other = actor.triangle_count
    assert other < fine
    queue.run()
    assert actor.triangle_count > 2 * other, "so is another level, once it is set"
    for kept in ({"step": 1}, {"mode": "mesh"}):
        actor.apply(STYLE.model_copy(update=kept))
        queue.run()
        assert actor.triangle_count == (plain if "step" in kept else 0), "a step that was chosen, and the squares of a mesh, are kept"
    actor.apply(STYLE)
    actor.move(np.array([[1.0, 0, 0, 5000], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]))
    actor.look_from(sight(250))
    queue.run()
    assert actor.triangle_count == plain, "it is looked at where it was moved to"
    actor.look_from(sight(200))
    actor.close()
    queue.run()
    assert actor.triangle_count == plain
