"""What was on the screen, as a project keeps it among its plain values."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError

from difffit_app.styles import Camera, Layout, MapStyle, ModelStyle, ResidueRuns
from difffit_core.fit.sphere import Sphere
from difffit_core.project.base import Identifier, PoseRecord, Record, Triple


class SphereRecord(Record):
    """A sphere in Å."""

    centre: Triple
    radius: float = Field(gt=0, le=1e5)

    @classmethod
    def of(cls, sphere: Sphere) -> Self:
        return cls(centre=sphere.centre, radius=sphere.radius)

    def sphere(self) -> Sphere:
        """The sphere of the core."""
        return Sphere(self.centre, self.radius)


class ConditionRecord(Record):
    """What a placement has to meet to be shown."""

    metric: str
    at_least: bool
    value: float


class HandRecord(Record):
    """Chains of a model where they were moved by hand, in a pose that is no placement."""

    model: Identifier
    chains: tuple[str, ...] = Field(min_length=1)
    pose: PoseRecord


class ClipRecord(Record):
    """Planes across the line of sight, which cut off what is nearer or farther."""

    front: float | None = Field(default=None, description="Å before the point that the camera looks at; None cuts nothing off")
    back: float | None = Field(default=None, description="Å behind it")
    point: Triple | None = Field(default=None, description="in Å, from which both count where they do not go with the camera")
    direction: Triple | None = Field(default=None, description="in which they count then, of length 1")


class View(Record):
    """What was on the screen."""

    layout: Layout = "views"
    metric: Annotated[str, Field(description="what the colour of the spheres tells")] = "local_correlation"
    gallery_size: Annotated[int, Field(ge=1)] = 4

    camera: Camera | None = None
    selected_map: Identifier | None = None
    selected_model: Identifier | None = None
    selected_fit: Identifier | None = None
    selected_rank: int | None = None
    selected_composite: Identifier | None = None
    selected_refinement: Identifier | None = None
    raw: bool = Field(default=False, description="whether maps are shown as they are, rather than what composites left of them")
    replay_step: int | None = Field(default=None, ge=0, description="of the selected fit, if it was being replayed")
    hand: HandRecord | None = None
    brought: dict[Identifier, PoseRecord] = Field(default={}, description="where models stand that were brought to a map from afar")
    clip: ClipRecord | None = None
    sphere: SphereRecord | None = Field(default=None, description="in which the next fit searches")
    significant_only: bool = False
    conditions: tuple[ConditionRecord, ...] = ()
    resolutions: dict[Identifier, float] = Field(default={}, description="of maps, in Å, as the user says")
    selection: dict[Identifier, ResidueRuns] = Field(
        default={}, description="residues of models that are selected: the first and the last index of each run in the file"
    )
    saved_views: dict[str, Camera] = Field(default={}, description="from where one may look again, by name")
    maps: dict[Identifier, MapStyle] = Field(default={})
    models: dict[Identifier, ModelStyle] = Field(default={})

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> tuple[Self, list[str]]:
        """What a project keeps of the screen, and a sentence for each part of it that cannot be shown again."""
        left = deepcopy(dict(kept))
        problems: list[str] = []
        while True:
            try:
                return cls.model_validate(left), problems
            except ValidationError as error:
                first = error.errors()[0]
                where, got = ".".join(str(part) for part in first["loc"]), repr(first["input"])
                problems.append(f"Not shown as it was: the project says of the screen {where}: {first['msg']}, got {got[:60]}.")
                _forget(left, first["loc"])

    def kept(self) -> dict[str, Any]:
        """As plain values, for a project."""
        return self.model_dump(mode="json")


def _forget(view: dict[str, Any], place: Sequence[int | str]) -> None:
    """Take away the part that a place lies in: of the styles that of one map or model, else a field."""
    name = str(place[0])
    if len(place) > 1 and isinstance(view[name], dict) and name in ("maps", "models", "selection", "brought"):
        del view[name][place[1]]
    else:
        del view[name]
