"""JSON from files and from the network: what it may hold is counted on its bytes, before any of it becomes objects."""

import json
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json


@dataclass(frozen=True)
class Most:
    """What a document may hold.

    Attributes
    ----------
    values : in all, by the commas between them
    fields : of objects, by the colons in them
    nested : lists and objects, by the brackets that begin them
    """

    values: int = 500_000
    fields: int = 300_000
    nested: int = 300_000


NOTES = Most()
"""Of what programs write about files: descriptions, manifests, records, tables."""
MATRIX = Most(values=150_000_000, fields=300_000, nested=1_000_000)
"""Of numbers in rows, which are many where there are few objects: those of 10 000 residues by as many are 100 million."""
PLACEMENTS = Most(values=6_500_000, fields=4_000_000, nested=1_600_000)
"""Of what holds placements, 250 000 at most: each has 14 fields, six lists and objects, and 25 values."""
_BOM = b"\xef\xbb\xbf"


def read_json(content: bytes | bytearray | str, most: Most = NOTES) -> Any:
    """What a document says, in plain Python values.

    Parameters
    ----------
    content : JSON, in UTF-8 where it is bytes
    most : what it may hold

    Raises
    ------
    ValueError
        If it is no JSON, holds more, or is nested too deep; the words begin in the middle of a sentence.
    """
    try:
        data = bytes(content.encode() if isinstance(content, str) else content).removeprefix(_BOM)
    except UnicodeEncodeError:
        raise ValueError("it holds bytes that are no text") from None
    check_json(data, most)
    try:
        return from_json(data)
    except ValueError:
        try:
            return json.loads(data)  # which takes names of files that are no text, and says better what is wrong
        except RecursionError:
            raise ValueError("it is nested too deep") from None


def check_json(data: bytes, most: Most) -> None:
    """Raise `ValueError`, as `read_json` does, if a document holds more."""
    counted = (data.count(b","), data.count(b":"), data.count(b"[") + data.count(b"{"))
    for got, allowed, what in zip(counted, (most.values, most.fields, most.nested), ("values", "fields", "lists and objects"), strict=True):
        if got > allowed:
            raise ValueError(f"it must hold at most {allowed} {what}, got {got}")
