"""The settings of a fit on the command line: a preset, and ``NAME=VALUE`` for what differs from it."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from difffit_core.errors import UserError
from difffit_core.fit.settings import PRESETS, FitSettings, Preset
from difffit_core.io.json_text import read_json
from difffit_core.recipes.words import Parameter, Spelling


class SettingWords(Spelling):
    """``--preset`` and ``--set`` for a field of `FitSettings`.

    Parameters
    ----------
    of : whose settings they are, for ``--help``
    """

    def __init__(self, of: str = "") -> None:
        super().__init__()
        self.of = of

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        presets = f"{self.of[:1].upper()}{self.of[1:]}: {_PRESETS}" if self.of else _PRESETS
        change = f"Change one setting{' ' + self.of if self.of else ''}: NAME=VALUE; see difffit settings."
        return (
            Parameter("preset", "--preset", str, "balanced", presets),
            Parameter("assignments", "--set", list[str], (), change, "NAME=VALUE"),
        )

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        preset, changes = nearest_preset(value)
        return ["--preset", preset.value, *(word for text in assignments(changes) for word in ("--set", text))]

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> FitSettings:
        return settings_from(given["preset"], given["assignments"])


_PRESETS = "fast, balanced, exhaustive or paper."
_PREFERRED = (Preset.BALANCED, Preset.FAST, Preset.EXHAUSTIVE, Preset.PAPER)


def nearest_preset(settings: FitSettings) -> tuple[Preset, dict[str, Any]]:
    """The preset from which fewest settings differ, and those that do."""

    def differences(preset: Preset) -> dict[str, Any]:
        usual = FitSettings.preset(preset)
        return {name: value for name, value in settings if value != getattr(usual, name)}

    return min(((preset, differences(preset)) for preset in (*_PREFERRED, *(set(PRESETS) - set(_PREFERRED)))), key=lambda one: len(one[1]))


def assignments(changes: Mapping[str, Any]) -> list[str]:
    """``NAME=VALUE`` for settings that were changed."""
    return [f"{name}={','.join(map(str, value)) if isinstance(value, (tuple, list)) else value}" for name, value in changes.items()]


def settings_from(preset: str, assignments: Iterable[str]) -> FitSettings:
    """The preset with ``NAME=VALUE`` assignments applied; a value is JSON, a bare word, or words separated by commas.

    Raises
    ------
    UserError
        If an assignment is malformed, or names or sets something that is not allowed.
    """
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
        return read_json(text)
    except ValueError:
        return text.strip()
