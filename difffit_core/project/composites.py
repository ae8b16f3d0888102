"""Records of composites: what was accepted and zeroed out in which round, and what was solved together.

The rounds of a composite form a tree by their ``parent``, so that one can go back to any and branch from it. The working map of a round is
the composite's map with every zero-out from the first round down to that one applied in turn; it is computed again, never stored.
"""

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from difffit_core.project.base import Identifier, PoseRecord, Record, Resolution, Share, Shift, Triple
from difffit_core.recipes.fields import MOST_COPIES


class AcceptedRecord(Record):
    """One accepted copy of a model, with where it comes from."""

    model: Identifier
    chains: dict[str, str] = Field(description="names of its chains in the composite, by those in its file; only these chains are placed")
    pose: PoseRecord
    accepted: str = Field(description="when, ISO 8601, UTC")
    source: str = Field(description="what found it, in words")
    fit: Identifier | None = Field(default=None, description="the fit of which it is a placement, if any; maybe removed since")
    rank: int | None = Field(default=None, ge=1)
    by_hand: bool = Field(default=False, description="whether it was accepted by hand, as a placement of the fit, and not composed")
    local_correlation: float
    z_score: float = 0.0
    p_value: float = 1.0
    clash: Share = 0.0


class ZeroOutRecord(Record):
    """The density of accepted copies taken out of a round's map."""

    method: Literal["threshold", "covered", "soft"]
    threshold: float = Field(default=0.0, ge=0, le=1e18, description="of the scaled simulated map, in the map's units")
    resolution: Resolution
    level: float = Field(description="contour level, in the map's units")
    removed: float = Field(description="share of the density above the level that went")
    done: str = Field(description="when, ISO 8601, UTC")


class RoundRecord(Record):
    """One round: fits in the map that the rounds before left, what was accepted of them, and what was then zeroed out."""

    id: Identifier
    parent: Identifier | None = Field(default=None, description="the round before, of which this one used the working map")
    name: str = ""
    fits: tuple[Identifier, ...] = Field(default=(), description="made in the map that the rounds before left; maybe removed since")
    accepted: tuple[AcceptedRecord, ...] = ()
    zero_out: ZeroOutRecord | None = Field(default=None, description="of all that was accepted in this round")


class WantedRecord(Record):
    """A model that was asked for."""

    model: Identifier
    chains: tuple[str, ...]
    copies: int | None = Field(ge=1, le=MOST_COPIES, description="at most; None for as many as there are")


class SymmetryRecord(Record):
    """A symmetry that was found."""

    model: Identifier
    group: str
    axis: Triple
    centre: Shift
    rise: float = Field(default=0.0, description="Å, of a helix")
    twist: float = Field(default=0.0, description="degrees, of a helix")
    rmsd: float = Field(ge=0, description="Å, of the copies to their exact places")


class SolvedRecipe(Record):
    """What was asked for: a recipe of `difffit compose`, of which only so much is known here as a project needs to know."""

    model_config = ConfigDict(extra="allow")

    map: Identifier
    wanted: tuple[WantedRecord, ...]
    resolution: Resolution
    level: float = Field(description="as it was chosen")
    settings: dict[str, Any]
    fit_settings: dict[str, Any]
    seed: int = Field(ge=0)
    device: str


class SolveRecord(Record):
    """A run that chose copies by itself: together, or round by round."""

    recipe: SolvedRecipe
    evidence: tuple[str, ...]
    versions: dict[str, str]
    timing: dict[str, float]
    finished: str
    cancelled: bool
    command: str
    explained: float
    score: float | None = None
    symmetries: tuple[SymmetryRecord, ...] = ()
    notes: tuple[str, ...] = ()


class CompositeRecord(Record):
    """The accepted placements in one map, round by round."""

    id: Identifier
    name: str
    map: Identifier
    rounds: tuple[RoundRecord, ...]
    current: Identifier | None = Field(default=None, description="the round that was last looked at")
    solve: SolveRecord | None = Field(default=None, description="how it was computed, if by itself")

    @model_validator(mode="after")
    def _is_a_tree(self) -> Self:
        ids: set[str] = set()
        for one in self.rounds:
            if one.id in ids:
                raise ValueError(f"two rounds have the id {one.id}")
            if one.parent is not None and one.parent not in ids:
                raise ValueError(f"the round before {one.id} must come before it, got {one.parent}")
            ids.add(one.id)
        if self.current is not None and self.current not in ids:
            raise ValueError(f"current must be one of the rounds, got {self.current}")
        return self

    def path(self, identifier: str | None) -> list[RoundRecord]:
        """The rounds from the first down to one; none for None."""
        by_id = {one.id: one for one in self.rounds}
        path: list[RoundRecord] = []
        while identifier is not None:
            path.append(by_id[identifier])
            identifier = by_id[identifier].parent
        return path[::-1]

    def models(self) -> Iterator[str]:
        """Every model it refers to."""
        for one in self.rounds:
            yield from (accepted.model for accepted in one.accepted)
        if self.solve is not None:
            yield from (wanted.model for wanted in self.solve.recipe.wanted)
