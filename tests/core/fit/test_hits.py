"""Starts, clusters and hits through a whole search."""

from typing import Any

import numpy as np
import pytest

from difffit_core.conventions import rotation_angle
from difffit_core.fit.run import run_fit
from difffit_core.placement import Placement


def distances(placements: tuple[Placement, ...], centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Å between where any two placements put the model's centre, and degrees between their rotations (C, C)."""
    places = np.array([placement.pose.apply(centre) for placement in placements])
    turns = np.array([placement.pose.rotation for placement in placements])
    return np.linalg.norm(places[:, None] - places, axis=2), rotation_angle(turns[:, None], turns[None])


def test_every_start_is_a_hit_of_one_placement_where_all_candidates_are_kept(problem: Any) -> None:
    for fields in (("paper",), ("paper", "mixed")):
        result = run_fit(problem.request("paper", fields=fields, starts=150, steps=60))
        assert sum(placement.hits for placement in result.placements) == 150 * len(fields)


def test_the_true_pose_has_most_hits(problem: Any) -> None:
    placements = run_fit(problem.request("balanced", starts=500)).placements
    assert problem.error(placements[0].pose) < 0.2
    assert placements[0].hits == max(placement.hits for placement in placements) > 20


@pytest.mark.parametrize(("shift", "angle"), [(3.0, 6.0), (10.0, 40.0)])
def test_no_two_placements_are_one(problem: Any, shift: float, angle: float) -> None:
    result = run_fit(problem.request("fast", starts=300, cluster_shift=shift, cluster_angle=angle))
    apart, turned = distances(result.placements, result.centre)
    other = ~np.eye(len(apart), dtype=bool)
    assert other.sum() > 10
    assert ((apart >= shift) | (turned >= angle))[other].all()


def test_wider_clusters_are_fewer(problem: Any) -> None:
    narrow, wide = (len(run_fit(problem.request("fast", starts=300, cluster_angle=angle)).placements) for angle in (6.0, 60.0))
    assert wide < narrow
