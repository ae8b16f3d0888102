"""Q-scores: one where every atom is the Gaussian asked for, less where it is broader or misplaced, and the points they are taken at."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled
from difffit_core.pose import Pose
from difffit_core.quality.qscore import SHELLS, _directions, _neighbours, _own_points, q_scores
from difffit_core.residues import Residues


def spiral(points: int) -> np.ndarray:
    """Points (n, 3) on the unit sphere along a spiral."""
    number = np.arange(points)
    z = 1 - (2 * number + 1) / points
    angle = number * np.pi * (3 - np.sqrt(5))
    return np.stack([np.sqrt(1 - z**2) * np.cos(angle), np.sqrt(1 - z**2) * np.sin(angle), z], axis=1)


def plain(density: DensityMap, points: np.ndarray, atom: int) -> float:
    """The published recipe, step by step: ever more points on a spiral until eight are nearer to no other atom."""

    def value(at: np.ndarray) -> np.ndarray:
        index = (at - density.origin) / density.voxel_size
        return map_coordinates(density.values, index[:, ::-1].T, np.float64, order=1)

    others = np.delete(points, atom, axis=0)
    found, expected = list(np.repeat(value(points[[atom]]), 8)), [1.0] * 8
    for radius in np.arange(1, 21) / 10:
        for count in range(8, 200, 2):
            at = points[atom] + radius * spiral(count)
            own = at[(np.linalg.norm(at[:, None] - others[None], axis=2) >= 0.9 * radius).all(axis=1)]
            if len(own) >= 8:
                break
        found += list(value(own)) if len(own) else []
        expected += [np.exp(-0.5 * (radius / 0.6) ** 2)] * len(own)
    return float(np.corrcoef(found, expected)[0, 1])


def test_agrees_with_the_recipe_taken_step_by_step(placed: Any, map_at_4: DensityMap) -> None:
    """Points are chosen in another way, so single atoms differ a little, and their mean hardly."""
    rng = np.random.default_rng(0)
    noisy = map_at_4.with_values((map_at_4.values + rng.normal(0, 3, map_at_4.values.shape)).astype(np.float32))
    chosen = rng.choice(len(placed.points), 40, replace=False)
    expected = np.array([plain(noisy, placed.points, atom) for atom in chosen])
    found = q_scores(noisy, placed.model, placed.pose)[chosen]
    assert abs(found.mean() - expected.mean()) < 0.015
    assert np.corrcoef(found, expected)[0, 1] > 0.9
    assert np.sqrt(np.mean((found - expected) ** 2)) < 0.08
    assert expected.std() > 0.03


def test_a_lone_atom_of_that_width_scores_one(make_map: Callable[..., DensityMap], placed: Any) -> None:
    one = np.flatnonzero(placed.model.in_fit)[:1]
    model = replace(placed.model, **{name: array[one] for name, array in placed.model._arrays().items()})
    place = placed.pose.apply(model.coordinates)
    density = make_map(place, np.ones(1), 0.6, np.full(3, 0.2))
    assert q_scores(density, model, placed.pose)[0] == pytest.approx(1.0, abs=0.005)


def test_a_map_of_such_atoms_scores_near_one_and_broader_ones_less(
    placed: Any, sharp_map: DensityMap, map_at_4: DensityMap, make_map: Callable[..., DensityMap]
) -> None:
    sharp = q_scores(sharp_map, placed.model, placed.pose)
    blurred = make_map(placed.points, np.ones(len(placed.points)), 1.5, sharp_map.voxel_size * 2)
    means = [float(np.nanmean(q_scores(density, placed.model, placed.pose))) for density in (sharp_map, map_at_4, blurred)]
    assert np.nanmedian(sharp) > 0.93
    assert means[0] > 0.9
    assert means[0] > means[1] + 0.05 > means[2] + 0.1


def test_a_wrong_place_scores_about_nothing(placed: Any, sharp_map: DensityMap) -> None:
    turn = np.diag([1.0, -1.0, -1.0])
    centre = placed.points.mean(axis=0)
    wrong = Pose(turn, centre - turn @ centre).compose(placed.pose)
    assert abs(np.nanmean(q_scores(sharp_map, placed.model, wrong))) < 0.1
    outside = placed.shifted(0, 900, 0)
    np.testing.assert_array_equal(q_scores(sharp_map, placed.model, outside), 0)


def test_how_the_map_and_the_model_are_turned_together_hardly_matters(placed: Any, make_map: Callable[..., DensityMap]) -> None:
    quarter = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    scores = []
    for turn in (np.eye(3), quarter):
        density = make_map(placed.points @ turn.T, np.ones(len(placed.points)), 0.8, np.full(3, 0.5))
        scores.append(Residues.of(placed.model).mean(q_scores(density, placed.model, Pose(turn, np.zeros(3)).compose(placed.pose))))
    np.testing.assert_allclose(scores[0], scores[1], atol=0.05)
    assert abs(scores[0].mean() - scores[1].mean()) < 0.005


def test_points_are_on_their_shell_and_nearest_to_their_own_atom(placed: Any) -> None:
    starts, neighbours = _neighbours(placed.points, 3.8)
    where, counts = _own_points(placed.points, starts, neighbours, 100, 140, _directions(), SHELLS, 8, 0.9)
    for i, atom in enumerate(range(100, 140)):
        others = np.delete(placed.points, atom, axis=0)
        for shell, radius in enumerate(SHELLS):
            at = where[i, shell, : counts[i, shell]]
            np.testing.assert_allclose(np.linalg.norm(at - placed.points[atom], axis=1), radius)
            if len(at):
                assert np.linalg.norm(at[:, None] - others[None], axis=2).min() >= 0.9 * radius
    assert (counts[:, :5] == 8).all(), "near the atom all directions are free"
    assert counts.mean() > 7


def test_the_first_eight_directions_are_spread_all_round() -> None:
    directions = _directions()
    np.testing.assert_allclose(np.linalg.norm(directions, axis=2), 1)
    assert np.linalg.norm(directions[:, :8].mean(axis=1), axis=1).max() < 0.2
    assert np.linalg.norm(directions.mean(axis=1), axis=1).max() < 0.02


def test_it_stops_when_asked(placed: Any, sharp_map: DensityMap) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(FitCancelled):
        q_scores(sharp_map, placed.model, placed.pose, cancel)
