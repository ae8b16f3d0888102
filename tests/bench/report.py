"""One section of the results: shown on the terminal, and written as Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table


@dataclass
class Report:
    """A table with a sentence before it and notes after it.

    ``raw`` holds the unrounded figures behind it, for ``--json``.
    """

    title: str
    about: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    raw: list[dict[str, object]] = field(default_factory=list)

    def show(self, console: Console) -> None:
        console.print(f"\n[bold]{escape(self.title)}[/bold]")
        console.print(self.about, markup=False)
        table = Table(box=None, padding=(0, 2, 0, 0))
        for i, name in enumerate(self.columns):
            table.add_column(name, justify="left" if i == 0 else "right")
        for row in self.rows:
            table.add_row(*map(escape, row))
        console.print(table)
        for note in self.notes:
            console.print(f"- {note}", markup=False)

    def markdown(self) -> str:
        lines = [f"## {self.title}", "", self.about, "", _line(self.columns), _line([":--", *["--:"] * (len(self.columns) - 1)])]
        lines += [_line(row) for row in self.rows]
        return "\n".join([*lines, "", *(f"- {note}" for note in self.notes), ""])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Median (min..max), each to so many significant digits; a single value alone."""
    if len(values) == 1:
        return _number(values[0], digits)
    return f"{_number(np.median(values), digits)} ({_number(min(values), digits)}..{_number(max(values), digits)})"


def _number(value: float, digits: int) -> str:
    return f"{float(f'{value:.{digits}g}'):g}"
