"""A fit from a given pose: it climbs to the nearest optimum, and is as sure of it as a full search would be."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.judge.rivals import RIVAL, parted, share_rivals
from difffit_core.fit.recluster import recluster
from difffit_core.fit.request import FitProgress, FitRequest, FitResult
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.sphere import Sphere
from difffit_core.placement import Verdict
from difffit_core.pose import Pose


def nudged(pose: Pose, model: Any, shift: float, angle: float, seed: int = 1) -> Pose:
    """A pose turned about the middle of the placed model and shifted, both in a random direction."""
    rng = np.random.default_rng(seed)
    along, about = rng.normal(size=(2, 3))
    turn = Rotation.from_rotvec(np.radians(angle) * about / np.linalg.norm(about)).as_matrix()
    middle = pose.apply(model.fit_coordinates.mean(axis=0))
    return Pose(turn, middle - turn @ middle + shift * along / np.linalg.norm(along)).compose(pose)


@pytest.fixture(scope="module")
def full(example: Any) -> FitResult:
    return run_fit(example.request("balanced", starts=3000))


def from_pose(example: Any, start: Pose, **changes: Any) -> FitResult:
    return run_fit(replace(example.request("balanced", **changes), start=start))


@pytest.mark.parametrize(("shift", "angle"), [(0.0, 0.0), (2.0, 6.0), (4.0, 12.0)])
def test_it_climbs_to_the_optimum_nearby(example: Any, full: FitResult, shift: float, angle: float) -> None:
    result = from_pose(example, nudged(example.truth, example.model, shift, angle))
    (placement,) = result.placements
    best = full.placements[0]
    assert example.error(placement.pose) < 0.1
    assert placement.hits == 1
    assert (placement.rank, placement.verdict) == (1, Verdict.UNIQUE)
    assert placement.metrics.local_correlation == pytest.approx(best.metrics.local_correlation, abs=0.005)
    assert placement.z_score == pytest.approx(best.z_score, rel=0.15)
    np.testing.assert_allclose(result.start_translations[0], nudged(example.truth, example.model, shift, angle).apply(result.centre))


@pytest.mark.parametrize("index", [1, 4, 20])
def test_a_wrong_pose_is_as_insignificant_as_in_the_full_search(example: Any, full: FitResult, index: int) -> None:
    wrong = full.placements[index]
    assert wrong.verdict is Verdict.NOT_SIGNIFICANT
    placement = from_pose(example, wrong.pose).placements[0]
    assert example.error(placement.pose) > 3
    assert placement.verdict is Verdict.NOT_SIGNIFICANT
    assert placement.z_score == pytest.approx(wrong.z_score, abs=1.0)


def test_without_steps_the_pose_is_kept_and_scored(example: Any, full: FitResult) -> None:
    start = nudged(example.truth, example.model, 1.0, 4.0)
    (placement,) = from_pose(example, start, refine_steps=0, polish_steps=0).placements
    assert replace(example, truth=start).error(placement.pose) < 1e-3
    assert 0.1 < placement.metrics.local_correlation < full.placements[0].metrics.local_correlation - 0.1
    assert placement.verdict is Verdict.UNIQUE, "the optimum beside it is the same placement, not a rival"


def test_far_from_any_density_there_is_nothing_to_be_sure_of(example: Any) -> None:
    away = Pose(example.truth.rotation, example.truth.translation + 500)
    (placement,) = from_pose(example, away).placements
    assert placement.metrics.inside == 0
    assert placement.verdict is Verdict.CANNOT_BE_JUDGED, "no part of the model lies in the map"


@pytest.mark.slow
def test_it_repeats_and_the_seed_changes_only_who_it_is_judged_by(example: Any) -> None:
    start = nudged(example.truth, example.model, 1.0, 4.0)
    first, again = (from_pose(example, start).placements[0] for _ in range(2))
    other = run_fit(replace(example.request("balanced", seed=5), start=start)).placements[0]
    assert first.to_dict() == again.to_dict()
    assert other.z_score != first.z_score
    assert example.error(other.pose) < 0.1


def test_what_is_kept_of_it_can_be_clustered_again(example: Any) -> None:
    request = replace(example.request("balanced"), start=nudged(example.truth, example.model, 2.0, 6.0))
    result = run_fit(request)
    assert result.candidates is not None
    assert (result.candidates.fields == RIVAL).sum() > 50
    again = recluster(request, result.candidates)
    assert [one.to_dict() for one in again.placements] == [one.to_dict() for one in result.placements]


@pytest.mark.slow
def test_rivals_of_an_earlier_fit_serve_wherever_they_are_the_same(example: Any) -> None:
    request = replace(example.request("balanced"), start=nudged(example.truth, example.model, 2.0, 6.0))
    result = run_fit(request)
    assert result.candidates is not None
    rivals = parted(result.candidates)[1]
    elsewhere = replace(request, start=nudged(example.truth, example.model, 1.0, 3.0, seed=2))
    kept = replace(elsewhere, settings=FitSettings(refine_steps=0, polish_steps=0))
    for other in (elsewhere, kept):
        assert share_rivals(request, other)
        found, again = run_fit(other).placements[0], run_fit(other, rivals=rivals).placements[0]
        assert found.to_dict() == again.to_dict()
    for changes in (
        {"seed": 1},
        {"target": replace(elsewhere.target, level=0.5)},
        {"target": replace(elsewhere.target, resolution=5.0)},
        {"settings": FitSettings(starts=500)},
        {"start": None},
    ):
        assert not share_rivals(request, replace(elsewhere, **changes))


def test_cancelled_it_has_nothing_to_show(example: Any) -> None:
    class Soon:
        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked > 3

    with pytest.raises(FitCancelled):
        run_fit(replace(example.request("balanced"), start=example.truth), None, Soon())


def test_its_progress_tells_no_wrong_pose_as_the_best(example: Any) -> None:
    told: list[FitProgress] = []
    run_fit(replace(example.request("balanced"), start=example.truth), told.append)
    assert told[-1].fraction == 1
    assert [progress.fraction for progress in told] == sorted(progress.fraction for progress in told)
    assert all(progress.best is None for progress in told)


def test_a_start_and_a_region_exclude_each_other(example: Any) -> None:
    request: FitRequest = example.request()
    with pytest.raises(UserError, match="either starts from a pose or looks inside a sphere"):
        replace(request, start=Pose.identity(), region=Sphere((0.0, 0.0, 0.0), 5.0))
