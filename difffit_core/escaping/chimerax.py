"""Names in ChimeraX's scripts (.cxc), where a semicolon ends a command and a line is one or several."""

import re

from difffit_core.escaping.terminal import printable

_CHAIN = re.compile(r"[A-Za-z0-9_]+")
_AWKWARD = frozenset('";$`\n\t')


def chain(name: str) -> str | None:
    """The name of a chain after ``#1/``; None for one that would be read as something else."""
    return name if _CHAIN.fullmatch(name) else None


def path(name: str) -> str | None:
    """The name of a file, quoted; None for one that holds what ends a quotation, a command or a line.

    >>> path("a map.mrc"), path('a"; exit')
    ('"a map.mrc"', None)
    """
    name = name.replace("\\", "/") if re.match(r"[A-Za-z]:\\", name) else name
    if "\\" in name or printable(name) != name or _AWKWARD & set(name):
        return None
    return f'"{name}"'
