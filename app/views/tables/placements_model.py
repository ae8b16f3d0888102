"""The placements of a fit as a Qt table model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from difffit_app.state.items import OpenFit
from difffit_app.views.theme import DARK, Theme
from difffit_core.placement import Placement, Verdict

SORT_ROLE = Qt.ItemDataRole.UserRole
RANK_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Column:
    """``value`` sorts, ``text`` shows."""

    title: str
    tip: str
    value: Callable[[Placement], Any]
    text: Callable[[Placement], str]


def _metric(title: str, name: str, tip: str, digits: int = 3) -> Column:
    return Column(title, tip, lambda p: getattr(p.metrics, name), lambda p: f"{getattr(p.metrics, name):.{digits}f}")


_VERDICT_ORDER = {Verdict.UNIQUE: 0, Verdict.SYMMETRIC_COPY: 1, Verdict.AMBIGUOUS: 2, Verdict.NOT_SIGNIFICANT: 3}


def _verdict(placement: Placement) -> str:
    if placement.copy_of is not None:
        return f"symmetric copy of {placement.copy_of}"
    return str(placement.verdict)


COLUMNS: tuple[Column, ...] = (
    Column("Rank", "1 is best", lambda p: p.rank, lambda p: str(p.rank)),
    Column("Verdict", "What the scores say", lambda p: (_VERDICT_ORDER[p.verdict], p.rank), _verdict),
    _metric("Local corr.", "local_correlation", "Correlation about the mean of map and simulated map, over the voxels the model covers"),
    Column(
        "z", "Height above the wrong poses of the same search, in standard deviations", lambda p: p.z_score, lambda p: f"{p.z_score:.1f}"
    ),
    Column(
        "p",
        "Chance that the best of as many wrong poses scores this high",
        lambda p: p.p_value,
        lambda p: f"{p.p_value:.2f}" if p.p_value >= 0.01 else f"{p.p_value:.0e}",
    ),
    Column("Hits", "Starting poses that ended here", lambda p: p.hits, lambda p: f"{p.hits:,}"),
    _metric("Corr. mean", "correlation_about_mean", "Correlation about the mean of map and simulated map, at the atoms"),
    _metric("Corr.", "correlation", "Correlation of map and simulated map, at the atoms"),
    _metric("Overlap", "overlap", "Mean of map times simulated map, at the atoms"),
    _metric("Density", "density", "Mean of the map at the atoms"),
    Column("Inside", "Share of the atoms above the contour level", lambda p: p.metrics.inside, lambda p: f"{p.metrics.inside:.0%}"),
)


class PlacementsModel(QAbstractTableModel):
    """Rows in order of rank; sort by a proxy on `SORT_ROLE`."""

    def __init__(self, theme: Theme = DARK) -> None:
        super().__init__()
        self._placements: tuple[Placement, ...] = ()
        self._theme = theme

    def show_fit(self, fit: OpenFit | None) -> None:
        self.beginResetModel()
        self._placements = () if fit is None else fit.placements
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self._placements:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._placements) - 1, len(COLUMNS) - 1))

    def row_of(self, rank: int) -> int | None:
        return next((row for row, placement in enumerate(self._placements) if placement.rank == rank), None)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._placements)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section].tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if COLUMNS[section].title == "Verdict" else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        placement, column = self._placements[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(placement)
        if role == SORT_ROLE:
            return column.value(placement)
        if role == RANK_ROLE:
            return placement.rank
        if role == Qt.ItemDataRole.TextAlignmentRole and column.title != "Verdict":
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and column.title == "Verdict":
            return self._verdict_colour(placement.verdict)
        return None

    def _verdict_colour(self, verdict: Verdict) -> QColor:
        theme = self._theme
        colours = {Verdict.UNIQUE: theme.good, Verdict.SYMMETRIC_COPY: theme.good, Verdict.AMBIGUOUS: theme.doubtful}
        return QColor(colours.get(verdict, theme.bad))
