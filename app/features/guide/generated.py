"""Parts of the guide that the program knows best: shortcuts, settings, presets, commands."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from difffit_app.actions import ACTIONS
from difffit_core.fit.settings import PRESETS, FitSettings


def shortcuts() -> str:
    """A table a menu."""
    parts = []
    for menu in dict.fromkeys(action.menu for action in ACTIONS):
        rows = [
            (f"**{action.shortcut}**" if action.shortcut else "", _name(action.text), action.tip)
            for action in ACTIONS
            if action.menu == menu
        ]
        parts.append(f"## {_name(menu)} menu\n\n" + _table(("Keys", "Action", "What it does"), rows))
    return "\n\n".join(parts)


def settings() -> str:
    """Every hyper-parameter."""
    properties = FitSettings.model_json_schema()["properties"]
    rows = [
        (f"`{name}`", entry["description"], f"{_bounds(entry)} {entry.get('unit', '')}".strip(), _value(getattr(FitSettings(), name)))
        for name, entry in properties.items()
    ]
    return _table(("Setting", "What it is", "Allowed", "Balanced"), rows)


def presets() -> str:
    """What each preset changes."""
    rows = [
        (name.value.capitalize(), ", ".join(f"`{key}` {_value(value)}" for key, value in changes.items()) or "nothing")
        for name, changes in PRESETS.items()
    ]
    return _table(("Preset", "Differs from balanced in"), rows)


def commands() -> str:
    """What ``difffit COMMAND --help`` says."""
    from typer.main import get_command

    from difffit_core.cli import app

    group: Any = get_command(app)
    parts = []
    for name, command in sorted(group.commands.items()):
        usage = " ".join(filter(None, map(_usage, command.params)))
        options = [
            (
                f"`{', '.join(parameter.opts)}`",
                parameter.help or "",
                "" if parameter.default in (None, False) else _value(parameter.default),
            )
            for parameter in command.params
            if parameter.opts[0].startswith("-") and parameter.name != "help"
        ]
        table = "\n\n" + _table(("Option", "What it is", "If not given"), options) if options else ""
        parts.append(f"## difffit {name}\n\n    difffit {name} {usage}\n\n{' '.join((command.help or '').split())}{table}")
    return "\n\n".join(parts)


def _usage(parameter: Any) -> str:
    """How an argument, or an option that must be given, stands in a command; empty for other options."""
    if not parameter.opts[0].startswith("-"):
        name = parameter.metavar or parameter.name.upper()
        return name if parameter.required or name.startswith("[") else f"[{name}]"
    return f"{parameter.opts[0]} {parameter.name.upper()}" if parameter.required else ""


def _bounds(entry: Mapping[str, Any]) -> str:
    low = entry.get("minimum", entry.get("exclusiveMinimum"))
    high = entry.get("maximum", entry.get("exclusiveMaximum"))
    if low is not None and high is not None:
        above = "above " if "exclusiveMinimum" in entry else ""
        return f"{above}{_value(low)} to {_value(high)}"
    choices = entry.get("enum") or entry.get("items", {}).get("enum", ())
    return ", ".join(map(str, choices))


def _value(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value)) or "none"
    return f"{value:,g}".replace(",", " ") if isinstance(value, float) else str(value)


def _name(text: str) -> str:
    return text.replace("&", "").removesuffix(" …")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


GENERATED: dict[str, Callable[[], str]] = {"shortcuts": shortcuts, "settings": settings, "presets": presets, "commands": commands}
