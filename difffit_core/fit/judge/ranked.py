"""What a fit has found so far, ranked."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from difffit_core.fit.judge.kin import share_inside
from difffit_core.fit.judge.ranking import rank
from difffit_core.fit.judge.significance import IN_THE_BOX
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.placement import Placement


@dataclass(frozen=True, eq=False)
class Ranked:
    """All candidates ``found``, the ``placements`` that they make, best first, and the ``leaders`` that stand for them."""

    found: Candidates
    placements: tuple[Placement, ...]
    leaders: Candidates

    @classmethod
    def of(cls, request: FitRequest, model: ModelSide, density: MapSide, found: Candidates) -> Self:
        """Candidates as they rank."""
        return cls(found, *rank(request, model, density, found))

    def joined(self, request: FitRequest, model: ModelSide, density: MapSide, more: Candidates) -> Self:
        """The same with what another search found, as far as it lies in the box, ranked anew."""
        inside = more.take(np.flatnonzero(share_inside(more, model, request) >= IN_THE_BOX))
        return self.of(request, model, density, Candidates.join([self.found, inside]))
