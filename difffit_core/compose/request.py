"""What goes into a composite."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import field_validator

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.groups import Group, parse_group
from difffit_core.compose.subtract import ZeroOutMethod
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.request import FitRequest
from difffit_core.fit.settings import FitSettings
from difffit_core.settings import Settings, setting


class ComposeSettings(Settings):
    """What a user may set about a composite, beyond the settings of its fits."""

    symmetry: Annotated[
        str, setting("auto looks for a point group or a helix, none does not; Cn or Dn looks for that one and imposes it", basic=True)
    ] = "auto"
    impose: Annotated[bool, setting("Move copies to the exact places of the symmetry that was found", basic=True)] = False
    accept: Annotated[
        Literal["significant", "any"],
        setting("Placements to take: only significant ones, or any that stand above wrong poses while copies are wanted", basic=True),
    ] = "significant"
    most_overlap: Annotated[float, setting("Share of the smaller of two placements that may lie in the other", ge=0, le=1)] = 0.1
    comparable: Annotated[
        float, setting("Share of the best copy's correlation that a further one must reach, where copies are not counted", ge=0, le=1)
    ] = 0.5
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
    threshold: Annotated[float, setting("Of the simulated map, for zeroing out by threshold", "map units", ge=0)] = 0.0
    per_round: Annotated[int, setting("Most placements of each model that a round accepts; 0 for all", ge=0, le=10_000)] = 0
    enough: Annotated[float, setting("Rounds end once this share of the density is explained", ge=0, le=1)] = 0.98

    @field_validator("symmetry")
    @classmethod
    def _is_a_symmetry(cls, text: str) -> str:
        return text if text in ("auto", "none") else str(parse_group(text))

    @property
    def group(self) -> Group | None:
        """The group that was asked for by name."""
        return None if self.symmetry in ("auto", "none") else parse_group(self.symmetry)


@dataclass(frozen=True, eq=False)
class Wanted:
    """A ``model`` (only the chains to be placed) and at most how many ``copies`` of it; None for as many as there are."""

    model: AtomicModel
    copies: int | None = None

    def __post_init__(self) -> None:
        if self.copies is not None and self.copies < 1:
            raise UserError(f"{self.model.path or self.model.name}: copies must be at least 1, got {self.copies}")


@dataclass(frozen=True, eq=False)
class ComposeRequest:
    """One composite, complete: the same request on the same device gives the same result.

    Attributes
    ----------
    density_map : the map
    wanted : the models
    resolution, level : of the map, in Å and in its units
    settings, fit_settings : of the composite, and of the fits that find its candidates
    seed, device, threads : as in `FitRequest`
    """

    density_map: DensityMap
    wanted: tuple[Wanted, ...]
    resolution: float
    level: float
    settings: ComposeSettings = field(default_factory=ComposeSettings)
    fit_settings: FitSettings = field(default_factory=FitSettings)
    seed: int = 0
    device: str = "auto"
    threads: int | None = None

    def __post_init__(self) -> None:
        if not self.wanted:
            raise UserError("a composite needs at least one model, got none")
        if self.settings.method == "rounds" and (self.settings.impose or self.settings.group is not None):
            raise UserError("a symmetry can be imposed with method together only: rounds keep every placement as it was accepted")
        if self.settings.linked and any(one.copies != 1 for one in self.wanted):
            raise UserError("linked parts of a chain can be placed once each: copies must be 1 for every model")
        for index in range(len(self.wanted)):
            self.fit(index, self.density_map, 0)

    def fit(self, index: int, density_map: DensityMap, number: int) -> FitRequest:
        """The fit of one model in the map or in what is left of it; ``number`` counts the fits of this model from 0.

        It searches to the end, since an assembly may need the second-best place.
        """
        seed = self.seed + number
        model = self.wanted[index].model
        settings = self.fit_settings.model_copy(update={"stop_p": 0.0})
        return FitRequest(density_map, model, self.resolution, self.level, settings, seed, self.device, self.threads)
