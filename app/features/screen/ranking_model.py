"""The models of a screen as a Qt table model: those that hold the words of a filter, in the order of a column."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from difffit_app.state.screening import SIGNIFICANT, ScreenTable
from difffit_app.theme import DARK, Theme
from difffit_app.widgets.headings import heading, side_of

ID_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Column:
    """``name`` is that of the numbers in a `ScreenTable`; ``text`` shows one, ``widest`` is what it needs room for."""

    name: str
    title: str
    tip: str
    text: Callable[[float], str]
    widest: str


def small(value: float) -> str:
    """A p- or q-value."""
    return f"{value:.2f}" if value >= 0.01 else f"{value:.0e}"


COLUMNS: tuple[Column, ...] = (
    Column("rank", "Rank", "By the score; 1 is best", lambda v: f"{v:.0f}", "0,000"),
    Column("model", "Model", "File, and the chain or domain of it", str, "I7MLV6_D3_long"),
    Column("correlation", "Local corr.", "Local correlation of the best place, -1 to 1, higher is better", lambda v: f"{v:.3f}", "-0.000"),
    Column(
        "q",
        "q",
        "Share of false ones to be expected among all models down to this one (Benjamini and Hochberg), lower is better",
        small,
        "0e-000",
    ),
    Column(
        "verdict",
        "Verdict",
        "Of models whose q is below 0.01: unique – its place clearly leads its next distinct place; ambiguous – it does not.\n"
        "Not significant – a model that does not belong would score as well. Cannot be judged – it covers too few resolution elements.\n"
        "Of models that failed or were left out: why",
        str,
        "not significant",
    ),
    Column(
        "z",
        "z",
        "How far the best place rises above the model's own wrong ones, in standard deviations of Fisher's z",
        lambda v: f"{v:.2f}",
        "-00.00",
    ),
    Column(
        "score",
        "Score",
        "How far z rises above what the other models reach at that size; the rank goes by it",
        lambda v: f"{v:.1f}",
        "-000.0",
    ),
    Column("p", "p", "Chance that a model that does not belong has such a score, lower is better", small, "0e-000"),
    Column("residues", "Residues", "Residues that were searched for", lambda v: f"{v:,.0f}", "00,000"),
    Column("inside", "Inside", "Share of the atoms that lie where the map is above the contour level", lambda v: f"{v:.0%}", "100%"),
    Column("gap", "Gap", "Lead of the best over the next distinct place, in spreads of the wrong ones", lambda v: f"{v:.1f}", "-00.0"),
    Column("work", "Search", "First pass only, or the full search", lambda v: "full" if v == 2 else "first", "first"),
)
MODEL, VERDICT = (next(i for i, column in enumerate(COLUMNS) if column.name == name) for name in ("model", "verdict"))
_TEXTS = (MODEL, VERDICT)


class RankingModel(QAbstractTableModel):
    """Rows as shown. Another table, order or filter resets the model."""

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__()
        self._table: ScreenTable | None = None
        self._order = np.zeros(0, np.int64)
        self._column, self._descending, self._words = 0, False, ""
        self._theme = theme

    def show_table(self, table: ScreenTable | None) -> None:
        self._table = table
        self._arrange()

    def show_words(self, words: str) -> None:
        """Show only models in whose name, verdict or reason all words are."""
        self._words = words
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if len(self._order):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(COLUMNS) - 1))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def row_of(self, identifier: int | None) -> int | None:
        """Where a model is shown; None for one that is not."""
        position = None if self._table is None or identifier is None else self._table.positions.get(identifier)
        if position is None:
            return None
        found = np.flatnonzero(self._order == position)
        return int(found[0]) if len(found) else None

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(COLUMNS[section], side_of(section in _TEXTS), role) if orientation == Qt.Orientation.Horizontal else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._table is None:
            return None
        position, column = int(self._order[index.row()]), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(position, column)
        if role == ID_ROLE:
            return self._table.rows[position].id
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return side_of(column in _TEXTS)
        if role == Qt.ItemDataRole.ToolTipRole:
            row = self._table.rows[position]
            return f"{row.path}{f', {row.part}' if row.part else ''}{chr(10) + row.note if row.note else ''}"
        if role == Qt.ItemDataRole.ForegroundRole and column == VERDICT:
            return self._colour(position)
        return None

    def _text(self, position: int, column: int) -> str:
        assert self._table is not None
        row = self._table.rows[position]
        if column == MODEL:
            return row.name
        if column == VERDICT:
            verdict = self._table.verdicts[position]
            return f"{verdict}: {row.note.removeprefix(f'{row.path}: ')}" if row.note else verdict
        value = self._table.numbers[COLUMNS[column].name][position]
        if COLUMNS[column].name == "work" and row.correlation is None:
            return ""
        return "" if np.isnan(value) else COLUMNS[column].text(float(value))

    def _colour(self, position: int) -> QColor:
        assert self._table is not None
        if self._table.numbers["q"][position] < SIGNIFICANT:
            return QColor(self._theme.good if self._table.verdicts[position] == "unique" else self._theme.doubtful)
        return QColor(self._theme.doubtful if self._table.verdicts[position] == "failed" else self._theme.bad)

    def _arrange(self) -> None:
        self.beginResetModel()
        table = self._table
        self._order = (
            np.zeros(0, np.int64)
            if table is None
            else table.order(COLUMNS[self._column].name, descending=self._descending, words=self._words)
        )
        self.endResetModel()
