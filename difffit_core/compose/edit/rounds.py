"""Models placed round by round: fit, accept, zero out, fit what is left (paper, section 5; design, method section 2, step 8)."""

import logging
from collections.abc import Sequence

import numpy as np

from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.result import Round
from difffit_core.compose.workshop import Placed, Workshop
from difffit_core.density_map import DensityMap

_logger = logging.getLogger(__name__)


class Rounds:
    """Chooses placements for a `Workshop`.

    Attributes
    ----------
    rounds : what was done
    chosen : everything that was accepted
    """

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop
        self._most_overlap = workshop.request.settings.most_overlap
        self.rounds: list[Round] = []
        self.pool: list[Candidate] = []
        self.chosen: list[Candidate] = []

    @property
    def placed(self) -> Placed:
        return [(one.body, one.pose) for one in self.chosen]

    def run(self) -> None:
        """Rounds until all copies are placed, enough is explained, nothing significant is found, or there have been enough."""
        shop, settings = self._shop, self._shop.request.settings
        left = shop.request.density_map
        for _ in range(settings.rounds + 1):
            which = self._to_fit()
            if not which or not (left.values > shop.request.level).any():
                break
            done = self._round(which, left)
            self.rounds.append(done)
            self.chosen += done.accepted
            if done.zero_out is None or shop.cancelled:
                break
            left = done.zero_out.density_map

    def _to_fit(self) -> list[int]:
        """Models of which copies may be missing and that what is left could hold, the largest first."""
        shop = self._shop
        which = [index for index in range(len(shop.bodies)) if shop.wants_more(index, self.chosen)]
        if self.chosen:
            rest = shop.rest(self.placed)
            if rest.explained >= shop.request.settings.enough:
                return []
            which = shop.roomy(which, self.placed, rest.volume)
        return sorted(which, key=lambda index: -len(shop.bodies[index].coordinates))

    def _round(self, which: Sequence[int], left: DensityMap) -> Round:
        """Fit all these models into what is left, accept the largest one's placements first, and zero out what was accepted."""
        shop, request = self._shop, self._shop.request
        first = len(shop.fits)
        found = shop.search(which, left)
        self.pool += found
        accepted: list[Candidate] = []
        for index in which:
            accepted += self._accept(index, [one for one in found if one.body == index], accepted)
        _logger.info("round %d: %d placements accepted", len(self.rounds) + 1, len(accepted))
        cut = None
        if accepted:
            placed = [(one.body, one.pose) for one in accepted]
            way = request.settings.zero_out, request.settings.threshold
            cut = zero_out(request.target.of(left), shop.bodies, placed, *way)
        return Round(tuple(range(first, len(shop.fits))), tuple(accepted), cut)

    def _accept(self, index: int, found: Sequence[Candidate], accepted: Sequence[Candidate]) -> list[Candidate]:
        """The placements of one model that are welcome, the best first, none overlapping another or what was accepted before."""
        shop = self._shop
        before = [*self.chosen, *accepted]
        welcome = [one for one in found if shop.welcome(one, [*before, *found])]
        beside = shop.welcome_beside(welcome, before, [(one.body, one.pose) for one in before])
        strain = shop.linkers.strain([*before, *beside]).toarray()[len(before) :, : len(before)].sum(axis=1)
        worth = np.array([one.evidence for one in beside]) - strain
        ranked = [beside[i] for i in np.argsort(-worth, kind="stable")]
        share = shop.overlaps([(one.body, one.pose) for one in ranked]).toarray()
        taken: list[int] = []
        for i in range(len(ranked)):
            if len(taken) == shop.request.settings.per_round > 0:
                break
            if shop.wants_more(index, [*before, *(ranked[j] for j in taken)]) and share[i, taken].max(initial=0.0) <= self._most_overlap:
                taken.append(i)
        return [ranked[i] for i in taken]
