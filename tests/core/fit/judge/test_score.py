"""The scores that follow a hand are those of a fit."""

import threading
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from difffit_core.fit.judge.score import PoseScorer
from difffit_core.fit.run import run_fit
from difffit_core.pose import Pose


@pytest.fixture(scope="module")
def scorer(problem: Any) -> PoseScorer:
    return PoseScorer(problem.request("fast", seed=3))


def test_every_placement_of_a_fit_gets_the_fits_own_metrics(problem: Any, scorer: PoseScorer) -> None:
    placements = run_fit(problem.request("fast", seed=3, starts=200)).placements
    assert len(placements) > 20
    for placement in placements:
        assert asdict(scorer.score(placement.pose)) == pytest.approx(asdict(placement.metrics), rel=2e-3, abs=2e-4)


def test_a_pose_kept_by_a_fit_scores_the_same(problem: Any, scorer: PoseScorer) -> None:
    start = Pose(problem.truth.rotation, problem.truth.translation + np.array([2.0, -1.0, 1.0]))
    request = replace(problem.request("fast", seed=3, refine_steps=0, polish_steps=0), start=start)
    kept = run_fit(request).placements[0].metrics
    assert asdict(scorer.score(start)) == pytest.approx(asdict(kept), rel=2e-3, abs=2e-4)


def test_it_falls_away_from_the_truth_and_ends_at_nothing(problem: Any, scorer: PoseScorer) -> None:
    shifts = [0.0, 1.0, 2.0, 4.0, 500.0]
    scores = [scorer.score(Pose(problem.truth.rotation, problem.truth.translation + np.array([shift, 0, 0]))) for shift in shifts]
    correlations = [score.local_correlation for score in scores]
    assert correlations[:4] == sorted(correlations[:4], reverse=True)
    assert correlations[0] > 0.8
    assert (scores[-1].local_correlation, scores[-1].inside, scores[-1].density) == (0, 0, 0)


def test_two_threads_score_at_once(problem: Any, scorer: PoseScorer) -> None:
    poses = [Pose(problem.truth.rotation, problem.truth.translation + shift) for shift in np.linspace(0, 3, 40)]
    expected = [scorer.score(pose) for pose in poses]
    found: dict[int, list[Any]] = {}
    threads = [threading.Thread(target=lambda i=i: found.update({i: [scorer.score(pose) for pose in poses]})) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {0: expected, 1: expected}
