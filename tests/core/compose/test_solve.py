"""The integer programme, against trying every subset."""

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from difffit_core.compose.candidates.cross_links import Reward
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.solve.programme import SHARED, Programme, Solution
from difffit_core.pose import Pose


def candidate(body: int, z: float) -> Candidate:
    return Candidate(body, Pose.identity(), 0.5, z, 0.0, "made")


def best_of_all(candidates: list[Candidate], overlap: np.ndarray, copies: list[int | None], most: float, not_all_of: tuple = ()) -> tuple:
    best = (0.0, ())
    for size in range(1, len(candidates) + 1):
        for chosen in combinations(range(len(candidates)), size):
            counts = [sum(candidates[i].body == b for i in chosen) for b in range(len(copies))]
            if any(m is not None and n > m for n, m in zip(counts, copies, strict=True)):
                continue
            if not_all_of and set(not_all_of) <= set(chosen):
                continue
            pairs = [(i, j) for i, j in combinations(chosen, 2)]
            if any(overlap[i, j] > most for i, j in pairs):
                continue
            score = sum(candidates[i].evidence for i in chosen)
            score -= sum(overlap[i, j] * min(candidates[i].evidence, candidates[j].evidence) for i, j in pairs if overlap[i, j] > SHARED)
            best = max(best, (score, chosen))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_no_subset_is_better(seed: int) -> None:
    rng = np.random.default_rng(seed)
    candidates = [candidate(int(rng.integers(3)), float(rng.uniform(0.5, 8))) for _ in range(10)]
    overlap = np.triu(np.where(rng.random((10, 10)) < 0.45, rng.random((10, 10)) * 0.3, 0), 1)
    overlap += overlap.T
    copies = [2, None, 1]
    programme = Programme(candidates, csr_array(overlap), copies, 0.1)
    solution = programme.solve()
    score, chosen = best_of_all(candidates, overlap, copies, 0.1)
    assert solution.proven
    assert solution.score == pytest.approx(score)
    assert solution.chosen == chosen
    second = programme.alternative(solution, [np.array([i]) for i in chosen])
    assert second.score == pytest.approx(best_of_all(candidates, overlap, copies, 0.1, chosen)[0])
    assert not set(chosen) <= set(second.chosen)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_held_stays_and_pairs_are_rewarded_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    candidates = [candidate(int(rng.integers(3)), float(rng.uniform(0.5, 4))) for _ in range(8)]
    overlap = np.triu(np.where(rng.random((8, 8)) < 0.6, 0.5, 0), 1)
    overlap += overlap.T
    rewards = [Reward(rng.choice(8, (3, 2)), float(rng.uniform(1, 6))) for _ in range(3)]
    held = np.arange(8) == int(np.argmin([one.evidence for one in candidates]))
    solution = Programme(candidates, csr_array(overlap), [None] * 3, 0.1, None, held, rewards).solve()
    best = (-1.0, ())
    for size in range(1, 9):
        for chosen in combinations(range(8), size):
            if not held[list(chosen)].any() or any(overlap[i, j] for i, j in combinations(chosen, 2)):
                continue
            links = sum(one.worth for one in rewards if any(i in chosen and j in chosen for i, j in one.pairs.tolist()))
            best = max(best, (sum(candidates[i].evidence for i in chosen) + links, chosen))
    assert solution.proven
    assert (solution.score, solution.chosen) == (pytest.approx(best[0]), best[1])


def test_an_alternative_is_more_than_a_nudge() -> None:
    candidates = [candidate(0, 9.0), candidate(0, 8.9), candidate(0, 3.0), candidate(1, 5.0)]
    overlap = np.zeros((4, 4))
    overlap[0, 1] = overlap[1, 0] = 0.9
    programme = Programme(candidates, csr_array(overlap), [1, 1], 0.1)
    best = programme.solve()
    assert best.chosen == (0, 3)
    second = programme.alternative(best, [np.array([0, 1]), np.array([3])])
    assert second.chosen in ((0,), (1,)) or set(second.chosen) == {2, 3}
    assert second.score == pytest.approx(max(0.5 * 81, 0.5 * (9 + 25)))


def test_nothing_to_choose_from_is_no_assembly() -> None:
    assert Programme([], csr_array((0, 0)), [None], 0.1).solve() == Solution((), 0.0)


def test_of_many_similar_models_a_good_choice_is_found_soon() -> None:
    """Twenty predictions of some proteins, each at every place and beside: more pairs count something twice than can be weighed."""
    rng = np.random.default_rng(5)
    models, places = 20, 9
    at = np.repeat(np.arange(places), models * 3)
    candidates = [candidate(int(i % models), float(z)) for i, z in enumerate(rng.uniform(2, 6, len(at)))]
    beside = np.abs(at[:, None] - at) == 1
    overlap = np.where(at[:, None] == at, 0.6, np.where(beside, rng.uniform(0.011, 0.02, (len(at), len(at))), 0.0))
    overlap = np.triu(overlap, 1) + np.triu(overlap, 1).T
    programme = Programme(candidates, csr_array(overlap), [None] * models, 0.1)
    assert programme._counted.sum() == 0 < len(programme._counted)
    solution = programme.solve()
    assert sorted(at[list(solution.chosen)]) == list(range(places))
    best = sum(max(one.evidence for one, place in zip(candidates, at, strict=True) if place == p) for p in range(places))
    assert 0.95 * best < solution.score < best
    assert solution.score == pytest.approx(programme.score(np.array(solution.chosen)))


def test_what_is_not_proven_holds_what_is_held_and_keeps_to_the_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where there was no time to find any."""
    candidates = [candidate(0, 6.0), candidate(0, 5.0), candidate(0, 4.0), candidate(1, 3.0), candidate(1, 1.0)]
    overlap = np.zeros((5, 5))
    overlap[0, 3] = overlap[3, 0] = overlap[0, 4] = overlap[4, 0] = 0.5
    held = np.array([False, False, False, False, True])
    programme = Programme(candidates, csr_array(overlap), [1, 2], 0.1, None, held)
    monkeypatch.setattr(programme, "_relaxed", lambda rows, most: (None, None))
    assert programme.solve() == Solution((1, 3, 4), 0.5 * (25 + 9 + 1), proven=False)
