"""Layouts and pictures, with a view that only notes what it is asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock, create_autospec

import pytest

from difffit_app.features.pictures import controller as pictures
from difffit_app.features.pictures.controller import PicturesController
from difffit_app.state.figure import Figure, PicturesView
from difffit_core.errors import UserError


@pytest.fixture
def view() -> Mock:
    return create_autospec(PicturesView, instance=True)


@pytest.fixture
def controller(desk: Any, view: Mock) -> PicturesController:
    return PicturesController(desk, view)


def test_there_is_no_gallery_without_placements(controller: PicturesController, desk: Any) -> None:
    controller.choose_layout("gallery")
    assert desk.view_state.layout == "views"
    assert "run a fit first" in desk.notices("info")[0]
    controller.choose_layout("offset")
    assert desk.view_state.layout == "offset"


def test_the_size_of_the_gallery_stops_at_its_ends(controller: PicturesController, desk: Any) -> None:
    sizes = [desk.view_state.gallery_size]
    for by in (1, 1, 1, 1, -1):
        controller.step_gallery_size(by)
        sizes.append(desk.view_state.gallery_size)
    assert sizes == [4, 6, 9, 12, 12, 9]


def test_the_metrics_go_round(controller: PicturesController, desk: Any) -> None:
    seen = set()
    for _ in range(8):
        controller.next_metric()
        seen.add(desk.view_state.metric)
    assert desk.view_state.metric == "local_correlation"
    assert len(seen) == 8


@pytest.mark.parametrize("in_threads", [True, False])
def test_a_figure_is_drawn_and_told(
    controller: PicturesController, desk: Any, view: Mock, tmp_path: Path, in_threads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "DRAWS_IN_THREADS", in_threads)
    figure, drawn = Figure(), Mock()
    view.draw_later.return_value = drawn
    controller.save(tmp_path / "a", figure)
    view.draw_later.assert_called_once_with(tmp_path / "a.png", figure)
    drawn.assert_called_once_with()
    assert desk.notices("info") == [f"Wrote {tmp_path / 'a.png'}"]


@pytest.mark.parametrize("in_threads", [True, False])
def test_a_failure_is_told(
    controller: PicturesController, desk: Any, view: Mock, tmp_path: Path, in_threads: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "DRAWS_IN_THREADS", in_threads)
    view.draw_later.return_value = Mock(side_effect=UserError("the disk is full"))
    controller.save(tmp_path / "a.png", Figure())
    assert desk.notices("error") == ["the disk is full"]
    desk.messages.show_activity.assert_called_with("")


def test_closing_everything_goes_back_to_the_views(controller: PicturesController, desk: Any, make_fit: Callable[..., Any]) -> None:
    desk.session.fit = make_fit()
    controller.choose_layout("gallery")
    assert desk.view_state.layout == "gallery"
    desk.session.select_fit(None)
    assert desk.view_state.layout == "views"
    controller.choose_layout("offset")
    desk.session.clear()
    assert desk.view_state.layout == "views"
