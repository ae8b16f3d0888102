"""Names in PyMOL's scripts (.pml), where a semicolon ends a command and a line may be Python."""

import re

from difffit_core.escaping.terminal import printable

_CHAIN = re.compile(r"[A-Za-z0-9_]+")


def call(function: str, *arguments: str | float) -> str:
    """A line that calls a function of `cmd` with text and numbers, which Python reads, and not PyMOL's own reader.

    >>> print(call("load", "a' b.cif", "x"))
    /cmd.load("a' b.cif", 'x')
    """
    if not re.fullmatch(r"[a-z_]+", function):
        raise ValueError(f"{function!r} is not a function of cmd")
    return f"/cmd.{function}({', '.join(_literal(one) for one in arguments)})"


def chain(name: str) -> str | None:
    """The name of a chain in a selection; None for one that a selection cannot tell from its own words and signs."""
    return name if _CHAIN.fullmatch(name) and name.lower() not in _WORDS else None


def path(name: str) -> str | None:
    """The name of a file to be loaded; None for one with what may end a command, or characters that are none."""
    return name if printable(name) == name and not set(name) & set(";\n\t") else None


def _literal(value: str | float) -> str:
    return repr(value) if isinstance(value, str) else f"{value:.6g}"


_WORDS = frozenset(("and", "or", "not", "in", "like", "all", "none", "within", "of", "to", "chain"))
