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
_TIME_LIMIT_S = 20.0


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
        groups = _cliques(self._count, row[apart], column[apart])
        limits = [(np.flatnonzero(body == index), most) for index, most in enumerate(copies) if most is not None]
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
        """Over x (C,), which is taken, y (pairs,) at least x_i + x_j - 1, which pays for what a pair counts twice, and what rewards add."""
        if self._count == 0:
            return Solution((), 0.0)
        pairs = len(self._cost)
        gains, links, most_of_links = _reward_rows(self._rewards, self._count, pairs)
        width = self._count + pairs + len(gains)
        rows = [*self._rows, *rows]
        choice = [csr_array((row.data, row.indices, row.indptr), shape=(1, width)) for row in rows]
        each = np.arange(pairs)
        columns = np.concatenate([*self._soft.T, self._count + each])
        both = coo_array((np.repeat([1.0, 1.0, -1.0], pairs), (np.tile(each, 3), columns)), shape=(pairs, width))
        lower = np.zeros(width)
        lower[: self._count] = self._held
        outcome = milp(
            np.concatenate([-self._evidence, self._cost, -gains]),
            integrality=np.concatenate([np.ones(self._count), np.zeros(width - self._count)]),
            bounds=Bounds(lower, 1),
            constraints=LinearConstraint(
                vstack([*choice, both, links], format="csr"),
                -np.inf,
                np.concatenate([self._most, most, np.ones(pairs), most_of_links]),
            ),
            options={"time_limit": _TIME_LIMIT_S},
        )
        if outcome.x is None:
            return Solution((), 0.0, proven=False)
        chosen = np.flatnonzero(outcome.x[: self._count] > 0.5)
        return Solution(tuple(int(i) for i in chosen), float(-outcome.fun), outcome.status == 0)


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


def _cliques(count: int, row: NDArray[np.signedinteger], column: NDArray[np.signedinteger]) -> list[NDArray[np.int64]]:
    """Groups of candidates that exclude one another, covering every excluding pair; larger groups make a tighter programme."""
    excludes = np.zeros((count, count), bool)
    excludes[row, column] = excludes[column, row] = True
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
