"""The table of placements, with a choice of the fit it shows."""

from PySide6.QtCore import QItemSelection, QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QComboBox, QHBoxLayout, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from difffit_app.state.items import OpenFit
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.views.subscriptions import Subscriptions
from difffit_app.views.tables.placements_model import RANK_ROLE, SORT_ROLE, Index, PlacementsModel
from difffit_app.views.theme import Theme
from difffit_core.placement import Placement, Verdict


class _Sorted(QSortFilterProxyModel):
    """Sorts by value, and hides what is not significant if asked to."""

    def __init__(self) -> None:
        super().__init__()
        self._only_significant = False

    def show_only_significant(self, only: bool) -> None:
        self._only_significant = only
        self.invalidate()

    def lessThan(self, left: Index, right: Index) -> bool:
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        model = self.sourceModel()
        return not self._only_significant or model.index(row, 1, parent).data() != str(Verdict.NOT_SIGNIFICANT)


class PlacementsTable(QWidget):
    """``placement_chosen`` carries a rank, ``fit_chosen`` the id of a fit."""

    placement_chosen = Signal(int)
    fit_chosen = Signal(str)
    significant_only_chosen = Signal(bool)

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = PlacementsModel()
        self._sorted = _Sorted()
        self._sorted.setSourceModel(self.model)
        self.view = QTableView()
        self.view.setModel(self._sorted)
        self.view.setAccessibleName("Placements")
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setAlternatingRowColors(True)
        self.view.setShowGrid(False)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setDefaultSectionSize(24)
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(20)
        header.setStretchLastSection(False)
        self.fits = QComboBox()
        self.fits.setAccessibleName("Fit whose placements are shown")
        self.fits.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.significant = QCheckBox("Significant only")
        self.summary = QLabel()
        self.summary.setObjectName("dim")
        self._lay_out()

        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.fits.activated.connect(lambda index: self.fit_chosen.emit(self.fits.itemData(index)))
        self.significant.toggled.connect(self.significant_only_chosen)
        self.significant.setToolTip("Leave out placements that are not significant, here and among the spheres")
        self._subscriptions = Subscriptions()
        events = session.events
        for signal, slot in (
            (events.fit_added, self._add_fit),
            (events.fit_removed, self._remove_fit),
            (events.fit_selected, self._show_fit),
            (events.placement_selected, self._show_placement),
            (view_state.significant_only_changed, self._show_only_significant),
        ):
            self._subscriptions.add(signal, slot)
        self._show_fit(None)
        self._size_columns()

    def shut(self) -> None:
        self._subscriptions.end()

    def set_theme(self, theme: Theme) -> None:
        self.model.set_theme(theme)

    def shown_ranks(self) -> list[int]:
        """Ranks from top to bottom, as sorted and filtered."""
        return [self._sorted.index(row, 0).data(RANK_ROLE) for row in range(self._sorted.rowCount())]

    def chosen_ranks(self) -> list[int]:
        """Ranks of the selected rows, from top to bottom."""
        return [index.data(RANK_ROLE) for index in sorted(self.view.selectionModel().selectedRows(), key=QModelIndex.row)]

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(10, 4, 10, 4)
        top.setSpacing(12)
        top.addWidget(self.fits)
        top.addWidget(self.summary, 1)
        top.addWidget(self.significant)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.view, 1)

    def _add_fit(self, fit: OpenFit) -> None:
        record = fit.record
        model = self._session.models[record.model].name
        self.fits.addItem(f"{model}, chain {', '.join(record.chains)}", fit.id)
        self.fits.setItemData(self.fits.count() - 1, record.command, Qt.ItemDataRole.ToolTipRole)

    def _remove_fit(self, identifier: str) -> None:
        self.fits.removeItem(self.fits.findData(identifier))

    def _show_fit(self, fit: OpenFit | None) -> None:
        self.model.show_fit(fit)
        self.fits.setVisible(fit is not None)
        self.significant.setVisible(fit is not None)
        if fit is None:
            self.summary.setText("No fit yet. Open a map and a model, and press Fit.")
            return
        self.fits.setCurrentIndex(self.fits.findData(fit.id))
        self._size_columns()
        record = fit.record
        seconds = record.timing.get("search_s")
        count = len(fit.placements)
        parts = [
            f"{count} placement{'' if count == 1 else 's'}",
            f"{record.resolution:g} Å",
            f"level {record.level:.4g}",
            f"seed {record.seed}",
            record.device,
        ]
        parts += [f"{seconds:.1f} s"] if seconds is not None else []
        parts += ["cancelled"] if record.cancelled else []
        self.summary.setText("  ·  ".join(parts))
        self.summary.setToolTip("\n".join((record.command, *record.evidence)))

    def _show_only_significant(self, only: bool) -> None:
        self.significant.setChecked(only)
        self._sorted.show_only_significant(only)
        self._show_placement(self._session.placement)

    def _size_columns(self) -> None:
        self.view.resizeColumnsToContents()
        for column in range(self.model.columnCount()):
            self.view.setColumnWidth(column, max(68 if column == 0 else 48, self.view.columnWidth(column)))

    def _show_placement(self, placement: Placement | None) -> None:
        if placement is None:
            self.view.clearSelection()
            return
        row = self.model.row_of(placement.rank)
        if row is None:
            return
        index = self._sorted.mapFromSource(self.model.index(row, 0))
        if not index.isValid():
            self.view.clearSelection()
        elif placement.rank not in self.chosen_ranks() or self.view.currentIndex().row() != index.row():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def _on_selection(self, selected: QItemSelection, _: QItemSelection) -> None:
        if selected.isEmpty() and not self.chosen_ranks():
            return
        self._on_current(self.view.currentIndex(), QModelIndex())

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        rank = current.data(RANK_ROLE) if current.isValid() else None
        placement = self._session.placement
        if rank is not None and (placement is None or placement.rank != rank):
            self.placement_chosen.emit(rank)
