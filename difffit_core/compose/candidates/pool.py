"""Candidates: placements of all models, pooled, each with what speaks for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from difffit_core.fit.judge.significance import SIGNIFICANT, independent_elements, p_value
from difffit_core.fit.request import FitResult
from difffit_core.placement import Placement
from difffit_core.pose import Pose


@dataclass(frozen=True)
class Background:
    """What wrong poses of a model reach in a map, so that any pose of it can be judged.

    ``middle`` is the median of their atanh(correlation), ``elements`` the number of independent resolution elements the model covers.
    """

    middle: float
    elements: float

    def z_score(self, correlation: float) -> float:
        """Height of a local correlation above the wrong poses, in standard deviations of Fisher's z."""
        height = float(np.arctanh(np.clip(correlation, -0.999999, 0.999999)))
        return (height - self.middle) * float(np.sqrt(self.elements - 3))

    @classmethod
    def of_fit(cls, result: FitResult | None, volume: float, resolution: float) -> "Background":
        """As a fit judged its placements, or of no fit yet; ``volume`` that the model covers in Å³, ``resolution`` in Å."""
        elements = independent_elements(volume, resolution)
        if result is None or not result.placements:
            return cls(0.0, elements)
        best = result.placements[0]
        height = float(np.arctanh(np.clip(best.metrics.local_correlation, -0.999999, 0.999999)))
        return cls(height - best.z_score / float(np.sqrt(elements - 3)), elements)


@dataclass(frozen=True, eq=False)
class Candidate:
    """One model at one pose.

    Attributes
    ----------
    body : which model
    pose : of its file's coordinates
    correlation : local correlation with the map
    z_score, p_value : against wrong poses of the same model
    source : where it comes from, in a few words
    p_beside : p-value in what the other placed models leave of the map, where that had to be asked; else None
    """

    body: int
    pose: Pose
    correlation: float
    z_score: float
    p_value: float
    source: str
    p_beside: float | None = None

    @property
    def significant(self) -> bool:
        return self.judged_p < SIGNIFICANT

    @property
    def judged_p(self) -> float:
        """The p-value that decides: in the whole map, or else beside the others."""
        return self.p_value if self.p_beside is None else min(self.p_value, self.p_beside)

    @property
    def evidence(self) -> float:
        """What speaks for it: the log-likelihood that density explained so well is no accident, z² / 2; nothing where z is below 0.

        It grows with the density explained, that is with the volume covered and the square of the correlation beyond chance, so that the
        sum over models that do not overlap is what an assembly explains.
        """
        return 0.5 * max(self.z_score, 0.0) ** 2


def judged(body: int, pose: Pose, correlation: float, background: Background, source: str) -> Candidate:
    """A candidate from its local correlation."""
    z = background.z_score(correlation)
    return Candidate(body, pose, correlation, z, float(p_value(z)), source)


def from_fit(body: int, result: FitResult, source: str) -> list[Candidate]:
    """The placements of a fit."""
    return [
        Candidate(body, one.pose, one.metrics.local_correlation, one.z_score, one.p_value, f"{source}, rank {one.rank}")
        for one in result.placements
    ]


def found_beside(body: int, placements: Sequence[Placement]) -> list[Candidate]:
    """The placements of a search of what other models leave of the map: they stand out beside those."""
    return [
        Candidate(
            body, one.pose, one.metrics.local_correlation, one.z_score, one.p_value, f"screen of what is left, rank {one.rank}", one.p_value
        )
        for one in placements
    ]


def worth_trying(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The best ``most`` of each model that stand above wrong poses, by evidence."""
    ranked = sorted((one for one in candidates if one.z_score > 0), key=lambda one: -one.evidence)
    taken: Counter[int] = Counter()
    kept = []
    for one in ranked:
        taken[one.body] += 1
        if taken[one.body] <= most:
            kept.append(one)
    return kept
