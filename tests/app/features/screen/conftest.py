"""A screen with views that only note what they are told, and workers that work at once."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock, create_autospec

import numpy as np
import pytest

from difffit_app.features.screen.controller import ScreensController
from difffit_app.features.screen.hits import ScreenHitsController
from difffit_app.features.screen.views import ScreenPanelView, ThumbnailsView
from difffit_app.state.changes.of_session import AddMap
from difffit_app.state.project.reading import read_open_map
from difffit_app.state.screening import ScreeningState
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map, write_map
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.workers import ThisProcess


@pytest.fixture(scope="module")
def coarse(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped map with every fifth voxel only."""
    density = read_map(repository / "resources" / "example" / "1bd2_4A.mrc.gz")
    path = tmp_path_factory.mktemp("maps") / "coarse.mrc"
    write_map(path, DensityMap(density.values[::5, ::5, ::5], density.voxel_size * 5, density.origin))
    return path


@pytest.fixture
def screening() -> ScreeningState:
    return ScreeningState()


@pytest.fixture
def view() -> Mock:
    return create_autospec(ScreenPanelView, instance=True)


@pytest.fixture
def thumbnails() -> Mock:
    mock = create_autospec(ThumbnailsView, instance=True)
    mock.draw_thumbnail_later.return_value = lambda: np.zeros((3, 4, 3), np.uint8)
    return mock


@pytest.fixture
def controller(desk: Any, screening: ScreeningState, view: Mock, coarse: Path) -> ScreensController:
    """With the map open."""
    desk.history.do(AddMap(replace(read_open_map(coarse, ""), id="map-1")))
    desk.view_state.set_map_style("map-1", level=0.3)
    return ScreensController(desk, screening, view)


@pytest.fixture
def hits(desk: Any, screening: ScreeningState, thumbnails: Mock, controller: ScreensController) -> ScreenHitsController:
    return ScreenHitsController(desk, screening, thumbnails)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the work done here, and note for how many processes were asked; the settings are cut down to next to nothing."""
    asked: list[int] = []

    def work_here(request: ScreenRequest, jobs: int) -> ThisProcess:
        asked.append(jobs)
        return ThisProcess(request, 1)

    monkeypatch.setattr("difffit_core.screen.workers.LocalProcesses", work_here)
    monkeypatch.setattr("difffit_core.screen.trial._FIRST_STARTS", 60)
    monkeypatch.setattr("difffit_core.screen.trial._DENSITY_A_START", 1e9)
    return asked


@pytest.fixture
def opened_screen(
    controller: ScreensController, hits: ScreenHitsController, make_screen: Callable[..., Path], coarse: Path, example: Any, tmp_path: Path
) -> Path:
    """A screen in which the example's chains B, D and E stand out of 40."""
    path = make_screen(tmp_path / "screen.sqlite", coarse, [(example[1], part) for part in "BDE"], 40, found=3)
    controller.open(path)
    return path
