"""Bounds of every number that a file, a command line or a panel may give, where its field has none of its own.

Beyond them nothing is meant, and arithmetic fails far from where the number came in: squares are no longer finite, and a whole number does
not go into an array.
"""

from collections.abc import Iterator
from typing import Any

FARTHEST = 1e9
"""Å: a thousand times as far as atoms of a file may lie."""
MOST_THREADS = 100_000
"""CPU threads that may be asked for; no more are taken than there are."""
LARGEST_FLOAT = 1e30
"""Values of maps end at 1e18."""
LARGEST_INT = 2**63 - 1
_LARGEST = {"float": LARGEST_FLOAT, "int": LARGEST_INT}


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """All dictionaries in a schema of pydantic's, each before those within it."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from parts_of(part)


def bound_numbers(schema: Any) -> None:
    """Have every number in a schema of pydantic's end somewhere, but those that may be infinite, which their users judge."""
    for part in parts_of(schema):
        kind = part.get("type")
        largest = _LARGEST.get(kind) if isinstance(kind, str) else None
        if largest is not None and not part.get("allow_inf_nan"):
            if not part.keys() & {"ge", "gt"}:
                part["ge"] = -largest
            if not part.keys() & {"le", "lt"}:
                part["le"] = largest
