"""How sure a placement is: known answers of Fisher's z, and verdicts that follow from it."""

from dataclasses import replace

import numpy as np
import pytest

from difffit_core.fit.judge.kin import Kin
from difffit_core.fit.judge.significance import (
    ENOUGH,
    NULL_MODE,
    NULL_SCALE,
    RIVALS,
    SIGNIFICANT,
    TOLD_APART,
    cannot_say,
    judge,
    told_apart,
)
from difffit_core.placement import Verdict

VOLUME, RESOLUTION = 103 * 64.0, 4.0
"""103 resolution elements, whose Fisher's z has a standard deviation of a tenth."""


def wrong_poses(count: int = 80, seed: int = 0) -> np.ndarray:
    """Correlations, best first."""
    return np.sort(np.tanh(0.1 + 0.03 * np.random.default_rng(seed).normal(size=count)))[::-1]


def judged(
    *right: float, copy_of: dict[int, int] | None = None, rest: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, list[Verdict]]:
    correlation = np.concatenate([right, wrong_poses() if rest is None else rest])
    copies = np.full(len(correlation), -1)
    for index, original in (copy_of or {}).items():
        copies[index] = original
    found = judge(correlation, Kin.of(copies), VOLUME, RESOLUTION)
    return found.z_scores, found.p_values, list(found.verdicts)


def test_z_is_fishers_over_the_best_wrong_poses() -> None:
    z, _, _ = judged(0.8)
    middle = np.median(np.arctanh(wrong_poses()[:RIVALS]))
    assert z[0] == pytest.approx((np.arctanh(0.8) - middle) / 0.1)


def test_z_grows_with_the_number_of_resolution_elements() -> None:
    correlation, copies = np.array([0.8, *wrong_poses()]), np.full(81, -1)
    small, large = (judge(correlation, Kin.of(copies), volume, 4.0).z_scores[0] for volume in (VOLUME, 403 * 64.0))
    assert large == pytest.approx(2 * small)


def test_p_is_the_tail_of_the_extreme_value_distribution() -> None:
    for height in (0.3, 0.35, 0.4):
        z, p, _ = judged(np.tanh(height))
        assert p[0] == pytest.approx(1 - np.exp(-np.exp(-(z[0] - NULL_MODE) / NULL_SCALE)))


def test_p_falls_as_the_correlation_grows_and_is_a_probability() -> None:
    p = np.array([judged(c)[1][0] for c in np.linspace(0.15, 0.999, 40)])
    assert (np.diff(p) <= 0).all()
    assert p[0] > SIGNIFICANT > p[-1]
    everything = judged(0.9, 0.5)[1]
    assert ((everything >= 0) & (everything <= 1)).all()
    assert (np.diff(everything) >= 0).all()


def test_one_high_above_the_rest_is_unique() -> None:
    _, p, verdicts = judged(0.8)
    assert p[0] < 1e-4
    assert verdicts[0] is Verdict.UNIQUE
    assert set(verdicts[1:]) == {Verdict.NOT_SIGNIFICANT}


def test_two_as_high_are_ambiguous() -> None:
    _, _, verdicts = judged(0.8, 0.799)
    assert verdicts[:2] == [Verdict.AMBIGUOUS] * 2


def test_what_is_far_below_the_best_is_weaker_and_no_rival() -> None:
    assert judged(0.8, 0.5)[2][:2] == [Verdict.UNIQUE, Verdict.WEAKER]
    assert judged(0.8, 0.799, 0.5)[2][:3] == [Verdict.AMBIGUOUS, Verdict.AMBIGUOUS, Verdict.WEAKER]
    assert judged(0.8, 0.79, 0.5, copy_of={1: 0})[2][:3] == [Verdict.UNIQUE, Verdict.SYMMETRIC_COPY, Verdict.WEAKER]


def test_two_places_are_told_apart_by_a_test_of_two_correlations_with_one_model() -> None:
    """Of unlike density it is the difference of two Fisher's z; the more alike the density, the more a difference says."""
    apart = told_apart(0.5, np.array([0.3]), np.zeros(1), 103.0)
    square = (0.5**2 + 0.3**2) / 2
    f = 1 / (2 * (1 - square))
    expected = (np.arctanh(0.5) - np.arctanh(0.3)) * np.sqrt(100 / 2 / ((1 - f * square) / (1 - square)))
    assert apart[0] == pytest.approx(expected)
    assert (np.diff(told_apart(0.5, np.full(4, 0.3), np.array([0.0, 0.3, 0.6, 0.9]), 103.0)) > 0).all()
    assert told_apart(0.5, np.array([0.3]), np.zeros(1), 403.0)[0] == pytest.approx(2 * expected)


def test_the_test_errs_in_one_of_twenty() -> None:
    """Two places as right as one another, each with noise of its own, and which is better is not known beforehand."""
    rng = np.random.default_rng(3)
    model = rng.normal(size=(2000, 1, 100))
    seen = 0.6 * model + 0.8 * rng.normal(size=(2000, 2, 100))
    r = np.array([[np.corrcoef(m[0], one)[0, 1] for one in pair] for m, pair in zip(model, seen, strict=True)])
    alike = np.array([np.corrcoef(*pair)[0, 1] for pair in seen])
    lead = np.array([told_apart(a, np.array([b]), np.array([c]), 100.0)[0] for (a, b), c in zip(r, alike, strict=True)])
    assert (lead > TOLD_APART).mean() == pytest.approx(0.05, abs=0.015)


def test_what_overlaps_a_better_placement_is_neither_rival_nor_copy() -> None:
    correlation, copies = np.array([0.8, 0.799, 0.798, *wrong_poses()]), np.full(83, -1)
    copies[2] = 1
    kin = replace(Kin.of(copies), overlaps=lambda one, others: (others + one) < 4)
    assert judge(correlation, kin, VOLUME, RESOLUTION).verdicts[:3] == (Verdict.UNIQUE, Verdict.SAME_PLACE, Verdict.SAME_PLACE)


def test_one_place_counts_once_among_the_wrong_ones() -> None:
    """Fifty variants of one wrong place say no more of what wrong places reach than it does alone."""
    rest = wrong_poses()
    correlation, copies = np.array([0.8, *np.full(50, 0.45), *rest]), np.full(131, -1)
    distinct = np.ones(131, bool)
    distinct[2:51] = False
    merged = judge(correlation, replace(Kin.of(copies), distinct=distinct), VOLUME, RESOLUTION)
    alone = judge(np.array([0.8, 0.45, *rest]), Kin.of(np.full(82, -1)), VOLUME, RESOLUTION)
    assert merged.z_scores[0] == pytest.approx(alone.z_scores[0])


def test_too_few_resolution_elements_or_too_little_in_the_box_cannot_be_judged() -> None:
    correlation, kin = np.array([0.99, *wrong_poses()]), Kin.of(np.full(81, -1))
    little = replace(kin, inside=np.full(81, 0.4))
    few = judge(correlation, kin, 0.9 * ENOUGH * 64, 4.0)
    for found in (few, judge(correlation, little, VOLUME, RESOLUTION), judge(correlation, kin, 1.0, 4.0)):
        assert set(found.verdicts) == {Verdict.CANNOT_BE_JUDGED}
        assert (found.p_values == 1).all()
    assert judge(correlation, kin, 1.1 * ENOUGH * 64, 4.0).verdicts[0] is not Verdict.CANNOT_BE_JUDGED
    assert "9.0 independent resolution elements" in cannot_say(9 * 64.0, 4.0, 1.0)
    assert "only 40% of the model" in cannot_say(VOLUME, RESOLUTION, 0.4)
    assert cannot_say(VOLUME, RESOLUTION, 1.0) == ""


def test_copies_are_no_rivals_and_no_wrong_poses() -> None:
    """Six copies of the best leave it unique, and take nothing off its z."""
    alone = judged(0.8)
    z, p, verdicts = judged(0.8, *[0.79] * 6, copy_of=dict.fromkeys(range(1, 7), 0))
    assert verdicts[:7] == [Verdict.UNIQUE] + [Verdict.SYMMETRIC_COPY] * 6
    assert z[0] == pytest.approx(alone[0][0])
    assert p[0] == pytest.approx(alone[1][0])


def test_a_copy_that_is_not_significant_is_not_called_a_copy() -> None:
    assert judged(0.12, 0.11, copy_of={1: 0}, rest=np.full(80, 0.1))[2][:2] == [Verdict.NOT_SIGNIFICANT] * 2


def test_noise_alone_is_not_significant() -> None:
    """The best of wrong poses, in a hundred searches."""
    called = [judged(rest=wrong_poses(81, seed))[2][0] is not Verdict.NOT_SIGNIFICANT for seed in range(100)]
    assert np.mean(called) <= 0.05


@pytest.mark.parametrize("rest", [[], [0.2], [0.2, 0.1], [0.3] * 100, [-1.0, -1.0], [1.0, 1.0]])
def test_any_company_gives_numbers(rest: list[float]) -> None:
    for best in (-1.0, 0.0, 0.4, 1.0):
        z, p, verdicts = judged(best, rest=np.array(rest))
        assert np.isfinite(z).all()
        assert ((p >= 0) & (p <= 1)).all()
        assert len(verdicts) == 1 + len(rest)


def test_a_large_map_at_high_resolution_gives_numbers() -> None:
    found = judge(np.array([0.9, *wrong_poses(), -0.9]), Kin.of(np.full(82, -1)), 1e7, 1.0)
    assert np.isfinite(found.z_scores).all()
    assert found.p_values[0] == 0
    assert found.p_values[-1] == 1


def test_nothing_is_judged_where_nothing_was_found() -> None:
    found = judge(np.empty(0), Kin.of(np.empty(0, np.int64)), VOLUME, RESOLUTION)
    assert len(found.z_scores) == len(found.p_values) == len(found.verdicts) == 0
