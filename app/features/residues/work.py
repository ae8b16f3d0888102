"""What the worker does to judge a placement. What is heavy to import is imported there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_app.state.judging import Comparison, Judgement
from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.request import CancelFlag
from difffit_core.placement import Placement
from difffit_core.project.schema import FitRecord
from difffit_core.target import Target

if TYPE_CHECKING:
    from difffit_core.quality.explained import Explained
    from difffit_core.quality.score import ResidueScores

Scored = list[tuple[Placement, "ResidueScores"]]


@dataclass(frozen=True, eq=False)
class Case:
    """A placement with all it takes to judge it; ``kept`` are its scores where they are known."""

    record: FitRecord
    placement: Placement
    density: DensityMap
    model: AtomicModel
    level: float
    kept: "ResidueScores | None"

    def fitted(self) -> AtomicModel:
        return self.model.select_chains(self.record.chains)

    def scores(self, cancel: CancelFlag) -> "ResidueScores":
        from difffit_core.quality.score import score_residues

        return self.kept or score_residues(self.density, self.fitted(), self.placement.pose, self.record.resolution, cancel)

    def explained(self, cancel: CancelFlag) -> "Explained | None":
        """What it explains; None where nothing is above the level."""
        from difffit_core.quality.explained import explain

        if cancel.is_set():
            raise FitCancelled("stopped before the density was weighed")
        try:
            return explain(Target(self.density, self.record.resolution, self.level), [(self.fitted(), self.placement.pose)])
        except UserError:
            return None


def judge(case: Case, other: Case | None, cancel: CancelFlag) -> tuple[Judgement, Scored]:
    """The judgement of ``case``, beside ``other``; and the scores of both."""
    from difffit_core.quality.difference import difference

    scores = case.scores(cancel)
    scored: Scored = [(case.placement, scores)]
    comparison = None
    if other is not None:
        other_scores = other.scores(cancel)
        scored.append((other.placement, other_scores))
        between = difference(case.fitted(), case.placement.pose, other.placement.pose)
        comparison = Comparison(other.placement, other_scores, between)
    explained = case.explained(cancel)
    return Judgement(case.record.id, case.record.model, case.placement, scores, case.level, explained, comparison), scored


def displacement(judgement: Judgement) -> dict[str, NDArray[np.float64]]:
    """The column that a table of residues has in a comparison beside those of the scores."""
    return {} if judgement.comparison is None else {"displacement": judgement.comparison.difference.displacement}
