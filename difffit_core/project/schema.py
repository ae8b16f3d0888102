"""What ``project.json`` inside a project file holds; every model refuses fields it does not know.

Lengths are in Å, angles in degrees. Identifiers (``map-1``, ``model-1``, ``fit-1``) hold within one project.
"""

from math import isfinite
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, JsonValue, model_validator

from difffit_core.correction import Correction
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.settings import FitSettings
from difffit_core.placement import Placement, Verdict
from difffit_core.project.base import HalfMapsRecord, Identifier, Record, Shift, Triple, check_rotation
from difffit_core.project.composites import CompositeRecord, RoundRecord
from difffit_core.project.embedded import Strange, check_named, known_settings, with_strange_parted
from difffit_core.project.refinements import RefinementRecord
from difffit_core.project.working_maps import WorkingMapRecord

SCHEMA_VERSION: Final = 4


def _finite(view: dict[str, Any]) -> dict[str, Any]:
    waiting: list[Any] = [view]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value
        elif isinstance(value, float) and not isfinite(value):
            raise ValueError(f"what was on the screen must be of finite numbers, got {value}")
    return view


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
WindowView = Annotated[dict[str, JsonValue], AfterValidator(_finite)]
"""What was on the screen, which only the window reads: kept as it is, of plain finite values."""


class InputFile(Record):
    """A map or model that the project refers to."""

    id: Identifier
    kind: Literal["map", "model"]
    name: str
    path: str = Field(description="POSIX path relative to the project file (absolute only on another drive)")
    size: int = Field(ge=0, description="bytes")
    sha256: Sha256
    models: str = Field("", description="which of the models in the file are read, as --model takes it; empty where it holds one")
    half_maps: HalfMapsRecord | None = Field(None, description="of a map, where fits go by them")


class PlacementRecord(Record):
    """One placement, exactly as `Placement.to_dict` gives it."""

    rank: int = Field(ge=1)
    rotation: tuple[Triple, Triple, Triple]
    translation: Shift
    hits: int = Field(ge=0)
    density: float
    overlap: float
    correlation: float
    correlation_about_mean: float
    inside: float
    local_correlation: float
    z_score: float
    p_value: float
    verdict: Verdict
    symmetric_copy_of: int | None

    @model_validator(mode="after")
    def _is_a_rotation(self) -> Self:
        check_rotation(self.rotation)
        return self

    def placement(self) -> Placement:
        """The placement of the core."""
        return Placement.from_dict(self.model_dump())


class WarningRecord(Record):
    """What a fit noticed that its user should know, as `FitWarning` holds it."""

    kind: str
    message: str
    correction: Correction | None = None


class BrokenRecord(Record):
    """A stretch of the best placement that does not fit, as `BrokenStretch` holds it."""

    chain: str
    first: int
    last: int
    residues: int = Field(ge=1)
    local_correlation: float


class FitRecord(Record):
    """One fit: all that went in, where it ran, and what it found. Its arrays lie in ``fits/<id>.npz``."""

    id: Identifier
    recipe: FitRecipe = Field(description="what was asked for: the map and the model by their ids, the level as it was chosen")
    strange: Strange = Field(
        default={}, description="settings that this version of the program does not know or allow, so that the fit cannot be repeated"
    )
    evidence: tuple[str, ...] = Field(description="what speaks for the level, readable")
    versions: dict[str, str] = Field(description="of Python and of the libraries that computed")
    timing: dict[str, float] = Field(description="seconds by stage")
    finished: str = Field(description="when, ISO 8601, UTC")
    cancelled: bool
    command: str = Field(description="the command line that repeats the fit")
    placements: tuple[PlacementRecord, ...]
    warnings: tuple[WarningRecord, ...] = Field(default=(), description="what the user should know before trusting it")
    broken: tuple[BrokenRecord, ...] = Field(default=(), description="stretches of the best placement that do not fit")
    round: Identifier | None = Field(
        default=None, description="the round of a composite in whose working map it searched, if not in the map"
    )
    screen: str | None = Field(default=None, description="the screen of a library that found the placements, if it was no fit of its own")

    @model_validator(mode="before")
    @classmethod
    def _part_strange_settings(cls, data: Any) -> Any:
        return with_strange_parted(data, settings=FitSettings)

    @model_validator(mode="after")
    def _names_inputs_and_a_level(self) -> Self:
        check_named(self.recipe, self.recipe.map, self.recipe.model)
        if len({one.rank for one in self.placements}) < len(self.placements):
            raise ValueError("two placements have one rank")
        return self

    @property
    def map(self) -> str:
        """Id of the map."""
        return self.recipe.map

    @property
    def model(self) -> str:
        """Id of the model."""
        return self.recipe.model

    @property
    def chains(self) -> tuple[str, ...]:
        """The chains that were fitted."""
        return self.recipe.chains

    @property
    def resolution(self) -> float:
        """Of the map, in Å."""
        return self.recipe.resolution

    @property
    def level(self) -> float:
        """Contour level, in the map's units."""
        return float("nan") if self.recipe.level is None else self.recipe.level

    @property
    def seed(self) -> int:
        """Of every random draw."""
        return self.recipe.seed

    @property
    def device(self) -> str:
        """Where it ran."""
        return self.recipe.device

    def changed(self, **changes: Any) -> Self:
        """The same with some fields, its own or its recipe's, changed."""
        asked = {name: changes.pop(name) for name in list(changes) if name in FitRecipe.model_fields}
        return self.model_copy(update={"recipe": self.recipe.changed(**asked), **changes})

    def fit_settings(self) -> FitSettings:
        """The settings of the fit.

        Raises
        ------
        UserError
            If one is of another version of the program: unknown, or out of bounds.
        """
        return known_settings(self.recipe.settings, self.strange.get("settings", {}))

    def repeatable(self) -> FitRecipe:
        """The recipe; raises `UserError` as `fit_settings` does."""
        self.fit_settings()
        return self.recipe


class StepRecord(Record):
    """Something a user did, took back or did again."""

    text: str
    when: str = Field(description="ISO 8601, UTC")


class Project(Record):
    """Everything in ``project.json``."""

    schema_version: Literal[4] = SCHEMA_VERSION
    program_version: str
    inputs: tuple[InputFile, ...]
    working_maps: tuple[WorkingMapRecord, ...] = Field(default=(), description="maps that were made of inputs")
    pack: bool = Field(default=False, description="whether the inputs are packed into the file whenever it is saved")
    fits: tuple[FitRecord, ...]
    composites: tuple[CompositeRecord, ...] = ()
    refinements: tuple[RefinementRecord, ...] = ()
    view: WindowView = Field(default={}, description="what was on the screen")
    steps: tuple[StepRecord, ...] = Field(default=(), description="what was done, the oldest first; the newest thousand")

    @model_validator(mode="after")
    def _refers_only_to_what_is_there(self) -> Self:
        named = {
            "input": [*(entry.id for entry in self.inputs), *(made.id for made in self.working_maps)],
            "fit": [fit.id for fit in self.fits],
            "composite": [composite.id for composite in self.composites],
            "round": [one.id for one in self.rounds],
            "refinement": [one.id for one in self.refinements],
        }
        for what, ids in named.items():
            if len(set(ids)) < len(ids):
                raise ValueError(f"two {what}s have one id")
        kinds: dict[str, str] = {entry.id: entry.kind for entry in self.inputs}
        for made in self.working_maps:
            if kinds.get(made.recipe.map) != "map" or any(kinds.get(model) != "model" for model, _ in made.recipe.models()):
                raise ValueError(f"working map {made.id} refers to a map or model that is not among the inputs")
        kinds |= {made.id: "map" for made in self.working_maps}
        for fit in self.fits:
            if kinds.get(fit.map) != "map" or kinds.get(fit.model) != "model":
                raise ValueError(f"fit {fit.id} refers to a map or model that is not among the inputs")
            if fit.round is not None and fit.round not in {one.id for one in self.rounds}:
                raise ValueError(f"fit {fit.id} refers to a round that is not there")
        for composite in self.composites:
            if kinds.get(composite.map) != "map" or any(kinds.get(model) != "model" for model in composite.models()):
                raise ValueError(f"composite {composite.id} refers to a map or model that is not among the inputs")
        for one in self.refinements:
            if kinds.get(one.map) != "map" or kinds.get(one.model) != "model":
                raise ValueError(f"refinement {one.id} refers to a map or model that is not among the inputs")
        return self

    @property
    def rounds(self) -> tuple[RoundRecord, ...]:
        """Those of all composites."""
        return tuple(one for composite in self.composites for one in composite.rounds)
