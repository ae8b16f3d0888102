"""The best placements side by side."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from difffit_app.application import Application
from difffit_app.scene.gallery_scene import GalleryScene
from difffit_app.scene.tiles import grid, viewports
from difffit_app.state.filters import PlacementFilter
from difffit_app.state.items import OpenFit


@pytest.fixture
def gallery(
    opened: Application, make_fit: Callable[..., OpenFit], fit_of_many: Callable[[OpenFit, int], OpenFit], qtbot: Any
) -> tuple[Application, GalleryScene]:
    """The gallery of a fit with fourteen placements."""
    opened.session.add_fit(fit_of_many(make_fit(), 14))
    opened.window.actions_by_id["gallery"].trigger()
    scene = opened.window.viewer.gallery
    assert scene is not None
    qtbot.waitUntil(scene.plotter.isVisible)
    qtbot.waitUntil(lambda: scene.drawing._size[0] > 100)
    return opened, scene


def ranks(scene: GalleryScene) -> list[int]:
    return [placement.rank for placement in scene.drawing.placements]


def middle_of(scene: GalleryScene, rank: int) -> QPoint:
    left, bottom, right, top = scene.drawing.renderers[ranks(scene).index(rank)].GetViewport()
    return QPoint(round((left + right) / 2 * scene.plotter.width()), round((1 - (bottom + top) / 2) * scene.plotter.height()))


def test_it_shows_the_best_in_order_titled_and_each_in_its_own_place(gallery: tuple[Application, GalleryScene]) -> None:
    application, scene = gallery
    assert ranks(scene) == [1, 2, 3, 4]
    fit = application.session.fit
    assert fit is not None
    titles = scene.drawing.titles()
    assert titles[0].startswith("1   1bd2_moved.pdb.gz, D, E\n")
    assert "0.85" in titles[0]
    assert "not significant" in titles[2]
    for tile, placement in zip(scene.drawing._tiles, fit.placements, strict=False):
        matrix = tile.copies[0].GetUserMatrix()
        np.testing.assert_allclose([matrix.GetElement(i, 3) for i in range(3)], placement.pose.translation)
    own = scene.drawing.fit.models["model-1"].actor
    assert not any(renderer.HasViewProp(own) for renderer in scene.drawing.renderers), "the model is shown by its copies alone"


def test_the_map_is_contoured_once_for_all_tiles(gallery: tuple[Application, GalleryScene]) -> None:
    _, scene = gallery
    surface = scene.drawing.fit.maps["map-1"].surface
    assert all(renderer.HasViewProp(surface) for renderer in scene.drawing.renderers)
    mappers = {id(tile.copies[0].GetMapper()) for tile in scene.drawing._tiles}
    assert len(mappers) == 1


def test_one_camera_turns_all_tiles_and_the_other_views(gallery: tuple[Application, GalleryScene], qtbot: Any) -> None:
    application, scene = gallery
    before = np.array(scene.camera.GetPosition())
    start = middle_of(scene, 4)
    qtbot.mousePress(scene.plotter, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(scene.plotter, start + QPoint(40, 25))
    qtbot.mouseRelease(scene.plotter, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 25))
    assert np.linalg.norm(np.array(scene.camera.GetPosition()) - before) > 1
    assert all(renderer.GetActiveCamera() is scene.camera for renderer in scene.drawing.renderers)
    np.testing.assert_array_equal(application.window.viewer.fit.camera.GetPosition(), scene.camera.GetPosition())
    assert application.session.placement is not None
    assert application.session.placement.rank == 1, "a drag selects nothing"


def test_a_click_selects_and_marks_the_tile(gallery: tuple[Application, GalleryScene], qtbot: Any) -> None:
    application, scene = gallery
    qtbot.mouseClick(scene.plotter, Qt.MouseButton.LeftButton, pos=middle_of(scene, 3))
    assert application.session.placement is not None
    assert application.session.placement.rank == 3
    assert application.window.panels["Placements"].chosen_ranks() == [3]
    assert [bool(tile.frame.actor.GetVisibility()) for tile in scene.drawing._tiles] == [False, False, True, False]


def test_stepping_turns_the_page(gallery: tuple[Application, GalleryScene]) -> None:
    application, scene = gallery
    application.session.select_placement(6)
    assert ranks(scene) == [5, 6, 7, 8]
    application.session.select_placement(14)
    assert ranks(scene) == [13, 14]
    application.session.select_placement(1)
    assert ranks(scene) == [1, 2, 3, 4]


def test_it_follows_the_filter_and_the_size(gallery: tuple[Application, GalleryScene], qtbot: Any) -> None:
    application, scene = gallery
    application.window.actions_by_id["more_tiles"].trigger()
    assert ranks(scene) == [1, 2, 3, 4, 5, 6]
    application.view_state.set_filter(PlacementFilter(significant_only=True))
    assert ranks(scene) == [1, 2, 4, 5, 7, 8]
    viewer = application.window.viewer
    qtbot.mouseClick(viewer._sizes[12], Qt.MouseButton.LeftButton)
    assert len(ranks(scene)) == 10
    assert [button.isChecked() for button in viewer._sizes.values()] == [False, False, False, True]
    qtbot.mouseClick(viewer._sizes[12], Qt.MouseButton.LeftButton)
    assert viewer._sizes[12].isChecked()


def test_it_is_drawn(gallery: tuple[Application, GalleryScene], qtbot: Any, picture_of: Callable[..., np.ndarray]) -> None:
    application, scene = gallery

    def tiles_with_something() -> int:
        seen = picture_of(scene.plotter)
        height, width = seen.shape[:2]
        count = 0
        for renderer in scene.drawing.renderers:
            left, bottom, right, top = renderer.GetViewport()
            tile = seen[
                round((1 - top) * height) + 50 : round((1 - bottom) * height) - 4, round(left * width) + 4 : round(right * width) - 4
            ]
            count += bool((np.abs(tile - tile[:, :1]).max(axis=-1) > 25).mean() > 0.01)
        return count

    qtbot.waitUntil(lambda: tiles_with_something() == 4, timeout=20_000)
    application.styles.change_map("map-1", visible=False)
    application.styles.change_model("model-1", visible=False)
    qtbot.waitUntil(lambda: tiles_with_something() == 0, timeout=20_000)


def test_it_goes_back_to_the_views(gallery: tuple[Application, GalleryScene], prompts: Any, qtbot: Any) -> None:
    application, scene = gallery
    actions = application.window.actions_by_id
    assert [actions[name].isChecked() for name in ("views", "offset", "gallery")] == [False, False, True]
    qtbot.mouseClick(application.window.viewer._back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(application.window.viewer.clusters.plotter.isVisible)
    assert [actions[name].isChecked() for name in ("views", "offset", "gallery")] == [True, False, False]
    actions["gallery"].trigger()
    assert application.view_state.layout == "gallery"
    application.session.remove_fit("fit-9")
    assert application.view_state.layout == "views", "there is nothing left to show in a gallery"
    assert scene.drawing.placements == []


@pytest.mark.parametrize(
    ("count", "size", "expected"), [(4, (900, 600), (2, 2)), (6, (900, 500), (3, 2)), (12, (1200, 700), (4, 3)), (1, (300, 900), (1, 1))]
)
def test_tiles_fill_the_window(count: int, size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert grid(count, *size) == expected
    boxes = np.array(list(viewports(count, *size)))
    area = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).sum()
    assert 0.95 * count / np.prod(expected) < area <= 1
    assert boxes[0, 3] > 0.99
