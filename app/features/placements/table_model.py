"""The placements of a fit as a Qt table model: those that a filter lets through, in the order of a column."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from difffit_app.state.filters import PlacementFilter
from difffit_app.state.items import OpenFit
from difffit_app.state.metrics import METRICS, metric_of
from difffit_app.theme import DARK, Theme
from difffit_app.widgets.headings import heading, side_of
from difffit_core.placement import Placement, Verdict

RANK_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Column:
    """``value`` sorts, ``text`` shows, ``tip`` explains."""

    title: str
    tip: str
    value: Callable[[Placement], Any]
    text: Callable[[Placement], str]


def _metric(name: str) -> Column:
    metric = METRICS[name]
    return Column(metric.short, metric.tip, lambda p: metric_of(p, name), lambda p: format(metric_of(p, name), metric.form))


_VERDICT_ORDER = {
    verdict: place
    for place, verdict in enumerate(
        (
            Verdict.UNIQUE,
            Verdict.SYMMETRIC_COPY,
            Verdict.AMBIGUOUS,
            Verdict.WEAKER,
            Verdict.SAME_PLACE,
            Verdict.NOT_SIGNIFICANT,
            Verdict.CANNOT_BE_JUDGED,
        )
    )
}


def _verdict(placement: Placement) -> str:
    if placement.copy_of is not None:
        return f"symmetric copy of {placement.copy_of}"
    return str(placement.verdict)


COLUMNS: tuple[Column, ...] = (
    Column("Rank", "Rank by the metric that the fit ranks by; 1 is best", lambda p: p.rank, lambda p: str(p.rank)),
    Column(
        "Verdict",
        "What the scores say:\nunique – significant, and clearly better than the next other placement\n"
        "symmetric copy – a symmetry of the map takes a better placement there\nambiguous – significant, with a rival that scores alike\n"
        "weaker – significant, but clearly worse than the best: perhaps part of the model, or its kin, belongs there\n"
        "same place – overlaps a better placement, of which it is a variant\n"
        "not significant – a model that does not belong here would score as well\n"
        "cannot be judged – too little of the map lies under the model to say anything",
        lambda p: (_VERDICT_ORDER[p.verdict], p.rank),
        _verdict,
    ),
    _metric("local_correlation"),
    _metric("z_score"),
    Column(
        "p",
        "p-value, lower is better: the chance that a model that does not belong in the map gets such a z-score;\nsignificant below 0.05",
        lambda p: p.p_value,
        lambda p: f"{p.p_value:.2f}" if p.p_value >= 0.01 else f"{p.p_value:.0e}",
    ),
    *(_metric(name) for name in METRICS if name not in ("local_correlation", "z_score")),
)
VERDICT = 1


class PlacementsModel(QAbstractTableModel):
    """Rows as shown. Changing the filter or the order resets the model."""

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__()
        self._all: tuple[Placement, ...] = ()
        self._rows: list[Placement] = []
        self._row_of: dict[int, int] = {}
        self._filter = PlacementFilter()
        self._taken: frozenset[int] = frozenset()
        self._column, self._order = 0, Qt.SortOrder.AscendingOrder
        self._theme = theme

    def show_fit(self, fit: OpenFit | None, taken: frozenset[int] = frozenset()) -> None:
        """Show the placements of a fit but for some ranks, whose places are taken."""
        self._all, self._taken = () if fit is None else fit.placements, taken
        self._arrange()

    def show_filter(self, chosen: PlacementFilter, taken: frozenset[int] = frozenset()) -> None:
        self._filter, self._taken = chosen, taken
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._order = column, order
        self._arrange()

    def ranks(self) -> list[int]:
        """From top to bottom."""
        return [placement.rank for placement in self._rows]

    def row_of(self, rank: int) -> int | None:
        """The row of a placement; None for one that is not shown."""
        return self._row_of.get(rank)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(COLUMNS[section], side_of(section == VERDICT), role) if orientation == Qt.Orientation.Horizontal else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        placement, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[column].text(placement)
        if role == RANK_ROLE:
            return placement.rank
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return side_of(column == VERDICT)
        if role == Qt.ItemDataRole.ForegroundRole and column == VERDICT:
            return self._verdict_colour(placement.verdict)
        return None

    def _arrange(self) -> None:
        value = COLUMNS[self._column].value
        self.beginResetModel()
        self._rows = [one for one in self._all if one.rank not in self._taken and self._filter.passes(one)]
        self._rows.sort(key=value, reverse=self._order == Qt.SortOrder.DescendingOrder)
        self._row_of = {placement.rank: row for row, placement in enumerate(self._rows)}
        self.endResetModel()

    def _verdict_colour(self, verdict: Verdict) -> QColor:
        theme = self._theme
        colours = {
            Verdict.UNIQUE: theme.good,
            Verdict.SYMMETRIC_COPY: theme.good,
            Verdict.AMBIGUOUS: theme.doubtful,
            Verdict.WEAKER: theme.doubtful,
            Verdict.SAME_PLACE: theme.doubtful,
        }
        return QColor(colours.get(verdict, theme.bad))
