"""A screen as it stands."""

from dataclasses import dataclass
from typing import Any

from difffit_core.errors import UserError
from difffit_core.screen.outcome import Pass
from difffit_core.screen.ranking import Ranking, rank
from difffit_core.screen.rows import DONE, FAILED, LEFT_OUT, ScreenRow
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

    def check_tried(self) -> None:
        """Refuse a screen, at its end, of which no model at all could be tried, by a `UserError` that says why of the first."""
        if self.ranking.rows:
            return
        failed, left_out = self.of_status(FAILED), self.of_status(LEFT_OUT)
        first = (*failed, *left_out)[0]
        why = first.note.removeprefix(f"{first.path}: ")
        raise UserError(
            f"none of {len(self.rows)} models could be tried: {len(failed)} could not be read or searched, {len(left_out)} were left out; "
            f"the first is {first.path}: {why}"
        )
