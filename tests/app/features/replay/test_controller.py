"""Replays: computed when asked for, kept for the fit, and never in the way of what is selected."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock, create_autospec

import numpy as np
import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.replay.controller import ReplaysController
from difffit_app.features.replay.views import ReplayView
from difffit_app.state.items import OpenFit

STEPS = 20 + 8 + 6


@pytest.fixture
def view() -> Mock:
    return create_autospec(ReplayView, instance=True)


@pytest.fixture
def replays(desk: Any, view: Mock, example: tuple[Path, Path], real_fit: OpenFit) -> ReplaysController:
    FilesController(desk).open_paths(example)
    desk.session.add_fit(real_fit)
    controller = ReplaysController(desk, view)
    desk.session.events.fit_selected.connect(lambda _: controller.follow())
    return controller


def test_the_way_leads_from_the_starts_to_the_placements(desk: Any, view: Mock, replays: ReplaysController, real_fit: OpenFit) -> None:
    replays.toggle()
    view.show_replay.assert_called_once_with(True)
    view.show_steps.assert_called_once_with(STEPS, (("searching", 0), ("refining", 20), ("polishing", 28)), "")
    assert desk.view_state.frame is None, "until a step is chosen the placements are shown"
    replays.show_step(0)
    np.testing.assert_allclose(desk.view_state.frame.centres(), real_fit.arrays.start_translations, atol=1e-4)
    replays.show_step(STEPS - 1)
    frame = desk.view_state.frame
    np.testing.assert_allclose(frame.centres(), real_fit.centres(), atol=0.02)
    np.testing.assert_allclose(frame.pose(2).rotation, real_fit.placements[1].pose.rotation, atol=1e-3)
    replays.show_step(STEPS)
    assert desk.view_state.frame is None


def test_a_project_brings_its_step_back(desk: Any, view: Mock, replays: ReplaysController) -> None:
    desk.jobs.hold = True
    replays.go_to(7)
    view.show_step.assert_not_called()
    desk.jobs.run_held()
    view.show_step.assert_called_once_with(7)
    replays.go_to(None)
    assert not replays.is_open
    replays.go_to(STEPS + 5)
    desk.jobs.run_held()
    view.show_step.assert_called_once_with(7)


def test_it_is_computed_once(desk: Any, view: Mock, replays: ReplaysController) -> None:
    replays.toggle()
    replays.show_step(3)
    replays.toggle()
    assert desk.view_state.frame is None
    view.show_progress.reset_mock()
    replays.toggle()
    view.show_progress.assert_not_called()
    assert view.show_steps.call_count == 2


def test_another_fit_ends_what_is_shown(
    desk: Any, view: Mock, replays: ReplaysController, real_fit: OpenFit, make_fit: Callable[..., OpenFit]
) -> None:
    replays.toggle()
    replays.show_step(3)
    desk.session.add_fit(make_fit("fit-2"))
    assert desk.view_state.frame is None
    assert "older version" in view.show_nothing.call_args.args[0]
    replays.show_step(3)
    assert desk.view_state.frame is None
    desk.session.replace_fit(replace(real_fit))
    desk.session.select_fit("fit-1")
    assert view.show_steps.call_count == 2, "another version of the fit is computed anew"


def test_closing_stops_the_computation(desk: Any, view: Mock, replays: ReplaysController) -> None:
    desk.jobs.hold = True
    replays.toggle()
    (job,) = desk.jobs.held
    replays.close()
    assert job.cancel.is_set()
    desk.jobs.run_held()
    view.show_steps.assert_not_called()
    assert desk.notices() == []


def test_without_a_fit_it_says_so(desk: Any, view: Mock, replays: ReplaysController) -> None:
    replays.toggle()
    desk.session.clear()
    assert "no fit" in view.show_nothing.call_args.args[0]


@pytest.mark.fails_inside
def test_a_failure_is_told(desk: Any, view: Mock, replays: ReplaysController, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("difffit_core.fit.replay.replay", Mock(side_effect=ZeroDivisionError("odd")))
    replays.toggle()
    assert "could not be computed" in view.show_nothing.call_args.args[0]
    assert "ZeroDivisionError" in desk.notices("error")[0]


def test_poses_that_end_elsewhere_are_counted(desk: Any, view: Mock, replays: ReplaysController, real_fit: OpenFit) -> None:
    moved = replace(real_fit.arrays, translations=real_fit.arrays.translations + np.eye(1, 3) * 2)
    desk.session.replace_fit(replace(real_fit, arrays=moved))
    replays.toggle()
    count = len(real_fit.placements)
    assert view.show_steps.call_args.args[2] == f"{count} of {count} end elsewhere on this machine"
