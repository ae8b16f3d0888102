"""How a field of a recipe is spelled on the command line, and read from it again: written once here for both directions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from difffit_core.errors import UserError, shown
from difffit_core.number_words import decimal_number
from difffit_core.settings import Settings

REQUIRED = ...
ORDER = "order of the options"
"""Among what a command line gives: the names of its parameters in the order in which they were given, as often as they were."""


@dataclass(frozen=True)
class Parameter:
    """One argument or option of a command.

    Attributes
    ----------
    name : of the value among those that a command line gives
    flag : ``--resolution``, or ``--refine/--no-refine`` for a switch that is on; empty for an argument, which is known by its place
    kind : str, int, float, bool, or list[str] for what may be given several times; int | None and the like where it may be left out
    default : if it is not given; ``...`` where it must be
    help, metavar : for ``--help``
    """

    name: str
    flag: str
    kind: Any
    default: Any
    help: str
    metavar: str | None = None


class Spelling:
    """How one field is spelled: by default as one option of the field's own name and type.

    Parameters
    ----------
    flag : of the option; made from the field's name if empty
    metavar : what stands for the value in ``--help``
    """

    def __init__(self, flag: str = "", metavar: str | None = None) -> None:
        self.flag, self.metavar = flag, metavar

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        """What the command line takes for the field."""
        kind, default = plain_kind(info.annotation), default_of(info)
        flag = self.flag_of(name)
        if kind is bool and default:
            flag = f"{flag}/--no-{flag.removeprefix('--')}"
        given = default if kind in (bool, int, float) else "" if default is None else default if default is REQUIRED else str(default)
        may_lack = kind is not bool and default is None
        return (
            Parameter(name, flag, kind | None if may_lack else kind, None if may_lack else given, info.description or "", self.metavar),
        )

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        """The words that give the field its value; none where that is what it is without them: nothing, or a switch as it stands."""
        flag = self.flag_of(name)
        if isinstance(value, bool):
            return [] if value == default_of(info) else [flag if value else f"--no-{flag.removeprefix('--')}"]
        return [] if value is None or value == "" else spelled(flag, text_of(value))

    def arguments(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        """The words of the field that are known by their place; of most fields there are none."""
        return []

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        """The field's value from what was given."""
        return given[name]

    def flag_of(self, name: str) -> str:
        """The option's flag."""
        return self.flag or f"--{name.replace('_', '-')}"


class Positional(Spelling):
    """An argument, known by its place."""

    def __init__(self, metavar: str) -> None:
        super().__init__("", metavar)

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (Parameter(name, "", str, REQUIRED, info.description or "", self.metavar),)

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        return []

    def arguments(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        return [str(value)]


class MayStand(Positional):
    """An argument, known by its place, that may be left out; an empty text is none."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (Parameter(name, "", str | None, None, info.description or "", self.metavar),)

    def arguments(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        return [str(value)] if value else []

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        return given[name] or ""


class Arguments(Spelling):
    """Arguments, known by their place, as many as there are; none only where the field has a default."""

    def __init__(self, metavar: str) -> None:
        super().__init__("", metavar)

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        default = REQUIRED if info.is_required() else None
        return (Parameter(name, "", list[str] if default is REQUIRED else list[str] | None, default, info.description or "", self.metavar),)

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        return []

    def arguments(self, name: str, info: FieldInfo, value: tuple[str, ...]) -> list[str]:
        return list(value)

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(given[name] or ())


class Choice(Spelling):
    """One of a few words, which the command line names where another comes."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        (usual,) = super().parameters(name, info)
        return (replace(usual, kind=info.annotation),)


class Several(Spelling):
    """Names with commas between them; one that has a comma, a quote or a space at its edge in it stands in quotes."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (Parameter(name, self.flag_of(name), str, "", info.description or "", self.metavar),)

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        return spelled(self.flag_of(name), join_names(value)) if value else []

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        return names_in(given[name], self.flag_of(name))


class Repeated(Spelling):
    """An option that may be given several times, each time with one word."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (Parameter(name, self.flag_of(name), list[str], (), info.description or "", self.metavar),)

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        return [word for one in value for word in spelled(self.flag_of(name), one)]

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        return tuple(given[name])


class Two(Spelling):
    """Two words after one option, or none of it."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (Parameter(name, self.flag_of(name), tuple[str, str] | None, None, info.description or "", self.metavar),)

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        return [] if value is None else [self.flag_of(name), *value]

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        return given[name] or None


class Flat(Spelling):
    """Settings, each of which is an option of its own, and is spelled where it is not as usual."""

    def __init__(self, kind: type[Settings]) -> None:
        super().__init__()
        self.kind = kind

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return tuple(part for one, its in self.kind.model_fields.items() for part in spelling_of(its).parameters(one, its))

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        usual, found = self.kind(), []
        for one, its in self.kind.model_fields.items():
            if getattr(value, one) != getattr(usual, one):
                found += spelling_of(its).words(one, its, getattr(value, one))
        return found

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        return self.kind.checked({one: spelling_of(its).value(one, its, given) for one, its in self.kind.model_fields.items()})


class Automatic(Spelling):
    """A number, or the word ``auto`` for None."""

    def parameters(self, name: str, info: FieldInfo) -> tuple[Parameter, ...]:
        return (Parameter(name, self.flag_of(name), str, "auto", info.description or "", self.metavar),)

    def words(self, name: str, info: FieldInfo, value: Any) -> list[str]:
        return spelled(self.flag_of(name), "auto" if value is None else repr(float(value)))

    def value(self, name: str, info: FieldInfo, given: Mapping[str, Any]) -> Any:
        return number_or_auto(name, given[name])


def number_or_auto(name: str, text: float | str) -> float | None:
    """The number that was given, or None for auto; `UserError` for anything else."""
    if text == "auto":
        return None
    try:
        number = decimal_number(text) if isinstance(text, str) else float(text)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None:
        raise UserError(f"{name} must be a number in the map's units or auto, got {text if isinstance(text, str) else shown(text)}")
    return number


def spelling_of(info: FieldInfo) -> Spelling:
    """How a field is spelled: as it says itself, or by its type."""
    found = next((one for one in info.metadata if isinstance(one, Spelling)), None)
    return found or (Several() if get_origin(info.annotation) is tuple else Spelling())


def plain_kind(annotation: Any) -> Any:
    """The type in which the command line reads a field: bool, int, float or str."""
    parts = (
        [part for part in get_args(annotation) if part is not type(None)] if get_origin(annotation) in (Union, UnionType) else [annotation]
    )
    while hasattr(parts[0], "__metadata__"):
        parts = [get_args(parts[0])[0]]
    return parts[0] if parts[0] in (bool, int, float) else str


def default_of(info: FieldInfo) -> Any:
    """A field's default; ``...`` where it has none."""
    default = info.get_default(call_default_factory=True) if not info.is_required() else REQUIRED
    return default.value if isinstance(default, StrEnum) else default


def spelled(flag: str, text: str) -> list[str]:
    """An option with its value: two words, or one where the value could be taken for an option."""
    return [f"{flag}={text}"] if text.startswith("-") or not text else [flag, text]


def text_of(value: Any) -> str:
    """A plain value as text that reads back as the same value."""
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    return str(value)


_NAME = re.compile(r'\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)')


def join_names(names: tuple[str, ...]) -> str:
    """Names as `split_names` reads them."""
    return ",".join(f'"{name.replace(chr(34), chr(34) * 2)}"' if _must_be_quoted(name) else name for name in names)


def _must_be_quoted(name: str) -> bool:
    return not name or name != name.strip() or "," in name or '"' in name


def names_in(text: str, where: str) -> tuple[str, ...]:
    """The names of `split_names`; `UserError`, which calls the text by its ``where``, for one that is given and holds none.

    It would count as not given, in silence: all chains where some were meant.
    """
    names = split_names(text)
    if text and not names:
        raise UserError(f"{where} must be names with commas between them, got {text!r}, which holds none")
    return names


def split_names(text: str) -> tuple[str, ...]:
    """Names from a text with commas between them; empty ones are left out unless they stand in quotes."""
    names: list[str] = []
    place = 0
    while place < len(text) and (match := _NAME.match(text, place)):
        quoted, bare = match.groups()
        if quoted is not None:
            names.append(quoted.replace('""', '"'))
        elif bare.strip():
            names.append(bare.strip())
        place = match.end()
    return tuple(names)
