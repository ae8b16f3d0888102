"""Names that a dotted name can become, without calling anything."""

import builtins
import keyword
import re
from collections.abc import Mapping
from typing import Any

_ITEM = re.compile(r"(\w+)\[(\d+)\]")


def names_like(text: str, namespace: Mapping[str, Any]) -> list[str]:
    """All that ``text`` begins: of modules, variables, and parts of what they hold; private ones only once an underscore is typed."""
    head, dot, last = text.rpartition(".")
    if not dot:
        known = {*namespace, *dir(builtins), *keyword.kwlist}
        return sorted(name for name in known if name.startswith(text) and (text.startswith("_") or not name.startswith("_")))
    try:
        thing = _thing(head, namespace)
    except (AttributeError, KeyError, LookupError, TypeError):
        return []
    names = (name for name in dir(thing) if name.startswith(last) and (last.startswith("_") or not name.startswith("_")))
    return sorted(f"{head}.{name}" for name in names)


def _thing(dotted: str, namespace: Mapping[str, Any]) -> Any:
    first, *more = dotted.split(".")
    item = _ITEM.fullmatch(first)
    thing = namespace[item[1]][int(item[2])] if item else namespace[first]
    for name in more:
        thing = getattr(thing, name)
    return thing
