"""Which candidates together explain the map best: a small integer programme (design, method section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, triu, vstack

from difffit_core.compose.candidates.cross_links import Reward
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.conventions import Array

SHARED = 0.01
"""Overlap above which two placements count the density they share only once."""
_TIME_LIMIT_S = 60.0
"""What one solution may take; the best that was found by then is improved."""
_MOST_ROUNDS = 5
_MOST_EXCHANGES, _TRIED_EXCHANGES = 200, 20
_FEW_PAIRS = 15_000
"""So many pairs that may count something twice are all put in at once."""
_NEARLY = 1e-6


@dataclass(frozen=True)
class Solution:
    """The ``chosen`` candidates by index, and their ``score``: evidence less what they count twice. ``proven`` if nothing scores higher."""

    chosen: tuple[int, ...]
    score: float
    proven: bool = True


class Programme:
    """Maximise the summed evidence over sets of candidates.

    No more than the asked copies of a model are taken, and no two that overlap by more than ``most_overlap``; of two that overlap by less,
    the weaker one's evidence counts only for the share it has to itself.

    Parameters
    ----------
    candidates : C of them
    overlap : sparse (C, C), as `overlap.overlaps` gives it
    copies : the most of each model, by index; None for as many as there are
    most_overlap : share of the smaller of two, 0 to 1
    strain : sparse (C, C), what it costs more to take two together; None for nothing
    held : (C,) of those that are taken whatever they score; None for none
    rewards : what pairs of candidates are worth together
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        overlap: csr_array,
        copies: Sequence[int | None],
        most_overlap: float,
        strain: csr_array | None = None,
        held: NDArray[np.bool_] | None = None,
        rewards: Sequence[Reward] = (),
    ) -> None:
        self._count = len(candidates)
        self._held = np.zeros(self._count, bool) if held is None else held
        self._rewards = rewards
        self._evidence = np.array([one.evidence for one in candidates])
        pairs = coo_array(overlap)
        upper = pairs.row < pairs.col
        row, column, share = pairs.row[upper], pairs.col[upper], pairs.data[upper]
        apart = share > most_overlap
        soft = (share > SHARED) & ~apart
        twice = share[soft] * np.minimum(self._evidence[row[soft]], self._evidence[column[soft]])
        costs = coo_array((twice, (row[soft], column[soft])), shape=overlap.shape)
        if strain is not None:
            costs = coo_array(csr_array(costs) + triu(strain, 1, format="csr"))
        self._soft = np.column_stack([costs.row, costs.col]).astype(np.int64)
        self._cost = costs.data
        body = np.array([one.body for one in candidates], np.int64)
        limits = [(np.flatnonzero(body == index), most) for index, most in enumerate(copies) if most is not None]
        self._excludes = np.zeros((self._count, self._count), bool)
        self._excludes[row[apart], column[apart]] = self._excludes[column[apart], row[apart]] = True
        self._counted = np.zeros(len(self._cost), bool)
        if len(self._cost) <= _FEW_PAIRS:
            self._counted[:] = True
        groups = _cliques(self._excludes)
        self._rows = [_row(group, self._count) for group in (*groups, *(members for members, _ in limits))]
        self._most = np.array([1.0] * len(groups) + [float(most) for _, most in limits])

    def solve(self) -> Solution:
        """The best set."""
        return self._optimise([], [])

    def alternative(self, best: Solution, same_place: Sequence[NDArray[np.int64]]) -> Solution:
        """The best set in which at least one of the chosen placements is missing or elsewhere.

        ``same_place`` holds, for each chosen placement, the candidates that are no more than a nudged version of it.
        """
        nudged = np.unique(np.concatenate([*same_place, np.array(best.chosen, np.int64)]))
        return self._optimise([_row(nudged, self._count)], [len(best.chosen) - 1.0])

    def _optimise(self, rows: list[csr_array], most: list[float]) -> Solution:
        """The best set under further ``rows``, of which each takes ``most`` at the most.

        Where there are many pairs, what they count twice is left out at first, and put in for pairs that are chosen together, until the
        choice pays for all that it counts twice: then nothing is better. Many similar models give a hundred times as many pairs as matter,
        and with all of them nothing was found in any time. What is not proven is improved by exchanges, and is never worse than a choice
        one after the other.
        """
        if self._count == 0:
            return Solution((), 0.0)
        limits = Limits.of([*self._rows, *rows], np.concatenate([self._most, most]), self._count)
        found: list[NDArray[np.int64]] = []
        for _ in range(_MOST_ROUNDS):
            chosen, bound = self._relaxed(rows, most)
            if chosen is None:
                break
            found.append(chosen)
            if bound is None:
                break
            if self.score(chosen) >= bound - _NEARLY * max(1.0, abs(bound)):
                return Solution(tuple(chosen.tolist()), self.score(chosen))
            self._count_twice(chosen)
        if (one_by_one := self._one_by_one(limits)) is not None:
            found.append(one_by_one)
        better = [self._exchanged(one, limits) for one in found]
        best = max(better, key=self.score, default=np.empty(0, np.int64))
        return Solution(tuple(best.tolist()), self.score(best), proven=False)

    def _relaxed(self, rows: list[csr_array], most: list[float]) -> tuple[NDArray[np.int64] | None, float | None]:
        """The best set (n,) where only pairs that are ``_counted`` pay for what they count twice, and what no set can score more than.

        Over x (C,), which is taken, y (pairs,) at least x_i + x_j - 1, which pays for what a pair counts twice, and what rewards add. The
        second is None where there was no time to the end, the first where there was none to find any.
        """
        counted = np.flatnonzero(self._counted)
        pairs = len(counted)
        gains, links, most_of_links = _reward_rows(self._rewards, self._count, pairs)
        width = self._count + pairs + len(gains)
        choice = [csr_array((row.data, row.indices, row.indptr), shape=(1, width)) for row in [*self._rows, *rows]]
        each = np.arange(pairs)
        columns = np.concatenate([*self._soft[counted].T, self._count + each])
        both = coo_array((np.repeat([1.0, 1.0, -1.0], pairs), (np.tile(each, 3), columns)), shape=(pairs, width))
        lower = np.zeros(width)
        lower[: self._count] = self._held
        outcome = milp(
            np.concatenate([-self._evidence, self._cost[counted], -gains]),
            integrality=np.concatenate([np.ones(self._count), np.zeros(width - self._count)]),
            bounds=Bounds(lower, 1),
            constraints=LinearConstraint(
                vstack([*choice, both, links], format="csr"),
                -np.inf,
                np.concatenate([self._most, most, np.ones(pairs), most_of_links]),
            ),
            options={"time_limit": _TIME_LIMIT_S},
        )
        found: Array | None = outcome.x
        if found is None:
            return None, None
        chosen = np.flatnonzero(found[: self._count] > 0.5)
        return chosen, float(-outcome.fun) if outcome.status == 0 else None

    def score(self, chosen: NDArray[np.int64]) -> float:
        """Evidence of a set less all that it counts twice, and what it earns by rewards."""
        taken = np.zeros(self._count, bool)
        taken[chosen] = True
        twice = self._cost[taken[self._soft].all(axis=1)].sum()
        earned = sum(one.worth for one in self._rewards if taken[one.pairs].all(axis=1).any())
        return float(self._evidence[taken].sum() - twice + earned)

    def _count_twice(self, chosen: NDArray[np.int64]) -> None:
        """Count pairs that are chosen from now on."""
        taken = np.zeros(self._count, bool)
        taken[chosen] = True
        self._counted |= taken[self._soft].all(axis=1)

    def _one_by_one(self, limits: "Limits") -> NDArray[np.int64] | None:
        """A set (n,) of which each adds most to those before; None where what is held does not go together."""
        value, twice, taken = self._evidence.copy(), self._twice(), np.zeros(self._count, bool)
        open_ = np.ones(self._count, bool)
        while open_.any():
            held = np.flatnonzero(self._held & open_)
            best = int(held[0]) if len(held) else int(np.argmax(np.where(open_, value, -np.inf)))
            if value[best] <= 0 and not self._held[best]:
                break
            open_[best] = False
            taken[best] = True
            if not limits.hold(taken):
                taken[best] = False
                if self._held[best]:
                    return None
                continue
            value -= twice[[best]].toarray()[0]
        return np.flatnonzero(taken)

    def _exchanged(self, chosen: NDArray[np.int64], limits: "Limits") -> NDArray[np.int64]:
        """A set (n,) made better by taking one more, without those that it excludes, as long as that is better."""
        twice = self._twice()
        taken = np.zeros(self._count, bool)
        taken[chosen] = True
        for _ in range(_MOST_EXCHANGES):
            own = np.where(taken, self._evidence - twice @ taken, 0.0)
            gain = self._evidence - twice @ taken - self._excludes @ own
            gain[taken | (self._excludes @ (taken & self._held))] = -np.inf
            for one in np.argsort(-gain, kind="stable")[:_TRIED_EXCHANGES].tolist():
                after = taken & ~self._excludes[one]
                after[one] = True
                if limits.hold(after) and self.score(np.flatnonzero(after)) > self.score(np.flatnonzero(taken)) + _NEARLY:
                    taken = after
                    break
            else:
                break
        return np.flatnonzero(taken)

    def _twice(self) -> csr_array:
        """What each two candidates count twice, sparse (C, C), symmetric."""
        both = np.vstack([self._soft, self._soft[:, ::-1]])
        return csr_array(coo_array((np.tile(self._cost, 2), both.T), shape=(self._count, self._count)))


@dataclass(frozen=True, eq=False)
class Limits:
    """``rows`` sparse (R, C): of the candidates in each no more than ``most`` (R,) may be taken."""

    rows: csr_array
    most: Array

    @classmethod
    def of(cls, rows: Sequence[csr_array], most: Array, width: int) -> "Limits":
        """From single rows."""
        return cls(vstack(rows, format="csr") if rows else csr_array((0, width)), most)

    def hold(self, taken: NDArray[np.bool_]) -> bool:
        """Whether a set (C,) keeps to them."""
        return bool((self.rows @ taken.astype(np.float64) <= self.most + 0.5).all())


def _reward_rows(rewards: Sequence[Reward], count: int, pairs: int) -> tuple[Array, csr_array, Array]:
    """What the further variables gain, rows that hold them, and the most of each row.

    For each reward one variable, at most the sum of one for each of its pairs, which are at most either candidate of it.
    """
    gains: list[float] = []
    entries: list[tuple[int, int, float]] = []
    line = 0
    for reward in rewards:
        whole, first = count + pairs + len(gains), count + pairs + len(gains) + 1
        gains += [reward.worth, *[0.0] * len(reward.pairs)]
        entries.append((line, whole, 1.0))
        entries += [(line, first + k, -1.0) for k in range(len(reward.pairs))]
        line += 1
        for k, (i, j) in enumerate(reward.pairs.tolist()):
            entries += [(line, first + k, 1.0), (line, i, -1.0), (line + 1, first + k, 1.0), (line + 1, j, -1.0)]
            line += 2
    row, column, value = np.array(entries, np.float64).reshape(-1, 3).T
    width = count + pairs + len(gains)
    rows = coo_array((value, (row.astype(np.int64), column.astype(np.int64))), shape=(line, width)).tocsr()
    return np.array(gains), rows, np.zeros(line)


def _row(columns: NDArray[np.int64], width: int) -> csr_array:
    return csr_array((np.ones(len(columns)), (np.zeros(len(columns), np.int64), columns)), shape=(1, width))


def _cliques(excludes: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Groups of candidates that exclude one another (C, C), covering every excluding pair; larger groups make a tighter programme."""
    open_pairs = excludes.copy()
    groups = []
    for first in np.argsort(-excludes.sum(axis=1), kind="stable"):
        while open_pairs[first].any():
            second = int(np.argmax(open_pairs[first]))
            members = [int(first), second]
            common = excludes[first] & excludes[second]
            while common.any():
                member = int(np.argmax(common))
                members.append(member)
                common &= excludes[member]
            groups.append(np.array(sorted(members)))
            open_pairs[np.ix_(members, members)] = False
    return groups
