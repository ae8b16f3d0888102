"""Parts of the guide that the program knows best: shortcuts, settings, presets, commands."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from difffit_app.actions import ACTIONS, Action
from difffit_core.fit.settings import PRESETS, FitSettings
from difffit_core.recipes.base import Recipe
from difffit_core.settings import Settings


def shortcuts() -> str:
    """A table a menu."""
    parts = []
    for menu in dict.fromkeys(action.menu for action in ACTIONS):
        rows = [
            (f"**{action.shortcut}**" if action.shortcut else "", _path(action), action.tip) for action in ACTIONS if action.menu == menu
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


def every_setting() -> str:
    """The fields of every recipe, which projects, the command line, panels and Python share; a table a job, and one a group of settings."""
    parts, groups = [], {}
    for recipe in recipes():
        properties = recipe.model_json_schema(schema_generator=_Schema)["properties"]
        rows = []
        for name, field in recipe.model_fields.items():
            kind = field.annotation
            if isinstance(kind, type) and issubclass(kind, Settings):
                groups[kind.__name__] = kind
                rows.append((f"`{name}`", f"{field.description or kind.__name__}: the settings of *{_spaced(kind.__name__)}*", "", ""))
            else:
                rows.append(_row(name, properties[name], field.is_required(), field.get_default(call_default_factory=True)))
        parts.append(f"## difffit {recipe.job}: its fields\n\n" + _table(("Field", "What it is", "Allowed", "If not given"), rows))
    for name, group in sorted(groups.items()):
        if group is not FitSettings:
            usual = group()
            entries = group.model_json_schema()["properties"].items()
            rows = [_row(field, entry, False, getattr(usual, field)) for field, entry in entries]
            parts.append(f"## {_spaced(name)}\n\n" + _table(("Setting", "What it is", "Allowed", "If not given"), rows))
    return "\n\n".join(parts)


class _Schema(GenerateJsonSchema):
    """Says nothing of defaults that JSON has no form for, such as a pose."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}


def recipes() -> list[type[Recipe]]:
    """Every recipe, by the name of its job."""
    _commands()  # which import them all
    found: list[type[Recipe]] = []
    waiting = [Recipe]
    while waiting:
        waiting += (more := waiting.pop().__subclasses__())
        found += [one for one in more if "job" in vars(one) and one.__module__.startswith("difffit_core.")]
    return sorted(found, key=lambda one: one.job)


def _row(name: str, entry: Mapping[str, Any], needed: bool, default: object) -> tuple[str, str, str, str]:
    usual = "must be given" if needed else _value(default) if default not in (None, "", ()) else ""
    return f"`{name}`", entry.get("description", ""), f"{_bounds(entry)} {entry.get('unit', '')}".strip(), usual


def _spaced(name: str) -> str:
    """A name of a class in words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def presets() -> str:
    """What each preset changes."""
    rows = [
        (name.value.capitalize(), ", ".join(f"`{key}` {_value(value)}" for key, value in changes.items()) or "nothing")
        for name, changes in PRESETS.items()
    ]
    return _table(("Preset", "Differs from balanced in"), rows)


def commands() -> str:
    """What ``difffit COMMAND --help`` says."""
    parts = []
    for name, command in sorted(_commands().items()):
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


def _commands() -> dict[str, Any]:
    """All of them as typer has them."""
    from difffit_core.cli.commands import Commands

    return dict(Commands())


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
    if low is not None:
        return f"{'above' if 'exclusiveMinimum' in entry else 'at least'} {_value(low)}"
    choices = entry.get("enum") or entry.get("items", {}).get("enum", ())
    return ", ".join(map(str, choices))


def _value(value: object) -> str:
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value)) or "none"
    return f"{value:,g}".replace(",", " ") if isinstance(value, float) else str(value)


def _name(text: str) -> str:
    return text.replace("&", "").removesuffix(" …")


def _path(action: Action) -> str:
    """Its name, after that of the menu within the menu."""
    return " > ".join(_name(part) for part in (action.inside, action.text) if part)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


GENERATED: dict[str, Callable[[], str]] = {
    "shortcuts": shortcuts, "settings": settings, "every_setting": every_setting, "presets": presets, "commands": commands,
}  # fmt: skip
