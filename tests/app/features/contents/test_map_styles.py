"""Maps: what their style says is what is drawn, at once where that is quick."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from vtkmodules.util.numpy_support import vtk_to_numpy

from difffit_app.application import Application
from difffit_app.geometry.overview import Overview
from difffit_app.scene.actors import map_actor
from difffit_app.scene.actors.isosurface import contour, grid_lines, image_of, without_islands
from difffit_app.scene.actors.map_actor import MapActor, crossings
from difffit_app.scene.actors.stand_in import stand_in_of
from difffit_app.styles import MapStyle
from difffit_core.density_map import DensityMap

STYLE = MapStyle(level=0.5, colour="#336699", opacity=0.5, visible=True)


def blobs(*balls: tuple[tuple[float, float, float], float], shape: tuple[int, int, int] = (40, 36, 44)) -> DensityMap:
    """A map of 0.5 Å voxels from (10, 20, 30) that reaches 0.5 at the given radius (Å) around each centre (x, y, z in voxels)."""
    z, y, x = np.meshgrid(*map(np.arange, shape), indexing="ij")
    values = np.zeros(shape)
    for (cx, cy, cz), radius in balls:
        distance = 0.5 * np.sqrt((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2)
        values = np.maximum(values, 0.5 - 0.1 * (distance - radius))
    return DensityMap(values.astype(np.float32), np.full(3, 0.5), np.array([10.0, 20.0, 30.0]))


LARGE, SMALL = ((15.0, 17.0, 18.0), 4.0), ((38.0, 5.0, 6.0), 1.5)


@pytest.mark.parametrize(("smallest", "pieces"), [(0.0, 2), (10.0, 2), (20.0, 1), (1000.0, 0)])
def test_islands_go_by_the_volume_they_enclose(nothing_left: None, smallest: float, pieces: int) -> None:
    """The small ball has 14 Å³, the large one 268."""
    density = blobs(LARGE, SMALL)
    surface = without_islands(contour(image_of(density), 0.5), smallest)
    if pieces == 0:
        assert surface.GetNumberOfPolys() == 0
        return
    expected = density if pieces == 2 else blobs(LARGE)
    reference = contour(image_of(expected), 0.5)
    assert surface.GetNumberOfPolys() == reference.GetNumberOfPolys()
    np.testing.assert_allclose(surface.GetBounds(), reference.GetBounds())
    np.testing.assert_allclose(
        vtk_to_numpy(surface.GetPointData().GetNormals()).sum(axis=0),
        vtk_to_numpy(reference.GetPointData().GetNormals()).sum(axis=0),
        atol=1e-2,
    )


def test_a_mesh_has_the_edges_that_lie_in_the_planes_of_the_grid(nothing_left: None) -> None:
    image = image_of(blobs(LARGE))
    surface = contour(image, 0.5)
    lines = grid_lines(surface, image)
    ends = vtk_to_numpy(lines.GetLines().GetConnectivityArray()).reshape(-1, 2)
    assert len(np.unique(np.sort(ends, axis=1), axis=0)) == len(ends), "each once"
    place = (vtk_to_numpy(lines.GetPoints().GetData())[ends] - [10, 20, 30]) / 0.5
    in_plane = (np.abs(place[:, 0] - place[:, 1]) < 1e-3) & (np.abs(place[:, 0] - np.rint(place[:, 0])) < 1e-3)
    assert in_plane.any(axis=1).all()
    edges = 3 * surface.GetNumberOfPolys() // 2
    assert 0.5 * edges < len(ends) < 0.9 * edges


def test_the_vertices_of_a_surface_can_be_counted_before_it_is_made(nothing_left: None) -> None:
    density = blobs(LARGE, SMALL)
    assert crossings(density.values, 0.5) == contour(image_of(density), 0.5).GetNumberOfPoints()


def test_a_surface_of_too_many_vertices_is_drawn_coarsely(nothing_left: None, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(1).random((40, 40, 40), dtype=np.float32)
    density = DensityMap(noise, np.ones(3), np.zeros(3))
    full = MapActor(density, STYLE).triangle_count
    monkeypatch.setattr(map_actor, "_MOST_VERTICES", {True: 20_000, False: 1_000_000})
    assert 0 < MapActor(density, STYLE).triangle_count < full / 4
    assert MapActor(density, STYLE.model_copy(update={"step": 1})).triangle_count == full


class Queue:
    """Does what it was given when it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []

    def later(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self.waiting.append((work, done))

    def run(self) -> None:
        for work, done in [self.waiting.pop(0) for _ in range(len(self.waiting))]:
            done(work())


def test_a_large_map_is_coarse_until_its_surface_is_ready(nothing_left: None, monkeypatch: pytest.MonkeyPatch) -> None:
    density = blobs(LARGE, SMALL)
    full = contour(image_of(density), 0.5).GetNumberOfPolys()
    quick = density.values.size // 8 + 1
    monkeypatch.setattr(map_actor, "QUICK_VOXELS", quick)
    queue, ready = Queue(), []
    actor = MapActor(density, STYLE, queue.later, lambda: ready.append(actor.triangle_count), Overview.of(density, quick))
    assert 0 < actor.triangle_count < full / 2
    queue.run()
    assert ready == [full]
    actor.show_moving_level(0.6)
    assert actor.triangle_count < full / 2
    actor.apply(STYLE.model_copy(update={"level": 0.6}))
    actor.apply(STYLE.model_copy(update={"level": 0.7}))
    queue.run()
    assert len(ready) == 2, "of two levels in a row only the last is made"
    assert actor.triangle_count == contour(image_of(density), 0.7).GetNumberOfPolys()
    actor.apply(STYLE.model_copy(update={"level": 0.7, "colour": "#ffffff"}))
    assert queue.waiting == [], "another colour needs no other surface"
    standing_in = stand_in_of(actor.surface.GetMapper().GetInput())
    assert standing_in is not None
    assert 0 < standing_in.GetNumberOfPolys() < ready[-1] / 2, "while it turns"
    actor.apply(STYLE)
    actor.close()
    queue.run()
    assert len(ready) == 2, "what is closed takes nothing more"


def test_modes_step_and_box_reach_the_view(opened: Application, qtbot: Any) -> None:
    panel, actor = opened.window.panels["Map"].look, opened.window.viewer.fit.maps["map-1"]
    state = opened.view_state.maps
    full = actor.triangle_count
    panel.step.setCurrentIndex(panel.step.findData(2))
    panel.step.activated.emit(panel.step.currentIndex())
    assert state["map-1"].step == 2
    assert 0 < actor.triangle_count < full / 2
    opened.styles.change_map("map-1", step=None)
    assert panel.step.currentText() == "Auto"
    qtbot.waitUntil(lambda: actor.triangle_count >= full)  # or more, where it is seen from near; either is drawn in the background
    for mode in ("mesh", "slice", "surface"):
        panel.mode.setCurrentIndex(panel.mode.findData(mode))
        panel.mode.activated.emit(panel.mode.currentIndex())
        assert state["map-1"].mode == mode
        assert actor.surface.GetVisibility() == (mode != "slice")
        assert [prop.GetVisibility() for prop in actor.slices.slices] == [0, 0, mode == "slice"]
        lines = actor.surface.GetMapper().GetInput().GetNumberOfLines()
        assert (lines > 0) == (mode == "mesh") or mode == "slice"
    panel.box.setChecked(True)
    assert actor.outline.GetVisibility()
    np.testing.assert_allclose(actor.bounds(), actor._full.GetBounds())
    opened.window.panels["Open"].rows["map-1"].eye.click()
    assert not actor.is_shown


def test_islands_are_hidden_from_the_panel(opened: Application) -> None:
    actor = opened.window.viewer.fit.maps["map-1"]
    full = actor.triangle_count
    opened.window.panels["Map"].look.islands.setValue(500)
    assert opened.view_state.maps["map-1"].smallest_island == 500
    assert 0 < actor.triangle_count < full


def test_the_slice_goes_where_the_slider_and_the_keys_put_it(opened: Application, qtbot: Any) -> None:
    panel, item = opened.window.panels["Map"].look, opened.session.maps["map-1"]
    opened.styles.change_map("map-1", mode="slice", slice_axis="x")
    last = int(item.density.shape_xyz[0]) - 1
    assert (panel.number.maximum(), panel.number.value()) == (last, last // 2)
    panel.number.setFocus()
    qtbot.keyClick(panel.number, Qt.Key.Key_Right)
    slices = opened.window.viewer.fit.maps["map-1"].slices
    assert opened.view_state.maps["map-1"].slices[0] == last // 2 + 1
    slices.outlines[0].GetMapper().Update()
    assert slices.outlines[0].GetBounds()[0] == pytest.approx(item.density.origin[0] + (last // 2 + 1) * item.density.voxel_size[0])
    opened.styles.step_slice(10_000)
    assert opened.view_state.maps["map-1"].slices[0] == last
    panel.all.setChecked(True)
    assert all(prop.GetVisibility() for prop in slices.slices)
    opened.styles.centre_slices("map-1", item.density.origin + 3 * item.density.voxel_size)
    assert opened.view_state.maps["map-1"].slices == (3, 3, 3)


def test_arrow_keys_on_the_histogram_step_the_level(opened: Application, qtbot: Any) -> None:
    histogram, statistics = opened.window.panels["Map"].histogram, opened.session.maps["map-1"].statistics
    before = opened.view_state.maps["map-1"].level
    histogram.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Left):
        qtbot.keyClick(histogram, key)
    assert opened.view_state.maps["map-1"].level == pytest.approx(before + 0.1 * (statistics.high - statistics.low))
