"""Models placed together: the request as it was ordered, what comes of it as one step, and what cannot be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import Mock, create_autospec

import pytest

from difffit_app.features.compose.controller import ComposeController, Composed
from difffit_app.features.compose.views import ComposePanelView
from difffit_app.features.files.controller import FilesController
from difffit_app.state.items import OpenFit
from difffit_core.compose.recipe import ComposeRecipe, WantedModel
from difffit_core.compose.run import run_compose as really_compose
from difffit_core.compose.settings import ComposeSettings
from difffit_core.fit.settings import FitSettings
from difffit_core.project.composites import CompositeRecord

QUICK: dict[str, Any] = {"refine_atoms": 300}
ASKED = ComposeRecipe(
    map="map-1", wanted=(WantedModel(model="model-1", copies=1),), resolution=4.0, device="cpu",
    settings=ComposeSettings(accept="any", refine=False, rounds=0), fit_settings=FitSettings.preset("fast", **QUICK),
)  # fmt: skip


@pytest.fixture
def view() -> Mock:
    return create_autospec(ComposePanelView, instance=True)


@pytest.fixture
def composing(desk: Any, example: tuple[Path, Path], view: Mock) -> ComposeController:
    FilesController(desk).open_paths(example)
    return ComposeController(desk, view)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Requests that were run, for real."""
    requests: list[Any] = []

    def run(request: Any, on_progress: Any, cancel: Any) -> Any:
        requests.append(request)
        return really_compose(request, on_progress, cancel)

    monkeypatch.setattr("difffit_core.compose.run.run_compose", run)
    return requests


def test_it_is_one_step_with_its_fits(
    desk: Any, composing: ComposeController, asked: list[Any], view: Mock, make_fit: Callable[..., OpenFit]
) -> None:
    desk.session.add_fit(make_fit("fit-2"))
    desk.view_state.set_map_style("map-1", level=0.5)
    composing.start(ASKED)
    (request,) = asked
    assert (request.resolution, request.level, request.device) == (4.0, 0.5, "cpu")
    assert request.settings == ComposeSettings(accept="any", refine=False, rounds=0)
    assert [one.copies for one in request.wanted] == [1]
    composite = desk.session.composite
    assert composite.solve.recipe.level == 0.5
    assert "--no-refine" in composite.solve.command
    assert "--set refine_atoms=300" in composite.solve.command
    assert set(composite.rounds[0].fits) <= set(desk.session.fits)
    assert len(desk.session.fits) == 2
    assert desk.session.fits["fit-2"].record.command != composite.solve.command
    assert [call.args[0] for call in view.show_running.call_args_list] == [True, False]
    desk.history.undo()
    assert desk.session.composites == {}
    assert list(desk.session.fits) == ["fit-2"]
    desk.history.redo()
    assert desk.session.composite == composite


def test_what_is_no_setting_is_told(desk: Any, composing: ComposeController, asked: list[Any]) -> None:
    linked = ComposeSettings(linked=True)
    composing.start(ASKED.changed(wanted=(WantedModel(model="model-1", copies=2),), settings=linked))
    assert "copies must be 1" in desk.notices("error")[-1]
    assert asked == []


def test_a_map_that_is_closed_meanwhile_takes_the_composite_with_it(desk: Any, composing: ComposeController, asked: list[Any]) -> None:
    desk.jobs.hold = True
    composing.start(ASKED)
    desk.session.clear()
    desk.jobs.run_held()
    assert "dropped" in desk.notices("warning")[-1]
    assert desk.session.composites == {}


def test_what_was_placed_is_shown_and_not_what_was_searched_last(
    desk: Any, composing: ComposeController, make_fit: Callable[..., OpenFit], composite_of: Callable[..., CompositeRecord]
) -> None:
    fits = tuple(make_fit(name) for name in ("fit-1", "fit-2", "fit-3"))
    record = composite_of(fits[1].record)
    (one,) = record.rounds
    copy = one.accepted[0].model_copy(update={"rank": 2})
    record = record.model_copy(update={"rounds": (one.model_copy(update={"accepted": (copy,)}),)})
    result = Mock(copies=(copy,), cancelled=False, explained=0.5)
    composing._done(ASKED, desk.session.opening, Composed(record, fits, result))
    assert list(desk.session.fits) == ["fit-1", "fit-2", "fit-3"]
    assert (desk.session.fit.id, desk.session.placement.rank) == ("fit-2", 2)
