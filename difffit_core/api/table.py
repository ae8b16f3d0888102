"""Rows that print as a table, show as one in a notebook, and become a data frame where pandas is installed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from difffit_core.errors import UserError
from difffit_core.escaping.html import escape

if TYPE_CHECKING:
    import pandas

    from difffit_core.placement import Placement

SHOWN = 60
"""Rows that are printed; all of them are there."""


class Table(list[dict[str, Any]]):
    """A list of rows, each a dictionary of plain values under the same names.

    Examples
    --------
    >>> table = Table([{"rank": 1, "score": 0.71234}, {"rank": 2, "score": None}])
    >>> table[0]["score"]
    0.71234
    >>> print(table)
    rank  score
       1  0.712
       2
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        super().__init__(dict(row) for row in rows)

    @overload
    def __getitem__(self, index: SupportsIndex) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> "Table": ...

    def __getitem__(self, index: SupportsIndex | slice) -> "dict[str, Any] | Table":
        """A row, or for a slice a table of rows."""
        return Table(super().__getitem__(index)) if isinstance(index, slice) else super().__getitem__(index)

    @property
    def columns(self) -> list[str]:
        """Their names, from left to right.

        >>> Table([{"rank": 1, "score": 0.7}]).columns
        ['rank', 'score']
        """
        return list(dict.fromkeys(name for row in self for name in row))

    def to_pandas(self) -> "pandas.DataFrame":
        """The same as a data frame.

        Raises
        ------
        UserError
            If pandas is not installed.
        """
        try:
            import pandas
        except ImportError:
            raise UserError("to_pandas needs pandas, which is not installed here; pip install pandas") from None
        return pandas.DataFrame(list(self), columns=self.columns)

    def __str__(self) -> str:
        if not self:
            return "(no rows)"
        lines = [self.columns, *([_text(row.get(name)) for name in self.columns] for row in self[:SHOWN])]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        words = [any(isinstance(row.get(name), str) for row in self) for name in self.columns]
        printed = [
            "  ".join(cell.ljust(width) if left else cell.rjust(width) for cell, width, left in zip(line, widths, words, strict=True))
            for line in lines
        ]
        return "\n".join(line.rstrip() for line in (*printed, *self._more()))

    def __repr__(self) -> str:
        return f"<Table of {len(self)} row{'' if len(self) == 1 else 's'}: {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        rows = ["".join(f"<td>{escape(_text(row.get(name)))}</td>" for name in self.columns) for row in self[:SHOWN]]
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        more = "".join(f"<p>{escape(line)}</p>" for line in self._more())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def _more(self) -> list[str]:
        return [f"and {len(self) - SHOWN} more"] if len(self) > SHOWN else []


def placements_table(placements: Iterable["Placement"]) -> Table:
    """A row a placement, as placements.csv has them, without the pose."""
    rows = (one.to_dict() for one in placements)
    return Table({name: value for name, value in row.items() if name not in ("rotation", "translation")} for row in rows)


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)
