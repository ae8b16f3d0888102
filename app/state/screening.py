"""The screen that is open: what is known of each model, how far it is, and which model is looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

if TYPE_CHECKING:  # they bring scipy, which the window does not need to come up
    from difffit_core.screen.ranking import Ranking
    from difffit_core.screen.request import ScreenProgress
    from difffit_core.screen.rows import ScreenRow

SIGNIFICANT = 0.01
"""A model is significant where its q-value is below this, as in `screen.ranking`."""
_ORDER = {"failed": 1, "left out": 2, "running": 3, "waiting": 4}
_SORTED_BY = 64
"""Letters of a name; numbers, and short texts such as these, numpy sorts without holding up the window."""
_VERDICTS = ("unique", "ambiguous", "not significant", "cannot be judged", "failed", "left out", "running", "waiting")


@dataclass(frozen=True, eq=False)
class ScreenTable:
    """Every model of a screen: those that are ranked, best first, then those that failed, were left out, or wait.

    Attributes
    ----------
    rows : as in the store, N of them
    numbers : (N,) by name of column, NaN where there is no such number; "model" and "verdict" say where the text comes in order
    verdicts, texts : what is shown as the verdict, and what a filter looks into
    ranked : how many are ranked
    """

    rows: tuple["ScreenRow", ...]
    numbers: Mapping[str, NDArray[np.float64]]
    verdicts: tuple[str, ...]
    texts: tuple[str, ...]
    ranked: int
    positions: Mapping[int, int]

    @classmethod
    def of(cls, rows: Sequence["ScreenRow"], ranking: "Ranking") -> "ScreenTable":
        """Takes a second for a hundred thousand: not for the GUI thread."""
        ranked = ranking.rows
        among = {row.id for row in ranked}
        others = sorted((row for row in rows if row.id not in among), key=lambda row: _ORDER.get(row.status, 9))
        every, count = (*ranked, *others), len(ranked)
        numbers = {
            name: np.concatenate([np.asarray(values, np.float64), np.full(len(others), np.nan)])
            for name, values in (
                ("rank", np.arange(1, count + 1)),
                ("z", ranking.z_scores),
                ("score", ranking.scores),
                ("p", ranking.p_values),
                ("q", ranking.q_values),
            )
        }
        for name in ("residues", "correlation", "gap", "inside", "work"):
            numbers[name] = np.array([getattr(row, name) for row in every], np.float64)
        names = [row.name for row in every]
        verdicts = [str(verdict) for verdict in ranking.verdicts] + [row.status for row in others]
        texts = [f"{name}\n{verdict}\n{row.note}".casefold() for name, verdict, row in zip(names, verdicts, every, strict=True)]
        places = np.empty(len(every))
        places[np.argsort(np.array([name.casefold() for name in names], f"U{_SORTED_BY}"), kind="stable")] = np.arange(len(every))
        numbers["model"] = places
        numbers["verdict"] = np.array([_VERDICTS.index(verdict) for verdict in verdicts], np.float64)
        return cls(every, numbers, tuple(verdicts), tuple(texts), count, {row.id: i for i, row in enumerate(every)})

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def significant(self) -> int:
        """How many are, the first so many of the ranked."""
        return int((self.numbers["q"] < SIGNIFICANT).sum())

    def why(self, position: int) -> str:
        """Why a model failed or was left out; empty for any other."""
        row = self.rows[position]
        return f"{row.name} {row.status}: {row.note.removeprefix(f'{row.path}: ')}" if row.note else ""

    def count(self, verdict: str) -> int:
        """How many models have a verdict, or status."""
        return int((self.numbers["verdict"] == _VERDICTS.index(verdict)).sum())

    def order(self, column: str, *, descending: bool = False, words: str = "") -> NDArray[np.int64]:
        """Positions of the rows that hold all words, in the order of a column; those without a number there come last."""
        values = self.numbers[column]
        wanted = words.casefold().split()
        chosen = np.flatnonzero([all(word in text for word in wanted) for text in self.texts]) if wanted else np.arange(len(self.rows))
        keys = values[chosen]
        return chosen[np.lexsort((chosen, -keys if descending else keys, np.isnan(keys)))]


@dataclass(frozen=True, eq=False)
class ScreenNews:
    """Where a running screen stands; ``table`` where it was looked into anew, ``per_minute`` models that ended lately.

    ``words`` tell it where there is no progress.
    """

    progress: "ScreenProgress | None" = None
    per_minute: float | None = None
    table: ScreenTable | None = None
    words: str = ""


@dataclass(frozen=True, eq=False)
class OpenScreen:
    """A screen's file, and what it remembers of how it was made."""

    path: Path
    record: Mapping[str, Any]
    details: Mapping[str, Any]


class ScreeningState:
    """``screen`` is None where none is open; ``chosen`` is the id of the row that is looked at, or None."""

    screen_changed = Signal(object)
    table_changed = Signal(object)
    running_changed = Signal(bool)
    told = Signal(ScreenNews)
    chosen_changed = Signal(object)
    thumbnails_changed = Signal()

    def __init__(self) -> None:
        self.screen: OpenScreen | None = None
        self.table: ScreenTable | None = None
        self.running = False
        self.chosen: int | None = None
        self.thumbnails: dict[int, Thumbnail] = {}

    def open(self, screen: OpenScreen | None) -> None:
        """Another screen is open, of which nothing is known yet; or none."""
        same = screen is not None and self.screen is not None and screen.path == self.screen.path
        self.screen = screen
        if not same:
            self.table = None
            self.choose(None)
            self.show_thumbnails({})
            self.table_changed.emit(None)
        self.screen_changed.emit(screen)

    def show(self, table: ScreenTable) -> None:
        """Take over what is known now."""
        self.table = table
        if self.chosen not in table.positions:
            self.choose(None)
        self.table_changed.emit(table)

    def set_running(self, running: bool) -> None:
        if running != self.running:
            self.running = running
            self.running_changed.emit(running)

    def tell(self, news: ScreenNews) -> None:
        """Say how far it is."""
        self.told.emit(news)

    def choose(self, row: int | None) -> None:
        """Look at a model, by its id."""
        if row != self.chosen:
            self.chosen = row
            self.chosen_changed.emit(row)

    def show_thumbnails(self, thumbnails: Mapping[int, "Thumbnail"]) -> None:
        """Pictures of the best, by the ids of their rows, in the order in which they are shown."""
        if thumbnails or self.thumbnails:
            self.thumbnails = dict(thumbnails)
            self.thumbnails_changed.emit()


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A picture, uint8 (height, width, 3), of a model in its best place; ``correlation`` is that of the place that it shows."""

    pixels: NDArray[np.uint8] = field(repr=False)
    correlation: float
