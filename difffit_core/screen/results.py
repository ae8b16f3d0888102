"""A screen as it stands."""

from dataclasses import dataclass
from typing import Any

from difffit_core.screen.outcome import Pass
from difffit_core.screen.ranking import Ranking, rank
from difffit_core.screen.rows import DONE, ScreenRow
from difffit_core.screen.store import ScreenStore


@dataclass(frozen=True, eq=False)
class Results:
    """A screen as it stands: its ``ranking``, all its rows, and how many of them are in what state."""

    ranking: Ranking
    rows: tuple[ScreenRow, ...]
    details: dict[str, Any]
    record: dict[str, Any]

    @classmethod
    def of(cls, store: ScreenStore) -> "Results":
        rows = tuple(store.rows())
        return cls(rank(rows), rows, store.details, store.record)

    def of_status(self, status: str) -> list[ScreenRow]:
        return [row for row in self.rows if row.status == status]

    @property
    def searched_in_full(self) -> int:
        return sum(row.work == Pass.FULL and row.status == DONE for row in self.rows)
