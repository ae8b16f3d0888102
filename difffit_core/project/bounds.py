"""What the JSON of a project may ask of time and memory, seen before it is read and before it is checked field by field."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from difffit_core.errors import FileFormatError
from difffit_core.io.json_text import PLACEMENTS, check_json

_MOST_FLAT, _OF_EACH = 500_000, 5
"""Values beyond so many to each list or object: what a project holds much of are placements, of 25 values in six of them."""
_FIELDS, _FIELDS_OF_EACH = 300_000, 2.5
"""Fields beyond so many to each list or object: a placement has 14 in six."""
_MOST_BLANKS = 60_000_000
_LONGEST = {"placements": 1_000_000}
_LONG = 100_000
_MOST_OTHERS, _OF_POSE = 300_000, 8
"""Lists and objects beside those of poses, which have a rotation, and how many one of these has with what is about it."""


def check_size(path: Path, content: bytes) -> None:
    """Refuse a document of more values, lists and objects than any project has, by counting on its bytes.

    Raises
    ------
    FileFormatError
    """
    values, fields, nested = content.count(b","), content.count(b":"), content.count(b"[") + content.count(b"{")
    if content.count(b" ") > _MOST_BLANKS:
        raise FileFormatError(f"{path}: the JSON of a project must hold at most {_MOST_BLANKS} blanks, got more")
    try:
        check_json(content, PLACEMENTS)
    except ValueError as error:
        raise FileFormatError(f"{path}: the JSON of a project is not read: {error}") from None
    if nested > _MOST_OTHERS + _OF_POSE * content.count(b'"rotation"'):
        raise FileFormatError(f"{path}: a project has at most {_MOST_OTHERS} lists and objects beside placements, got {nested}")
    if values > _MOST_FLAT + _OF_EACH * nested or fields > _FIELDS + _FIELDS_OF_EACH * nested:
        got = f"{values} values and {fields} fields in {nested}"
        raise FileFormatError(f"{path}: a project has no lists and objects of so many values, got {got}")


def check_lists(data: Any, name: str = "") -> None:
    """Refuse a list that is longer than any of a project's, or more of them, each of whose values would be refused one by one.

    Raises
    ------
    ValueError
    """
    waiting, seen = [(name, data)], 0
    while waiting:
        name, value = waiting.pop()
        seen += 1
        if seen > _MOST_OTHERS:
            raise ValueError(f"it must hold at most {_MOST_OTHERS} lists and objects beside placements, got more")
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
