"""What comes out of a composite."""

from collections.abc import Mapping
from dataclasses import dataclass

from difffit_core.compose.assembly import Alternative, PlacedCopy
from difffit_core.compose.candidates.dropped import Dropped
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.edit.subtract import ZeroOut
from difffit_core.compose.residual import Residual
from difffit_core.compose.symmetry.find import Symmetry
from difffit_core.fit.request import FitResult


@dataclass(frozen=True, eq=False)
class Round:
    """One round.

    Attributes
    ----------
    fits : the fits that were made in the map that the rounds before had left, by their place among all fits
    accepted : the placements that were accepted, each as the fit found it
    zero_out : what taking them out of the map did; None in a round that accepted nothing
    """

    fits: tuple[int, ...]
    accepted: tuple[Candidate, ...]
    zero_out: ZeroOut | None


@dataclass(frozen=True, eq=False)
class ComposeResult:
    """A composite.

    Attributes
    ----------
    copies : the placements, model by model in the order of the request, along their symmetry or else best first
    p_value : chance that models which do not belong give an assembly as good
    score : summed evidence, less what overlapping placements count twice
    proven : whether no other choice among the candidates scores higher
    symmetries : by model, where its copies have one; its ``members`` are those copies, in their order here
    residual : what no model explains, with the explained share
    alternative : the next best assembly, if there is another
    fits : every fit that was made: index of the model, its number, and what it found
    rounds : what was done round by round, if it was
    dropped : copies that were asked for or chosen and have no place, each with the reason
    notes : what a user should know, one sentence each
    device, timing, cancelled : as in `FitResult`
    """

    copies: tuple[PlacedCopy, ...]
    p_value: float
    score: float
    proven: bool
    symmetries: Mapping[int, Symmetry]
    residual: Residual
    alternative: Alternative | None
    fits: tuple[tuple[int, int, FitResult], ...]
    rounds: tuple[Round, ...]
    dropped: tuple[Dropped, ...]
    notes: tuple[str, ...]
    device: str
    timing: Mapping[str, float]
    cancelled: bool

    @property
    def explained(self) -> float:
        """Share of the density above the level that lies where the models are, 0 to 1."""
        return self.residual.explained
