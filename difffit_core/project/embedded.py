"""Recipes as a project embeds them: inputs by their ids, and settings of other versions of the program kept apart."""

import re
from collections.abc import Mapping
from math import isfinite
from typing import Any, TypeVar

from difffit_core.recipes.base import Recipe, part_strange
from difffit_core.settings import Settings

Strange = dict[str, dict[str, Any]]
"""By the recipe's field that holds settings, those that are strange, by name."""
AnySettings = TypeVar("AnySettings", bound=Settings)
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def with_strange_parted(data: Any, **kinds: type[Settings]) -> Any:
    """A record as it was read, with those settings of its recipe moved to ``strange`` that this version does not know or allow.

    Parameters
    ----------
    data : the record; anything that does not look like one comes back as it is
    **kinds : the recipe's fields that hold settings, and their classes
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("recipe"), Mapping):
        return data
    recipe, before = dict(data["recipe"]), data.get("strange")
    strange: dict[str, Any] = {}
    for name, kind in kinds.items():
        values, kept = recipe.get(name), before.get(name, {}) if isinstance(before, Mapping) else {}
        if isinstance(values, Mapping) and isinstance(kept, Mapping):
            recipe[name], left = part_strange(kind, {**values, **kept})
            strange |= {name: left} if left else {}
    return {**data, "recipe": recipe, "strange": strange}


def known_settings(settings: AnySettings, strange: Mapping[str, Any]) -> AnySettings:
    """The settings, if there are none beside them that are strange; else what `Settings.checked` says of the first of those."""
    return type(settings).checked({**dict(settings), **strange}) if strange else settings


def check_named(recipe: Recipe, *inputs: str) -> None:
    """Raise `ValueError` unless the inputs are ids, and the recipe's level is a number."""
    for one in inputs:
        if not _IDENTIFIER.fullmatch(one):
            raise ValueError(f"inputs must be ids of letters, digits, _ and -, got {one!r}")
    level = getattr(recipe, "level", 0.0)
    if level is None or not isfinite(level):
        raise ValueError(f"the level must be a number, got {'auto' if level is None else level}")
