"""The base of all recipes.

A recipe is the only description of a job: a panel emits it, the command line parses into it and is printed from it, a project embeds it,
and with the arrays it makes the request. To add an option to a job is to add a field to its recipe:

    class FitRecipe(Recipe):
        job = "fit"
        seed: Annotated[int, setting("Seed of every random draw.", ge=0)] = 0

`words.Spelling` among a field's annotations says how it is spelled, where that is not ``--seed NUMBER``.
"""

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import annotated_types
from pydantic import ConfigDict, PlainSerializer, PlainValidator, ValidationError, WithJsonSchema
from pydantic.fields import FieldInfo

from difffit_core.errors import UserError, shown
from difffit_core.recipes.words import Parameter, Spelling, spelling_of
from difffit_core.settings import Settings, told

if TYPE_CHECKING:
    from difffit_core.pose import Pose


class Recipe(Settings):
    """A job without its arrays: frozen, equal where every field is, and refusing what is unknown or out of bounds.

    Inputs are names: files for a command line, identifiers in a project.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True)

    job: ClassVar[str]
    """The command of `difffit` that does it."""

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """Every argument and option that the command line takes for it."""
        return tuple(one for name, info, spelling in cls._spelled() for one in spelling.parameters(name, info))

    @classmethod
    def given(cls, values: Mapping[str, Any]) -> Self:
        """The recipe from what a command line gave, by the names of `parameters`.

        Raises
        ------
        UserError
            One sentence for the first mistake.
        """
        return cls.checked({name: spelling.value(name, info, values) for name, info, spelling in cls._spelled()})

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> Self:
        try:
            return cls(**values)
        except ValidationError as error:
            raise UserError(_sentence(cls, error)) from None

    @classmethod
    def of_json(cls, text: str) -> Self:
        """The inverse of `to_json`; `UserError` for what is no such recipe."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise UserError(_sentence(cls, error)) from None

    def to_json(self) -> str:
        """All of it as one line of JSON."""
        return self.model_dump_json()

    def changed(self, **changes: Any) -> Self:
        """The same with other values for some fields, checked."""
        return self.checked({**{name: getattr(self, name) for name in type(self).model_fields}, **changes})

    def words(self) -> list[str]:
        """What follows ``difffit``: the command, its arguments and its options."""
        arguments: list[str] = []
        options: list[str] = []
        for name, info, spelling in self._spelled():
            arguments += spelling.arguments(name, info, getattr(self, name))
            options += spelling.words(name, info, getattr(self, name))
        if any(word.startswith("-") for word in arguments):
            return [self.job, *options, "--", *arguments]
        return [self.job, *arguments, *options]

    def command(self, *more: str) -> str:
        """The command line that repeats it, with further words for what is no part of it, as where to write."""
        first, *rest = self.words()
        return shlex.join(["difffit", first, *more, *rest] if "--" in rest else ["difffit", first, *rest, *more])

    def values_for(self, kind: type) -> dict[str, Any]:
        """Those of its fields that a request, a dataclass of type ``kind``, has under the same name."""
        wanted = set(getattr(kind, "__dataclass_fields__", ()))
        return {name: getattr(self, name) for name in type(self).model_fields if name in wanted}

    @classmethod
    def of(cls, request: object, **others: Any) -> Self:
        """The recipe of a request: its fields by name, and ``others`` for those that it lacks or has differently."""
        there = {name: getattr(request, name) for name in cls.model_fields if name not in others and hasattr(request, name)}
        return cls.checked({**there, **others})

    @classmethod
    def _spelled(cls) -> list[tuple[str, FieldInfo, Spelling]]:
        return [(name, info, spelling_of(info)) for name, info in cls.model_fields.items()]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and type(other) is type(self) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash(self.to_json())


def _pose(value: Any) -> "Pose":
    from difffit_core.pose import Pose  # here, since recipes should be made without numpy

    if isinstance(value, Mapping) and set(value) == {"rotation", "translation"}:
        return Pose(value["rotation"], value["translation"])
    if not isinstance(value, Pose):
        raise ValueError("must be a pose")
    return value


def identity() -> "Pose":
    """What moves nothing."""
    from difffit_core.pose import Pose

    return Pose.identity()


if TYPE_CHECKING:
    PoseValue = Pose
else:
    PoseValue = Annotated[
        Any,
        PlainValidator(_pose),
        PlainSerializer(lambda pose: {"rotation": pose.rotation.tolist(), "translation": pose.translation.tolist()}),
        WithJsonSchema({"type": "object"}),
    ]
"""A `Pose` as a field: plain lists where it is written down."""


def part_strange(kind: type[Settings], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Settings that this version of the program knows and allows, and those that it does not."""
    known: dict[str, Any] = {}
    strange: dict[str, Any] = {}
    for name, value in values.items():
        try:
            kind.checked({name: value})
        except UserError:
            strange[name] = value
        else:
            known[name] = value
    return known, strange


def _sentence(kind: type[Recipe], error: ValidationError) -> str:
    """What is wrong first: the name, what is allowed, what came."""
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else kind.job
    info = kind.model_fields.get(name)
    if first["type"] == "extra_forbidden":
        return f"{name} is not a field of the recipe; there are {', '.join(kind.model_fields)}"
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, ValueError):
        return f"{name}: {cause}"
    allowed = bounds_in_words(info) if info is not None and len(first["loc"]) == 1 and first["type"] in _OUT_OF_BOUNDS else ""
    got = first["input"]
    if allowed:
        return f"{name} must {allowed}, got {got:g}" if isinstance(got, float) else f"{name} must {allowed}, got {shown(got)}"
    where = ".".join(map(str, first["loc"])) or name
    return f"{where}: {told(first)}, got {shown(got)}"


_OUT_OF_BOUNDS = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")


def bounds_in_words(info: FieldInfo) -> str:
    """What a number may be, after "must": ``lie between 0.5 and 100 Å``, ``be at least 1``; empty where nothing bounds it."""
    limits: dict[type, Any] = {}
    for one in _constraints(info):
        limits[type(one)] = next(iter(vars(one).values())) if hasattr(one, "__dict__") else getattr(one, type(one).__name__.lower())
    low, high = limits.get(annotated_types.Ge), limits.get(annotated_types.Le)
    extra = info.json_schema_extra
    unit = f" {extra['unit']}" if isinstance(extra, dict) and extra.get("unit") else ""
    if low is not None and high is not None:
        whole = isinstance(low, int) and isinstance(high, int) and info.annotation is int
        return f"be a whole number from {low} to {high}{unit}" if whole else f"lie between {low:g} and {high:g}{unit}"
    if low is not None:
        return f"be at least {low:g}{unit}"
    return f"be at most {high:g}{unit}" if high is not None else ""


def _constraints(info: FieldInfo) -> Sequence[Any]:
    return [one for one in info.metadata if isinstance(one, (annotated_types.Ge, annotated_types.Le))]
