"""Stretches at noise level: the likeliest course against every course there is, and what a stretch takes in."""

from itertools import product

import numpy as np
import pytest

from difffit_core.fit.judge.stretches import SHORTEST, Levels, _likeliest, at_noise, levels_of

LEVELS = Levels(noise=0.0, noise_spread=0.2, fitting=0.7, fitting_spread=0.08, independent=0.5)


def profile(*parts: tuple[int, float], seed: int = 0) -> np.ndarray:
    """So many residues at such a level, one part after the other, with scatter."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(level, 0.2 if level < 0.3 else 0.08, count) for count, level in parts])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("switch", [0.0, 1.0, 4.0])
def test_the_course_is_the_likeliest_of_all(seed: int, switch: float) -> None:
    evidence = np.random.default_rng(seed).normal(0, 2, 10)

    def score(course: tuple[bool, ...]) -> float:
        return float(evidence[list(course)].sum() - switch * np.count_nonzero(np.diff(np.array(course, int))))

    best = max(product([False, True], repeat=10), key=score)
    assert score(tuple(_likeliest(evidence, switch).tolist())) == pytest.approx(score(best))


def test_a_long_low_part_is_one_stretch_wherever_it_lies() -> None:
    for before, low, after in ((60, 40, 60), (0, 40, 100), (100, 40, 0)):
        (stretch,) = at_noise(profile((before, 0.7), (low, 0.0), (after, 0.7)), LEVELS)
        assert abs(stretch[0] - before) <= 3
        assert abs(stretch[1] - before - low) <= 3


def test_a_few_low_residues_are_none() -> None:
    values = profile((200, 0.7))
    values[50:55] = 0.0
    values[100] = -0.5
    assert at_noise(values, LEVELS) == []
    assert at_noise(profile((SHORTEST - 1, 0.0)), LEVELS) == []
    assert at_noise(profile((30, 0.0)), LEVELS) == [(0, 30)]


def test_what_fits_worse_beside_a_stretch_goes_with_it_and_no_more() -> None:
    values = np.concatenate([np.full(50, 0.7), np.full(6, 0.45), np.zeros(40), np.full(50, 0.7)])
    assert at_noise(values, LEVELS) == [(50, 96)]
    values[30:56] = 0.45  # a long loose part is not at noise
    (stretch,) = at_noise(values, LEVELS)
    assert stretch == (46, 96)


def test_a_short_piece_between_two_stretches_goes_with_them_and_a_long_one_does_not() -> None:
    near, far = (np.concatenate([np.full(60, 0.7), np.zeros(30), np.full(gap, 0.7), np.zeros(30), np.full(60, 0.7)]) for gap in (10, 40))
    assert at_noise(near, LEVELS) == [(60, 130)]
    assert at_noise(far, LEVELS) == [(60, 90), (130, 160)]


def test_levels_come_from_wrong_places_and_from_what_fits() -> None:
    rng = np.random.default_rng(2)
    levels = levels_of(profile((100, 0.7), (50, 0.1)), rng.normal(0.1, 0.2, (3, 150)))
    assert levels.noise == pytest.approx(0.1, abs=0.05)
    assert levels.noise_spread == pytest.approx(0.2, abs=0.03)
    assert levels.fitting == pytest.approx(0.7, abs=0.03)
    assert levels.are_clear
    assert levels.independent > 0.8
    smooth = np.repeat(rng.normal(0.1, 0.2, (3, 15)), 10, axis=1)
    assert levels_of(profile((150, 0.7)), smooth).independent < 0.2
    assert not levels_of(profile((150, 0.3)), rng.normal(0.1, 0.2, (3, 150))).are_clear
