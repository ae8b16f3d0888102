"""What all settings have in common: bounds, a unit, a help text, and one sentence for a mistake."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema

from difffit_core.errors import UserError, shown
from difffit_core.number_bounds import LARGEST_FLOAT, bound_numbers
from difffit_core.number_words import read_numbers_plainly


def setting(help_text: str, unit: str = "", *, basic: bool = False, **bounds: Any) -> Any:
    """Describe a field; a ``basic`` one is shown by the window without being asked for."""
    return Field(description=help_text, json_schema_extra={"unit": unit, "basic": basic}, **bounds)


class Settings(BaseModel):
    """Frozen; what is unknown or out of bounds is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """No number without an end, and none in a text that is not written in digits."""
        schema = handler(source)
        bound_numbers(schema)
        read_numbers_plainly(schema)
        return schema

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> Self:
        """Settings from plain values, as a project file or a command line holds them.

        Raises
        ------
        UserError
            One sentence for the first mistake.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = first["loc"][0] if first["loc"] else "settings"
            if first["type"] == "extra_forbidden":
                raise UserError(f"{name} is not a setting; there are {', '.join(cls.model_fields)}") from None
            raise UserError(f"{name}: {told(first)}, got {shown(first['input'])}") from None


def told(error: Mapping[str, Any]) -> str:
    """What pydantic says of one mistake, but for 31 digits where a number has no bounds but those of all numbers."""
    return str(error["msg"]).lower().replace(f"1{30 * '0'}", f"{LARGEST_FLOAT:g}")
