"""What the JSON of a project may ask of time and memory, seen before it is read and before it is checked field by field."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from difffit_core.errors import FileFormatError

_MOST_VALUES = 8_000_000
"""Values of a document; 200 000 placements have five million."""
_MOST_NESTED = 2_000_000
_MOST_FLAT = 1_000_000
"""Values beyond `_OF_EACH` to a list or object: what a project holds much of are placements, which hold few values each."""
_OF_EACH = 20
_MOST_BLANKS = 60_000_000
_LONGEST = {"placements": 1_000_000}
_LONG = 100_000


def check_size(path: Path, content: bytes) -> None:
    """Refuse a document of more values, lists and objects than any project has, by counting commas and brackets.

    Raises
    ------
    FileFormatError
    """
    values, nested = content.count(b","), content.count(b"[") + content.count(b"{")
    if content.count(b" ") > _MOST_BLANKS:
        raise FileFormatError(f"{path}: the JSON of a project must hold at most {_MOST_BLANKS} blanks, got more")
    if values > _MOST_VALUES or nested > _MOST_NESTED:
        raise FileFormatError(
            f"{path}: a project must hold at most {_MOST_VALUES} values in {_MOST_NESTED} lists and objects, got {values} and {nested}"
        )
    if values > _MOST_FLAT + _OF_EACH * nested:
        raise FileFormatError(f"{path}: a project has no lists and objects of so many values, got {values} in {nested}")


def check_lists(data: Any, name: str = "") -> None:
    """Refuse a list that is longer than any of a project's, each of whose values would be refused one by one; `ValueError`."""
    waiting = [(name, data)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            if len(value) > _LONG:
                raise ValueError(f"{name or 'the document'} must have at most {_LONG} fields, got {len(value)}")
            waiting += [(key, one) for key, one in value.items() if isinstance(one, list | dict)]
        elif isinstance(value, list):
            most = _LONGEST.get(name, _LONG)
            if len(value) > most:
                raise ValueError(f"{name or 'the document'} must hold at most {most} values, got {len(value)}")
            if name not in _LONGEST:
                waiting += [("", one) for one in value if isinstance(one, list | dict)]


@contextmanager
def without_collecting() -> Iterator[None]:
    """Where many objects are made Python looks for garbage among all there are, which takes longer than making them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
