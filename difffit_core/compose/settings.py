"""What a user may set about a composite."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import field_validator

from difffit_core.groups.asked import check_symmetry, group_of
from difffit_core.settings import Settings, setting

if TYPE_CHECKING:
    from difffit_core.groups.group import Group


class ZeroOutMethod(StrEnum):
    """How density that a model explains is taken from a map."""

    THRESHOLD = "threshold"
    COVERED = "covered"
    SOFT = "soft"


METHODS = {
    ZeroOutMethod.THRESHOLD: "zero every voxel where the simulated map is above the threshold (as in the paper)",
    ZeroOutMethod.COVERED: "zero only voxels whose density the model accounts for wholly, or that lie inside its surface at the level",
    ZeroOutMethod.SOFT: "subtract the simulated map, scaled by least squares, never below zero",
}
"""What each method does, in words."""


class ComposeSettings(Settings):
    """What a user may set about a composite, beyond the settings of its fits."""

    symmetry: Annotated[
        str,
        setting(
            "auto looks for a point group or a helix among the copies; map finds that of the map itself first, and where it has one, "
            "completes it from any copy; none (C1) does neither; Cn, Dn, T, O or I imposes that one",
            basic=True,
        ),
    ] = "auto"
    impose: Annotated[bool, setting("Move copies to the exact places of the symmetry that was found", basic=True)] = False
    accept: Annotated[
        Literal["significant", "any"],
        setting("Placements to take: only significant ones, or any that stand above wrong poses while copies are wanted", basic=True),
    ] = "significant"
    most_overlap: Annotated[float, setting("Share of the smaller of two placements that may lie in the other", ge=0, le=1)] = 0.1
    comparable: Annotated[
        float,
        setting(
            "Share of the best copy's correlation below which a further one, if clearly weaker, is no copy, where copies are not counted",
            ge=0,
            le=1,
        ),
    ] = 0.8
    rounds: Annotated[int, setting("Most searches of what is left of the map, of each model", ge=0, le=100)] = 3
    refine: Annotated[bool, setting("Refine all placements together once they are chosen; rounds keep each as it was accepted")] = True
    linked: Annotated[
        bool, setting("Models are parts of the same chains: linkers hold them together, and they keep their chain names", basic=True)
    ] = False
    method: Annotated[
        Literal["together", "rounds"],
        setting("Choose all placements together, or round by round: fit, accept, zero out, fit what is left", basic=True),
    ] = "together"
    zero_out: Annotated[ZeroOutMethod, setting("How rounds take the density of accepted models out of the map", basic=True)] = (
        ZeroOutMethod.COVERED
    )
    threshold: Annotated[float, setting("Of the simulated map, for zeroing out by threshold", "map units", ge=0, le=1e18)] = 0.0
    per_round: Annotated[int, setting("Most placements of each model that a round accepts; 0 for all", ge=0, le=10_000)] = 0
    enough: Annotated[float, setting("Rounds end once this share of the density is explained", ge=0, le=1)] = 0.98

    @field_validator("symmetry")
    @classmethod
    def _is_a_symmetry(cls, text: str) -> str:
        return check_symmetry(text)

    @property
    def group(self) -> "Group | None":
        """The group that was asked for by name."""
        return group_of(self.symmetry)
