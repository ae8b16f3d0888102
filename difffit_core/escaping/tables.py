"""Cells of CSV: a spreadsheet computes what begins with = + - or @, or sends it somewhere; so such text begins with an apostrophe."""

import csv
from collections.abc import Iterable
from typing import Any

from difffit_core.escaping.terminal import printable

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> Any:
    """A value as a cell; numbers are numbers, negative ones and those in words like ``-1.5e3`` too.

    >>> [cell("=A1"), cell(-1.5), cell("-2"), cell("A-B")]
    ["'=A1", -1.5, '-2', 'A-B']
    """
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii() and "_" not in text and text == text.strip()


class TableWriter:
    """Writes rows as `csv.writer` does, every cell by `cell`; ``how`` is passed on to that."""

    def __init__(self, stream: Any, dialect: str = "excel", **how: Any) -> None:
        self._writer = csv.writer(stream, dialect, **how)

    def writerow(self, row: Iterable[Any]) -> None:
        """Write one row."""
        self._writer.writerow([cell(value) for value in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Write rows."""
        for row in rows:
            self.writerow(row)
