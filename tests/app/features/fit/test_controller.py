"""A fit: the frozen request, progress, the result kept, and what cannot be fitted told."""

import shlex
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.fit.controller import FitsController, command_line
from difffit_app.state.items import OpenFit
from difffit_core.errors import FitCancelled
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import BestSoFar, FitProgress, FitRequest, FitResult
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.setting_words import settings_from
from difffit_core.fit.settings import FitSettings
from difffit_core.fit_warning import FitWarning
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose
from difffit_core.project.base import PoseRecord, now
from difffit_core.project.composites import AcceptedRecord, CompositeRecord, RoundRecord, ZeroOutRecord

ASKED = FitRecipe(
    map="map-1", model="model-1", chains=("D", "E"), resolution=4.0, settings=FitSettings.preset("fast", starts=50), seed=7, device="cpu"
)
BEST = BestSoFar(tuple(tuple(row) for row in np.eye(3).tolist()), (1.0, 2.0, 3.0), 0.5)


class FakeFit:
    """Stands in for `run_fit`."""

    def __init__(self) -> None:
        self.request: FitRequest | None = None
        self.cancelled = False
        self.error: Exception | None = None
        self.rivals: Any = None
        self.warnings: tuple[FitWarning, ...] = ()

    def __call__(self, request: FitRequest, on_progress: Any, cancel: threading.Event, rivals: Any = None) -> FitResult:
        self.request, self.cancelled, self.rivals = request, cancel.is_set(), rivals
        if self.error is not None:
            raise self.error
        for _ in range(2):
            on_progress(FitProgress("searching", 0.4, 3.0, BEST))
        placement = Placement(1, Pose.identity(), 4, FitMetrics(1, 1, 1, 1, 1, 1), 9.0, 1e-9, Verdict.UNIQUE)
        turn, shift = np.array([[1.0, 0, 0, 0]]), np.zeros((1, 3))
        kept = Candidates(
            np.tile(turn, (3, 1)), np.zeros((3, 3)), np.zeros(3, np.float32), np.ones(3, np.int64),
            np.tile(turn, (3, 1)), np.zeros((3, 3)), np.array([0, -1, -1]),
        )  # fmt: skip
        field = np.zeros(1, np.int64)
        return FitResult((placement,), "cpu", {"search_s": 1.5}, self.cancelled, turn, shift, np.zeros(3), field, kept, self.warnings)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeFit:
    fake = FakeFit()
    monkeypatch.setattr("difffit_core.fit.run.run_fit", fake)
    return fake


@pytest.fixture
def fits(desk: Any, example: tuple[Path, Path]) -> FitsController:
    FilesController(desk).open_paths(example)
    return FitsController(desk, desk.fit_view, desk.preview)


def test_the_request_is_what_was_ordered(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    desk.view_state.set_map_style("map-1", level=0.55)
    fits.start(ASKED)
    request = fake.request
    assert request is not None
    assert request.model.chains == ("D", "E")
    assert (request.resolution, request.level, request.seed, request.device) == (4.0, 0.55, 7, "cpu")
    assert request.settings.starts == 50
    assert request.settings.fields == ("mixed", "fine")
    assert request.density_map is desk.session.maps["map-1"].density


def test_the_result_becomes_a_selected_fit(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    fits.start(ASKED)
    fit = desk.session.fit
    assert fit.record.chains == ("D", "E")
    assert fit.record.evidence == desk.session.maps["map-1"].suggestion.lines()
    assert desk.session.placement.rank == 1
    assert [call.args for call in desk.fit_view.show_running.call_args_list] == [(True,), (False,)]
    assert desk.fit_view.show_outcome.call_args.args == ("Found 1 placement in 1.5 s",)


def test_what_a_fit_warns_of_is_told_and_kept(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    fake.warnings = (FitWarning("hand", "The mirrored map fits."), FitWarning("voxel_size", "The voxels are 3 % too wide."))
    fits.start(ASKED)
    assert desk.notices("warning")[-2:] == ["The mirrored map fits.", "The voxels are 3 % too wide."]
    assert [one.kind for one in desk.session.fit.record.warnings] == ["hand", "voxel_size"]


def test_a_level_set_by_hand_is_recorded_as_such(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    desk.view_state.set_map_style("map-1", level=0.55)
    fits.start(ASKED)
    assert desk.session.fit.record.evidence[0].startswith("level 0.55 was set by hand")


def test_the_best_pose_is_shown_once_as_long_as_it_is_the_same(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    fits.start(ASKED)
    assert desk.fit_view.show_progress.call_count == 2
    (call,) = desk.preview.show_preview.call_args_list
    assert call.args[:2] == ("model-1", ("D", "E"))
    np.testing.assert_array_equal(call.args[2].translation, [1, 2, 3])
    desk.preview.clear_preview.assert_called_once()


def test_cancelling_keeps_what_was_found(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    desk.jobs.hold = True
    fits.start(ASKED)
    fits.cancel()
    desk.jobs.run_held()
    assert fake.cancelled
    assert desk.session.fit.record.cancelled
    assert desk.fit_view.show_outcome.call_args.args[0].startswith("Cancelled; kept 1 placement")


def test_what_cannot_be_fitted_is_told(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    fits.start(ASKED.changed(chains=("Z",)))
    assert fake.request is None
    assert "chain must be one of" in desk.notices("error")[0]
    desk.fit_view.show_running.assert_not_called()


@pytest.mark.fails_inside
def test_a_failing_fit_is_told_and_the_next_one_works(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    fake.error = RuntimeError("out of memory")
    fits.start(ASKED)
    assert "out of memory" in desk.notices("error")[0]
    fake.error = FitCancelled("cancelled")
    fits.start(ASKED)
    assert "cancelled before" in desk.notices("info")[0]
    assert desk.session.fits == {}
    fake.error = None
    fits.start(ASKED)
    assert len(desk.session.fits) == 1


def test_a_fit_whose_map_was_closed_is_dropped(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    desk.jobs.hold = True
    fits.start(ASKED)
    desk.session.remove_map("map-1")
    desk.jobs.run_held()
    assert desk.session.fits == {}
    assert "closed while it ran" in desk.notices("warning")[0]


def test_a_fit_is_dropped_when_others_go_by_the_ids_of_what_it_was_for(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    desk.jobs.hold = True
    fits.start(ASKED)
    item, model = desk.session.maps["map-1"], desk.session.models["model-1"]
    desk.session.clear()
    desk.session.add_map(replace(item, name="another map"))
    desk.session.add_model(model)
    desk.jobs.run_held()
    assert desk.session.fits == {}
    assert "closed while it ran" in desk.notices("warning")[0]


def test_a_second_fit_from_a_pose_takes_the_rivals_of_the_first(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    from_here = ASKED.changed(start=Pose.identity())
    fits.start(from_here)
    assert fake.rivals is None
    fits.start(from_here)
    assert fake.rivals is not None
    assert fake.rivals.fields.tolist() == [-1, -1]
    fits.start(from_here.changed(seed=8))
    assert fake.rivals is None
    fits.start(ASKED)
    assert fake.rivals is None


def test_one_fit_at_a_time(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    desk.jobs.fitting = True
    fits.start(ASKED)
    assert fake.request is None
    assert "A fit is running" in desk.notices("error")[0]


def test_the_command_line_names_everything(desk: Any, fits: FitsController, fake: FakeFit) -> None:
    fits.start(ASKED.changed(settings=FitSettings.preset("fast", fields=("paper",), starts=50)))
    assert fake.request is not None
    text = command_line(ASKED.changed(level=fake.request.level), fake.request)
    assert text.startswith("difffit fit ")
    for part in ("--chain D,E", "--preset fast", "--seed 7", "--resolution 4", f"--level {fake.request.level!r}", "--set starts=50"):
        assert part in text
    words = shlex.split(desk.session.fit.record.command)
    assignments = [after for word, after in pairwise(words) if word == "--set"]
    assert settings_from("fast", assignments) == fake.request.settings
    assert words[words.index("--device") + 1] == "cpu"


def test_a_fit_in_a_working_map_is_of_its_round_and_dropped_with_it(
    desk: Any, fits: FitsController, fake: FakeFit, true_fit: OpenFit
) -> None:
    best = true_fit.placements[0]
    copy = AcceptedRecord(
        model="model-1", chains={"D": "D", "E": "E"}, pose=PoseRecord.of(best.pose), accepted=now(), source="made", local_correlation=0.8
    )
    cut = ZeroOutRecord(method="threshold", resolution=4.0, level=0.4, removed=0.5, done=now())
    one = RoundRecord(id="composite-1-round-1", name="Round 1", accepted=(copy,), zero_out=cut)
    composite = CompositeRecord(id="composite-1", name="Composite 1", map="map-1", rounds=(one,), current=one.id)
    desk.session.add_composite(composite)
    fits.start(ASKED)
    raw = desk.session.maps["map-1"].density
    assert fake.request is not None
    assert (fake.request.density_map.values > 0.4).sum() < 0.7 * (raw.values > 0.4).sum()
    fit = desk.session.fit
    assert fit.record.round == one.id
    assert "1bd2_4A_after_round_1.mrc" in fit.record.command
    assert desk.view_state.overlaps[fit.id].shape == (1,)
    desk.jobs.hold = True
    fits.start(ASKED)
    desk.session.replace_composite(composite.model_copy(update={"rounds": (one.model_copy(update={"zero_out": None}),)}))
    desk.jobs.run_held()
    assert "was changed" in desk.notices("warning")[-1]
    assert list(desk.session.fits) == [fit.id]
    desk.session.replace_composite(composite)
    desk.session.set_raw(True)
    fits.start(ASKED)
    desk.jobs.run_held()
    assert fake.request.density_map is raw
