"""Scores, p and q: known answers on made-up heights, and what they are worth on models that do not belong."""

import numpy as np
import pytest
import scipy.stats

from difffit_core.fit.judge.significance import p_value
from difffit_core.placement import Verdict
from difffit_core.screen.outcome import Pass
from difffit_core.screen.ranking import Null, false_discovery_rates, fit_null, gumbel_tail, promising, rank
from difffit_core.screen.rows import DONE, FAILED, WAITING, ScreenRow

TRUE = Null(mode=0.6, slope=0.15, scale=0.2)
EMPTY = ScreenRow(1, "/library/m1.pdb.gz", "", WAITING, 1, "", None, None, None, None, None, None, None)


def sizes(count: int, seed: int = 0) -> np.ndarray:
    return 300 * np.exp(np.random.default_rng([seed, 1]).normal(0, 0.5, count))


def heights(elements: np.ndarray, null: Null = TRUE, seed: int = 0) -> np.ndarray:
    variate = np.random.default_rng([seed, 2]).gumbel(size=len(elements))
    return null.mode + null.slope * np.log(elements / 300) + null.scale * variate


def row(identifier: int, height: float, elements: float, middle: float = 0.1, work: Pass = Pass.FIRST, gap: float = 5.0) -> ScreenRow:
    correlation = float(np.tanh(middle + height / np.sqrt(elements - 3)))
    return ScreenRow(
        identifier, f"/library/m{identifier}.pdb", "", DONE, work, "", 100, elements, middle, correlation, correlation, gap, 0.9
    )


def library(count: int, seed: int = 0, null: Null = TRUE) -> list[ScreenRow]:
    elements = sizes(count, seed)
    return [row(i, *pair) for i, pair in enumerate(zip(heights(elements, null, seed), elements, strict=True))]


@pytest.mark.parametrize("seed", range(4))
def test_the_null_of_many_models_is_found_with_hits_among_them(seed: int) -> None:
    elements = sizes(2000, seed)
    values = heights(elements, seed=seed)
    values[:40] += 5
    null = fit_null(values, elements)
    assert null.mode == pytest.approx(TRUE.mode, abs=0.02)
    assert null.slope == pytest.approx(TRUE.slope, abs=0.03)
    assert null.scale == pytest.approx(TRUE.scale, rel=0.07)


def test_of_no_model_the_null_is_the_one_seen_on_other_maps_and_few_move_it_little() -> None:
    nothing = fit_null(np.empty(0), np.empty(0))
    assert nothing.mode == pytest.approx(0.48, abs=0.05)
    assert nothing.scale == pytest.approx(0.16, rel=0.15)
    one = fit_null(np.array([9.0]), np.array([300.0]))
    assert one.mode == pytest.approx(nothing.mode, abs=0.05)
    assert gumbel_tail(one.standardised(np.array([9.0]), np.array([300.0])))[0] < 1e-6


def test_p_and_q_keep_their_word_where_nothing_belongs() -> None:
    p = np.concatenate([rank(library(300, seed)).p_values for seed in range(20)])
    for share in (0.5, 0.1, 0.02, 0.005):
        assert share / 3 < (p < share).mean() < 1.35 * share
    assert sum(rank(library(300, seed)).significant.any() for seed in range(20)) <= 2


def test_p_does_not_depend_on_size() -> None:
    ranking = rank(library(3000))
    elements = np.array([one.elements for one in ranking.rows])
    small, large = ranking.p_values[elements < 220], ranking.p_values[elements > 420]
    assert 0.01 < (small < 0.05).mean() < 0.07
    assert 0.01 < (large < 0.05).mean() < 0.07


def test_two_hits_stand_out_of_a_library_of_300() -> None:
    rows = library(300)
    rows[17], rows[211] = row(17, 7.0, 200), row(211, 5.0, 600)._replace(gap=1.0)
    ranking = rank(rows)
    assert [one.id for one in ranking.rows[:2]] == [17, 211]
    assert ranking.significant.sum() == 2
    assert ranking.verdicts[:3] == (Verdict.UNIQUE, Verdict.AMBIGUOUS, Verdict.NOT_SIGNIFICANT)
    assert (np.diff(ranking.scores) <= 0).all()
    assert (np.diff(ranking.p_values) >= 0).all()
    assert (np.diff(ranking.q_values) >= 0).all()
    assert (ranking.q_values >= ranking.p_values).all()


def test_what_was_searched_in_full_has_the_p_of_that_search() -> None:
    """Whatever the first pass and the library say of it: the best of many starts is judged by the wrong poses of as many."""
    rows = library(100)
    rows[7] = row(7, 9.0, 300)._replace(work=Pass.FULL, z_score=0.5, verdict="not significant")
    rows[8] = row(8, 2.0, 300)._replace(work=Pass.FULL, z_score=4.0, verdict="ambiguous")
    ranking = rank(rows)
    place = {one.id: i for i, one in enumerate(ranking.rows)}
    assert ranking.p_values[[place[7], place[8]]] == pytest.approx(p_value(np.array([0.5, 4.0])), rel=1e-9)
    assert (place[8], ranking.verdicts[0], ranking.significant.sum()) == (0, Verdict.AMBIGUOUS, 1)


def test_a_first_pass_alone_must_stand_out_of_the_library_and_of_its_own_wrong_places() -> None:
    low = Null(mode=-1.0, slope=0.0, scale=0.02)
    rows = [one for one in library(300, null=low) if one.id != 4] + [row(4, 0.6, 300)]
    ranking = rank(rows)
    first = ranking.rows[0]
    assert first.id == 4
    assert ranking.p_values[0] == pytest.approx(float(p_value(0.6)), rel=1e-9)
    assert not ranking.significant.any(), "a library that scores alike makes no stranger significant"


def test_promising_are_those_of_low_p_by_their_first_pass_alone() -> None:
    rows = library(200)
    rows[5] = row(5, 6.0, 300)._replace(work=Pass.FULL, correlation=0.99)
    ranking = rank(rows)
    expected = {one.id for one, p in zip(ranking.rows, ranking.p_values, strict=True) if p < 0.02}
    assert set(promising(rows, 0.02)) == expected
    assert 5 in expected
    assert promising(rows, 0.0) == []
    assert len(promising(rows, 1.0)) == 200


def test_what_has_not_been_tried_does_not_count() -> None:
    rows = library(50)
    assert len(rank([*rows, EMPTY, EMPTY._replace(status=FAILED)]).rows) == 50
    nothing = rank([EMPTY])
    assert (len(nothing.rows), len(nothing.scores), nothing.significant.sum()) == (0, 0, 0)
    assert promising([EMPTY], 0.5) == []


def test_a_row_is_named_after_its_file_and_chain() -> None:
    assert EMPTY.name == "m1"
    assert EMPTY._replace(path="/library/a.b.cif", part="C").name == "a.b:C"


def test_perfect_and_negative_correlations_are_finite() -> None:
    rows = [row(1, 1.0, 50)._replace(correlation=1.0), row(2, 1.0, 4.0)._replace(correlation=-0.5), row(3, 800.0, 1e6)]
    ranking = rank(rows)
    assert np.isfinite(ranking.scores).all()
    assert ((ranking.p_values >= 0) & (ranking.p_values <= 1)).all()


@pytest.mark.parametrize("count", [0, 1, 2, 400])
def test_false_discovery_rates_are_those_of_scipy(count: int) -> None:
    rng = np.random.default_rng(count)
    p = np.concatenate([rng.uniform(0, 1, count - count // 4), rng.uniform(0, 1e-9, count // 4)])
    if count:
        p[-1] = p[0]
    expected = scipy.stats.false_discovery_control(p) if count else p
    np.testing.assert_allclose(false_discovery_rates(p), expected, rtol=1e-12)
