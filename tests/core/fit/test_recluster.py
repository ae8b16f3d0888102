"""Clustering again gives what a fit with those settings would have given, without fitting again."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from difffit_core.errors import UserError
from difffit_core.fit.recluster import recluster
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.run import run_fit
from difffit_core.fit.sphere import Sphere
from difffit_core.project.arrays import FitArrays

QUICK = {
    "fast": {"starts": 400, "steps": 30, "candidates": 40},
    "paper": {"starts": 60, "steps": 60},
}
OTHER: list[dict[str, Any]] = [
    {"cluster_shift": 0.2, "cluster_angle": 0.4},
    {"cluster_shift": 12.0, "cluster_angle": 50.0, "rank_by": "hits"},
    {"rank_by": "overlap"},
]


def alike(one: FitResult, other: FitResult) -> None:
    """Everything about the placements is the same, bit for bit."""
    assert [placement.to_dict() for placement in one.placements] == [placement.to_dict() for placement in other.placements]
    for name in ("start_quaternions", "start_translations", "start_fields", "centre"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.fixture(scope="module", params=list(QUICK))
def fitted(request: pytest.FixtureRequest, problem: Any) -> tuple[FitRequest, FitResult]:
    asked = problem.request(request.param, seed=4, **QUICK[request.param])
    return asked, run_fit(asked)


def again(fitted: tuple[FitRequest, FitResult], **changes: Any) -> tuple[FitRequest, FitResult]:
    request, result = fitted
    asked = replace(request, settings=request.settings.model_copy(update=changes))
    assert result.candidates is not None
    return asked, recluster(asked, result.candidates, result.timing)


def test_the_same_settings_give_the_fit_again(fitted: tuple[FitRequest, FitResult]) -> None:
    _, result = again(fitted)
    alike(result, fitted[1])
    assert result.timing.keys() == {*fitted[1].timing, "recluster_s"}


@pytest.mark.parametrize("changes", OTHER, ids=["finer", "coarser", "ranked otherwise"])
def test_other_settings_give_a_fit_with_those(fitted: tuple[FitRequest, FitResult], changes: dict[str, Any]) -> None:
    asked, result = again(fitted, **changes)
    alike(result, run_fit(asked))
    assert [p.to_dict() for p in result.placements] != [p.to_dict() for p in fitted[1].placements]


def test_coarser_and_back_loses_nothing(fitted: tuple[FitRequest, FitResult]) -> None:
    coarse = again(fitted, cluster_shift=50.0, cluster_angle=180.0)
    assert len(coarse[1].placements) < len(fitted[1].placements)
    assert sum(p.hits for p in coarse[1].placements) == sum(p.hits for p in fitted[1].placements)
    settings = fitted[0].settings
    alike(again(coarse, cluster_shift=settings.cluster_shift, cluster_angle=settings.cluster_angle)[1], fitted[1])


def test_what_a_project_kept_is_enough(fitted: tuple[FitRequest, FitResult]) -> None:
    kept = FitArrays.from_bytes(FitArrays.of_result(fitted[1]).to_bytes())
    assert kept.candidates is not None
    alike(recluster(fitted[0], kept.candidates), fitted[1])


def test_too_many_candidates_are_not_kept(problem: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("difffit_core.fit.run.MOST_KEPT", 20)
    assert run_fit(problem.request("paper", starts=20, steps=5)).candidates is not None
    assert run_fit(problem.request("paper", starts=21, steps=5)).candidates is None


def test_candidates_that_are_damaged_are_refused(fitted: tuple[FitRequest, FitResult]) -> None:
    arrays = FitArrays.of_result(fitted[1])
    assert arrays.candidates is not None
    for damaged in (
        replace(arrays.candidates, translations=arrays.candidates.translations[:-1]),
        replace(arrays.candidates, correlation=arrays.candidates.correlation * np.float32("nan")),
    ):
        with pytest.raises(ValueError, match=r"candidate_\w+ must be finite and of shape"):
            replace(arrays, candidates=damaged)


def test_a_ranking_that_is_none_is_refused(fitted: tuple[FitRequest, FitResult]) -> None:
    with pytest.raises(UserError, match="rank_by"):
        type(fitted[0].settings).checked({**fitted[0].settings.model_dump(), "rank_by": "luck"})


def test_a_fit_inside_a_sphere_is_clustered_again_beside_the_same_rivals(problem: Any) -> None:
    region = Sphere(tuple(problem.truth.apply(problem.model.fit_coordinates).mean(axis=0).tolist()), 15.0)
    request = replace(problem.request("fast", seed=4, **QUICK["fast"]), region=region)
    fitted = request, run_fit(request)
    asked, result = again(fitted, cluster_shift=10.0, cluster_angle=50.0)
    alike(result, run_fit(asked))
