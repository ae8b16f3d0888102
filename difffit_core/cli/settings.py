"""`difffit settings`: every hyper-parameter of a fit; and reading ``NAME=VALUE`` for them."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import typer

from difffit_core.errors import UserError

if TYPE_CHECKING:
    from difffit_core.fit.settings import FitSettings


def settings(preset: str = typer.Argument("balanced", help="fast, balanced, exhaustive or paper.")) -> None:
    """List the settings of a preset, with units, bounds and what they mean; `difffit fit --set NAME=VALUE` changes one."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from difffit_core.fit.settings import FitSettings

    chosen = FitSettings.preset(preset)
    schema = FitSettings.model_json_schema()["properties"]
    table = Table("setting", preset, "unit", "allowed", "meaning", box=None, padding=(0, 2, 0, 0))
    for name, field in schema.items():
        value = chosen.model_dump(mode="json")[name]
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        table.add_row(*map(Text, (name, text, field.get("unit", ""), _allowed(field), field["description"])))
    Console().print(table)


def _allowed(field: dict[str, Any]) -> str:
    choices = field.get("enum") or field.get("items", {}).get("enum")
    if choices:
        return ", ".join(choices)
    low, high = field.get("minimum", field.get("exclusiveMinimum")), field.get("maximum", field.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    above = "above " if "exclusiveMinimum" in field else ""
    return f"{above}{low:g} to {high:g}"


def settings_from(preset: str, assignments: Iterable[str]) -> "FitSettings":
    """The preset with ``NAME=VALUE`` assignments applied; a value is JSON, a bare word, or words separated by commas.

    Raises
    ------
    UserError
        If an assignment is malformed, or names or sets something that is not allowed.
    """
    from difffit_core.fit.settings import FitSettings

    changes: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise UserError(f"--set takes NAME=VALUE, got {assignment}")
        name = name.strip().replace("-", "_")
        is_list = FitSettings.model_json_schema()["properties"].get(name, {}).get("type") == "array"
        changes[name] = [_value(part) for part in text.strip("[]").split(",") if part.strip()] if is_list else _value(text)
    return FitSettings.preset(preset, **changes)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text.strip()
