"""All models placed together: candidates of all, chosen at once, refined at once."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.compose.assembly import Alternative
from difffit_core.compose.candidates.cross_links import rewards
from difffit_core.compose.candidates.dropped import Dropped
from difffit_core.compose.candidates.evidence import left_by, upheld, with_evidence
from difffit_core.compose.candidates.overlap import CLASH, clashes
from difffit_core.compose.candidates.pool import Candidate, worth_trying
from difffit_core.compose.solve.programme import Programme, Solution
from difffit_core.compose.solve.refine import Part, contact_costs, refine
from difffit_core.compose.symmetry.find import find_symmetry
from difffit_core.compose.symmetry.of_map import images
from difffit_core.compose.workshop import Placed, Workshop, near_enough
from difffit_core.pose import Pose, PoseBatch

_logger = logging.getLogger(__name__)

TRIED = 60
"""Most candidates of each model in the integer programme."""
_TRIED_IN_ALL, _FEWEST_TRIED = 1200, 12
"""So many are tried of all models together, where that leaves as many as the latter of each."""
_MOST_PASSES = 60
_ANY_CLASH = 5e-4
"""Share of its atoms from which a clash is told as one; what is below reads as 0.0 %."""


class Solving:
    """Chooses placements for a `Workshop`.

    Attributes
    ----------
    pool : every candidate
    chosen, poses : the candidates that were taken, and where they ended
    solution : of the last integer programme
    dropped : what was chosen and could not stay, for each model each reason once
    """

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        self.pool: list[Candidate] = []
        self.chosen: list[Candidate] = []
        self.poses: list[Pose] = []
        self.solution = Solution((), 0.0)
        self.dropped: list[Dropped] = []
        self._found: list[Candidate] = []
        self._asked: dict[int, list[Pose]] = {}
        self._tried = max(min(TRIED, _TRIED_IN_ALL // len(workshop.bodies)), _FEWEST_TRIED)

    def run(self) -> None:
        """Solve, refine, look for more, until there is no more; then see what stands out beside the others only."""
        self._solve()
        self._pool_evidence()
        worth = self._programme(self.chosen, [None] * len(self._shop.bodies)).score(np.arange(len(self.chosen)))
        self.solution = replace(self.solution, score=worth)

    def _solve(self) -> None:
        shop, searches = self._shop, 0
        self.pool = [*shop.search(range(len(shop.bodies)), shop.request.density_map), *shop.beside()]
        self._found = list(self.pool)
        for _ in range(_MOST_PASSES):
            self._choose()
            more = self._by_symmetry()
            if not more:
                self._refine()
                if self._drop():
                    continue
                if searches >= shop.request.settings.rounds or shop.cancelled:
                    return
                searches += 1
                more = self._in_what_is_left()
                if not more:
                    return
            self.pool += more
            self._found += more
        self._refine()
        while self._drop():
            self._refine()

    def _choose(self) -> None:
        shop = self._shop
        with shop.timed("solve_s"):
            held = [one for one in self.pool if shop.stands(one.body)]
            others = [one for one in self.pool if not shop.stands(one.body)]
            tried = [*held, *(one for one in worth_trying(others, self._tried) if shop.welcome(one, others))]
            shop.steps.say(f"choosing among {len(tried)} placements")
            while True:
                copies = [wanted.most for wanted in shop.request.wanted]
                self.solution = self._programme(tried, copies).solve()
                self.chosen = sorted((tried[i] for i in self.solution.chosen), key=lambda one: (one.body, -one.evidence))
                out = shop.do_not_stand_out(self.chosen)
                if not out:
                    break
                tried = [one for one in tried if one.body not in out]
        self.poses = [one.pose for one in self.chosen]
        _logger.info("%d placements of evidence %.1f", len(self.chosen), self.solution.score)

    @property
    def placed(self) -> Placed:
        return [(one.body, pose) for one, pose in zip(self.chosen, self.poses, strict=True)]

    def _programme(self, tried: Sequence[Candidate], copies: Sequence[int | None], kept: int = 0) -> Programme:
        """The choice among candidates, of which the first ``kept`` are taken in any case."""
        shop = self._shop
        overlap = shop.overlaps([(one.body, one.pose) for one in tried])
        held = np.array([i < kept or shop.stands(one.body) for i, one in enumerate(tried)], bool)
        worth = rewards(shop.request.links, shop.bodies, tried)
        return Programme(tried, overlap, copies, shop.request.settings.most_overlap, shop.linkers.strain(tried), held, worth)

    def _refine(self) -> None:
        shop = self._shop
        if not shop.request.settings.refine:
            return
        shop.steps.say("refining all together")
        with shop.timed("refine_s"):
            self.poses = refine(shop.request.density_map, shop.request.resolution, self._parts(), lambda: not shop.cancelled)

    def _parts(self) -> list[Part]:
        shop = self._shop
        return [
            Part(shop.bodies[one.body], shop.judges[one.body].side, one.pose, shop.judges[one.body].elements, shop.stands(one.body))
            for one in self.chosen
        ]

    def _drop(self) -> bool:
        """Judge the chosen ones where they ended; take out the worst that cannot stay, for good, and say whether there was one."""
        shop = self._shop
        final = self._final()
        unfit = self._clashing(final) or self._insignificant(final)
        if unfit is None:
            return False
        gone, why = unfit
        one = self.chosen[gone]
        _logger.info("%s dropped: %s", shop.bodies[one.body].model.name, why)
        if not any(told.body == one.body and told.why.partition(" (")[0] == why.partition(" (")[0] for told in self.dropped):
            self.dropped.append(Dropped(one.body, why))
        off = shop.bodies[one.body].rmsd
        there = PoseBatch.of([one.pose, self.poses[gone]])
        near = max(3.0, near_enough(shop.request.resolution))
        self.pool = [other for other in self.pool if other.body != one.body or off(there, PoseBatch.of([other.pose])).min() > near]
        del self.chosen[gone], self.poses[gone]
        return True

    def _final(self) -> list[Candidate]:
        """The chosen ones, judged where they ended."""
        return [self._shop.judge_again(one, pose) for one, pose in zip(self.chosen, self.poses, strict=True)]

    def _clashing(self, final: Sequence[Candidate]) -> tuple[int, str] | None:
        """The weaker of the two that clash most, if their contacts cost more than speaks for it."""
        if len(final) < 2:
            return None
        costs = contact_costs(self._parts(), self.poses)
        evidence = np.array([one.evidence for one in final])
        beyond = costs - np.minimum(evidence[:, None], evidence)
        first, second = (int(i) for i in np.unravel_index(np.argmax(np.where(costs > 0, beyond, -np.inf)), costs.shape))
        if costs[first, second] <= 0 or beyond[first, second] <= 0:
            return None
        stands = [self._shop.stands(one.body) for one in final]
        if stands[first] and stands[second]:
            return None
        weaker = stands[second] or (evidence[first] < evidence[second] and not stands[first])
        gone, stays = (first, second) if weaker else (second, first)
        coordinates = [self._shop.bodies[final[i].body].coordinates for i in (gone, stays)]
        share = clashes([self.poses[i].apply(points) for i, points in zip((gone, stays), coordinates, strict=True)])[0]
        rival = self._shop.name(self.placed, stays)
        if share < _ANY_CLASH:
            return gone, f"comes too near {rival}, for which more speaks"
        return gone, f"clashes with {rival} ({share:.1%} of its atoms nearer than {CLASH:g} Å), for which more speaks"

    def _insignificant(self, final: Sequence[Candidate]) -> tuple[int, str] | None:
        """The least significant, if only significant ones are taken and it is not."""
        if self._shop.request.settings.accept != "significant" or not final:
            return None
        gone = max(range(len(final)), key=lambda i: -1.0 if self._shop.stands(final[i].body) else final[i].judged_p)
        if final[gone].significant or self._shop.stands(final[gone].body):
            return None
        return gone, f"is not significant where it ended (p = {final[gone].judged_p:.2g})"

    def _pool_evidence(self) -> None:
        """Take models that were asked for and do not stand out in the whole map, but do beside the others."""
        shop = self._shop
        if shop.request.settings.accept != "significant" or not self.chosen or shop.cancelled:
            return
        missing = {i for i in range(len(shop.bodies)) if shop.request.wanted[i].copies is not None and shop.wants_more(i, self.chosen)}
        others = [one for one in worth_trying(self._found, self._tried) if one.body in missing]
        before, placed = list(self.chosen), list(self.poses)
        tried = [*(replace(one, pose=pose) for one, pose in zip(before, placed, strict=True)), *others]
        copies = [wanted.most for wanted in shop.request.wanted]
        best = self._programme(tried, copies, len(before)).solve()
        self.chosen = [*before, *(tried[i] for i in best.chosen if i >= len(before))]
        self.poses = [*placed, *(one.pose for one in self.chosen[len(before) :])]
        if len(self.chosen) == len(before):
            return
        self._refine()
        shop.steps.say("asking which parts stand out beside the others")
        p_values = upheld(shop, self.chosen, self.poses, range(len(before), len(self.chosen)))
        kept = [i for i in range(len(self.chosen)) if i < len(before) or i in p_values]
        if len(kept) == len(before):
            self.chosen, self.poses = before, placed
            return
        self.chosen = with_evidence(self.chosen, p_values)
        self.chosen, self.poses = [self.chosen[i] for i in kept], [self.poses[i] for i in kept]
        self.solution = replace(self.solution, proven=False)
        again = {one.body for one in self.chosen[len(before) :]}
        self.dropped = [one for one in self.dropped if one.body not in again]
        self._refine()
        while self._drop():
            self._refine()
        self.pool += [one for one in self.chosen if not any(one is other for other in self.pool)]

    def _by_symmetry(self) -> list[Candidate]:
        """Copies that the symmetry of the chosen ones asks for, where the map holds them."""
        shop = self._shop
        if shop.request.settings.symmetry == "none" or shop.cancelled:
            return []
        found: list[Candidate] = []
        tolerance = near_enough(shop.request.resolution)
        for index, judge in enumerate(shop.judges):
            mine = [one.pose for one in self.chosen if one.body == index]
            if not mine or not shop.wants_more(index, self.chosen):
                continue
            wanted, group = self._missing(index, mine)
            if wanted:
                polished = judge.polish(wanted)
                moved = judge.body.rmsd(PoseBatch.of(wanted), PoseBatch.of(polished)).diagonal()
                kept = [pose for pose, far in zip(polished, moved, strict=True) if far < 2 * tolerance]
                found += judge.judge(kept, f"completes {group}")
        return shop.welcome_beside(found, self.chosen, self.placed)

    def _missing(self, index: int, mine: Sequence[Pose]) -> tuple[list[Pose], str]:
        """Poses of a model that a symmetry asks for beside those that are chosen, and the name of that.

        The map's own asks for each once: what was asked for and is not there did not fit.
        """
        shop, body = self._shop, self._shop.bodies[index]
        settings, tolerance = shop.request.settings, near_enough(shop.request.resolution)
        by_map = shop.look_at_map() if settings.symmetry == "map" else None
        if by_map is None:
            symmetry = find_symmetry(body, mine, tolerance, settings.group) if len(mine) > 1 else None
            if symmetry is not None:
                return [symmetry.image(*member) for member in symmetry.missing()], str(symmetry.group)
            by_map = shop.look_at_map() if settings.group is not None else None
        if by_map is None:
            return [], ""
        asked = self._asked.setdefault(index, [])
        fresh = [
            pose
            for pose in images(body, mine, by_map, shop.request.density_map, tolerance)
            if not asked or body.rmsd(PoseBatch.of([pose]), PoseBatch.of(asked)).min() >= tolerance
        ]
        asked += fresh
        return fresh, f"{by_map.group} of the map"

    def _in_what_is_left(self) -> list[Candidate]:
        """Search what is left of the map for models of which copies may be missing."""
        shop = self._shop
        there = {one.body for one in self.chosen}
        wanted = [i for i in range(len(shop.bodies)) if shop.wants_more(i, self.chosen) and (i in there or not shop.one_of_many(i))]
        if not self.chosen or not wanted:
            return []
        fitting = shop.roomy(wanted, self.placed, shop.rest(self.placed).volume)
        left = left_by(shop, self.placed)
        if not fitting or not (left.values > shop.request.level).any():
            return []
        return shop.welcome_beside(shop.search(fitting, left), self.chosen, self.placed)

    def alternative(self) -> Alternative | None:
        """The next best assembly with no more copies of any model, weaker candidates included."""
        shop = self._shop
        if not self.chosen:
            return None
        tried = [*self.chosen, *(one for one in worth_trying(self.pool, self._tried) if one not in self.chosen)]
        counts = Counter(one.body for one in self.chosen)
        copies = [counts[index] for index in range(len(shop.bodies))]
        programme = self._programme(tried, copies)
        same_place = self._same_place(tried)
        second = programme.alternative(Solution(tuple(range(len(self.chosen))), 0.0), same_place)
        if not second.proven or not second.chosen:
            return None
        nudged = set(np.concatenate(same_place).tolist())
        different = [tried[i] for i in second.chosen if i not in nudged]
        return Alternative(second.score, tuple(tried[i] for i in second.chosen), tuple(different), len(self.chosen) - len(second.chosen))

    def _same_place(self, tried: Sequence[Candidate]) -> list[NDArray[np.int64]]:
        """For each chosen candidate those that are no more than a nudged version of it."""
        same = []
        for one in self.chosen:
            mine = np.array([i for i, other in enumerate(tried) if other.body == one.body])
            off = self._shop.bodies[one.body].rmsd(PoseBatch.of([one.pose]), PoseBatch.of([tried[i].pose for i in mine]))[0]
            same.append(mine[off < max(3.0, near_enough(self._shop.request.resolution))])
        return same
