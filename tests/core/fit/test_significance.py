"""How sure a placement is: known answers of Fisher's z, and verdicts that follow from it."""

import numpy as np
import pytest

from difffit_core.fit.significance import CLEAR_GAP, NULL_MODE, NULL_SCALE, RIVALS, SIGNIFICANT, judge
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
    found = judge(correlation, copies, VOLUME, RESOLUTION)
    return found.z_scores, found.p_values, list(found.verdicts)


def test_z_is_fishers_over_the_best_wrong_poses() -> None:
    z, _, _ = judged(0.8)
    middle = np.median(np.arctanh(wrong_poses()[:RIVALS]))
    assert z[0] == pytest.approx((np.arctanh(0.8) - middle) / 0.1)


def test_z_grows_with_the_number_of_resolution_elements() -> None:
    correlation, copies = np.array([0.8, *wrong_poses()]), np.full(81, -1)
    small, large = (judge(correlation, copies, volume, 4.0).z_scores[0] for volume in (VOLUME, 403 * 64.0))
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


def test_a_clear_lead_is_that_many_spreads_of_the_rest() -> None:
    def lead(spreads: float) -> Verdict:
        rival = np.arctanh(0.7)
        rest = np.sort(np.arctanh(np.concatenate([[0.7], wrong_poses()])))[-RIVALS:]
        return judged(np.tanh(rival + spreads * rest.std()), 0.7)[2][0]

    assert lead(CLEAR_GAP * 0.98) is Verdict.AMBIGUOUS
    assert lead(CLEAR_GAP * 1.02) is Verdict.UNIQUE


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
    found = judge(np.array([0.9, *wrong_poses(), -0.9]), np.full(82, -1), 1e7, 1.0)
    assert np.isfinite(found.z_scores).all()
    assert found.p_values[0] == 0
    assert found.p_values[-1] == 1


def test_nothing_is_judged_where_nothing_was_found() -> None:
    found = judge(np.empty(0), np.empty(0, np.int64), VOLUME, RESOLUTION)
    assert len(found.z_scores) == len(found.p_values) == len(found.verdicts) == 0
