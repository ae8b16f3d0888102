"""A search that found nothing significant goes on with halves of the model, says so, and can be stopped, replayed and clustered again."""

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from difffit_core.fit.judge.kin import Kin
from difffit_core.fit.judge.ranking import _scores
from difffit_core.fit.judge.significance import NULL_SCALE, Earlier, independent_elements, judge, p_value
from difffit_core.fit.recluster import recluster
from difffit_core.fit.replay import replay
from difffit_core.fit.request import FitProgress, FitRequest, FitResult
from difffit_core.fit.run import run_fit
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.further import goes_on, half
from difffit_core.fit.search.subject import prepare_model
from difffit_core.fit.settings import FitSettings
from difffit_core.placement import Verdict
from difffit_core.pose import PoseBatch
from difffit_core.target import Target


def request_in_noise(example: Any, **changes: Any) -> FitRequest:
    noise = np.random.default_rng(3).normal(size=example.density_map.values.shape).astype(np.float32)
    settings = FitSettings.preset("fast", **{"starts": 200, "candidates": 20, "polish_steps": 10, **changes})
    return FitRequest(Target(example.density_map.with_values(noise), 4.0, 2.0), example.model, settings, 1, "cpu")


@pytest.fixture(scope="module")
def hopeless(example: Any) -> tuple[FitRequest, FitResult]:
    asked = request_in_noise(example, further=3)
    return asked, run_fit(asked)


def test_it_goes_on_to_the_end_and_says_so(hopeless: tuple[FitRequest, FitResult]) -> None:
    request, result = hopeless
    assert result.candidates is not None
    assert result.candidates.searches(len(request.settings.fields)) == 4
    assert all(one.verdict is Verdict.NOT_SIGNIFICANT for one in result.placements)
    (said,) = [one.message for one in result.warnings if one.kind == "search"]
    assert "The first search, of 400 starts" in said
    assert "3 further searches were made" in said
    assert "nothing is significant" in said
    assert f"{result.placements[0].p_value:.0%}" in said


def test_the_same_again(hopeless: tuple[FitRequest, FitResult]) -> None:
    request, result = hopeless
    again = run_fit(request)
    assert [one.p_value for one in again.placements] == [one.p_value for one in result.placements]
    np.testing.assert_array_equal(again.start_translations, result.start_translations)


@pytest.mark.parametrize("changes", [{"further": 0}, {"further": 3, "polish_steps": 0}])
def test_it_stops_where_it_is_told_to(example: Any, changes: dict[str, Any]) -> None:
    result = run_fit(request_in_noise(example, **changes))
    assert "search" not in [one.kind for one in result.warnings]


def test_what_is_found_at_once_is_not_searched_further(example: Any) -> None:
    request = FitRequest(Target(example.density_map, 4.0, 0.4), example.model, FitSettings.preset("fast", further=3), 1, "cpu")
    result = run_fit(request)
    assert result.candidates is not None
    assert result.candidates.searches(len(request.settings.fields)) == 1
    assert result.warnings == ()


def test_a_part_of_a_fit_does_not_go_on(hopeless: tuple[FitRequest, FitResult]) -> None:
    result = run_fit(hopeless[0], thorough=False)
    assert result.candidates is not None
    assert result.candidates.searches(2) == 1


def test_the_stages_have_names_and_each_can_be_stopped(hopeless: tuple[FitRequest, FitResult]) -> None:
    stages: list[str] = []
    cancel = threading.Event()

    def watch(progress: FitProgress) -> None:
        stages.append(progress.stage)
        if "half 2 of 3" in progress.stage:
            cancel.set()

    request = replace(hopeless[0], settings=hopeless[0].settings.model_copy(update={"starts": 1500}))
    result = run_fit(request, watch, cancel)
    assert result.cancelled
    assert result.placements
    assert any(stage.startswith("nothing clear yet, half 1 of 3: searching") for stage in stages)
    assert not any("half 3" in stage for stage in stages)


def test_placements_of_later_searches_are_replayed_from_where_they_began(hopeless: tuple[FitRequest, FitResult]) -> None:
    request, result = hopeless
    poses = [one.pose for one in result.placements]
    placed = PoseBatch(np.array([pose.rotation for pose in poses]), np.array([pose.translation for pose in poses]))
    assert result.start_fields is not None
    assert result.start_fields.max() >= 2
    way = replay(request, (result.start_quaternions, result.start_translations), result.start_fields, placed)
    assert way.missed.max() < 0.02


def test_clustering_again_counts_every_search(hopeless: tuple[FitRequest, FitResult]) -> None:
    request, result = hopeless
    assert result.candidates is not None
    again = recluster(request, result.candidates)
    assert [one.p_value for one in again.placements] == [one.p_value for one in result.placements]


def test_halves_are_halves_of_the_atoms_on_either_side(hopeless: tuple[FitRequest, FitResult]) -> None:
    request = replace(hopeless[0], settings=hopeless[0].settings.model_copy(update={"search_atoms": 0, "refine_atoms": 0}))
    model = prepare_model(request)
    anchors = np.array([half(model, request, number).anchor for number in range(1, 13)])
    for number in range(1, 13):
        part = half(model, request, number)
        assert len(part.search_atoms) == pytest.approx(len(model.atoms) / 2, abs=2)
        np.testing.assert_allclose(np.column_stack(part.search_atoms.columns).mean(axis=0), part.anchor, atol=1e-4)
    np.testing.assert_allclose(anchors[0::2] + anchors[1::2], 0, atol=0.2)
    apart = np.linalg.norm(anchors[:, None] - anchors, axis=2) + np.eye(12) * 9
    assert apart.min() > 1


def test_p_counts_the_searches_and_the_first_says_what_wrong_poses_reach() -> None:
    assert p_value(3.0, 7) == pytest.approx(7 * p_value(3.0), rel=1e-4)
    assert p_value(0.5, 7) <= 1
    correlation = np.linspace(0.5, 0.1, 60)
    kin = Kin.of(np.full(60, -1))
    alone = judge(correlation, kin, 1e5, 10.0)
    later = judge(correlation, kin, 1e5, 10.0, Earlier(2, alone.level))
    np.testing.assert_array_equal(alone.z_scores, later.z_scores)
    assert (later.p_values >= alone.p_values).all()
    assert later.p_values[0] == pytest.approx(1 - (1 - alone.p_values[0]) ** 3)


@pytest.mark.parametrize(("search", "chance", "leads"), [(3, 0.5, False), (3, 2.0, True), (0, 0.5, True)])
def test_what_only_a_further_search_found_must_beat_what_chance_gains(
    hopeless: tuple[FitRequest, FitResult], search: int, chance: float, leads: bool
) -> None:
    request, result = hopeless
    assert result.candidates is not None
    model = prepare_model(request)
    gain = NULL_SCALE * np.log(4) / np.sqrt(independent_elements(model.template.volume, request.resolution) - 3)
    two = replace(result.candidates.take(np.array([0, 1])), fields=np.array([0, search * 2]))
    last = replace(result.candidates.take(np.array([0])), fields=np.array([6]))
    metrics = [
        replace(result.placements[0].metrics, local_correlation=float(value))
        for value in (0.2, np.tanh(np.arctanh(0.2) + chance * gain), 0.0)
    ]
    scores = _scores(request, model, metrics, Candidates.join([two, last]))
    assert (scores[1] > scores[0]) == leads


def test_a_part_that_clearly_fits_is_an_answer(problem: Any) -> None:
    result = run_fit(problem.request("fast", further=3, seed=2))
    placements = tuple(replace(one, p_value=0.6, verdict=Verdict.NOT_SIGNIFICANT) for one in result.placements)
    assert not goes_on(problem.request("fast"), placements)
    elsewhere = tuple(replace(one, pose=result.placements[-1].pose) for one in placements)
    assert goes_on(problem.request("fast"), elsewhere)
