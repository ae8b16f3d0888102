"""`difffit settings`: every hyper-parameter of a fit."""

from typing import Any

import typer


def settings(preset: str = typer.Argument("balanced", help="fast, balanced, exhaustive or paper.")) -> None:
    """List the settings of a preset, with units, bounds and what they mean; `difffit fit --set NAME=VALUE` changes one."""
    from rich.table import Table
    from rich.text import Text

    from difffit_core.cli.console import new_console
    from difffit_core.fit.settings import FitSettings

    chosen = FitSettings.preset(preset)
    schema = FitSettings.model_json_schema()["properties"]
    table = Table("setting", preset, "unit", "allowed", "meaning", box=None, padding=(0, 2, 0, 0))
    for name, field in schema.items():
        value = chosen.model_dump(mode="json")[name]
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        table.add_row(*map(Text, (name, text, field.get("unit", ""), _allowed(field), field["description"])))
    new_console().print(table)


def _allowed(field: dict[str, Any]) -> str:
    choices = field.get("enum") or field.get("items", {}).get("enum")
    if choices:
        return ", ".join(choices)
    low, high = field.get("minimum", field.get("exclusiveMinimum")), field.get("maximum", field.get("exclusiveMaximum"))
    if low is None and high is None:
        return ""
    above = "above " if "exclusiveMinimum" in field else ""
    return f"{above}{low:g} to {high:g}"
