"""What every record of a project file is made of."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema

from difffit_core.number_bounds import FARTHEST, bound_numbers, parts_of
from difffit_core.pose import Pose

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Triple = tuple[float, float, float]
Length = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST)]
Shift = tuple[Length, Length, Length]
"""Å, as far as a pose moves."""
Resolution = Annotated[float, Field(ge=0.5, le=100, description="Å")]
Share = Annotated[float, Field(ge=0, le=1)]


def _stop_at_first(schema: Any) -> None:
    """Have every list in a schema end with its first wrong item."""
    for part in parts_of(schema):
        if part.get("type") in ("list", "tuple"):
            part["fail_fast"] = True


class Record(BaseModel):
    """Frozen; refuses unknown fields, and numbers that are not finite or beyond bounds. Of lists, the first item that is wrong is told."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """To tell of every item that is wrong takes ten times as long as reading what is right."""
        schema = handler(source)
        _stop_at_first(schema)
        bound_numbers(schema)
        return schema

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields changed; `TypeError` for one that the record does not have."""
        strange = set(update or ()) - set(type(self).model_fields)
        if strange:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(strange))}")
        return super().model_copy(update=update, deep=deep)


class HalfMapsRecord(Record):
    """The half maps by which fits in a map go."""

    first: str = Field(description="file of a half map, as the recipes of fits name it")
    second: str
    resolution: Resolution = Field(description="Å, that the map was said to have when they were read")


def now() -> str:
    """The time, as records hold it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def check_rotation(rotation: tuple[Triple, Triple, Triple]) -> None:
    """Raise `ValueError` unless the rows make a proper rotation."""
    (a, b, c), (d, e, f), (g, h, i) = rotation  # a project may hold 200 000: plain sums take a tenth of what arrays do
    unit = (a * a + b * b + c * c - 1, d * d + e * e + f * f - 1, g * g + h * h + i * i - 1)
    cross = (a * d + b * e + c * f, a * g + b * h + c * i, d * g + e * h + f * i)
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if not (max(map(abs, (*unit, *cross))) < 1e-4 and determinant > 0):
        raise ValueError("rotation must be a proper rotation matrix")


class PoseRecord(Record):
    """A rigid move of the coordinates as the model's file has them."""

    rotation: tuple[Triple, Triple, Triple]
    translation: Shift

    @model_validator(mode="after")
    def _is_a_rotation(self) -> Self:
        check_rotation(self.rotation)
        return self

    @classmethod
    def of(cls, pose: Pose) -> Self:
        return cls.model_validate({"rotation": pose.rotation.tolist(), "translation": pose.translation.tolist()})

    def pose(self) -> Pose:
        """The pose of the core."""
        return Pose(np.array(self.rotation), np.array(self.translation))
