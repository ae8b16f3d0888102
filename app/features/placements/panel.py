"""The table of placements: a tab for each fit, bars to filter and to cluster again, and the rows."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from difffit_app.features.placements.cluster_bar import ClusterBar
from difffit_app.features.placements.columns import Columns
from difffit_app.features.placements.filter_bar import FilterBar
from difffit_app.features.placements.fit_tabs import FitTabs
from difffit_app.features.placements.nothing_shown import NothingShown
from difffit_app.features.placements.table_model import RANK_ROLE, PlacementsModel
from difffit_app.features.placements.warnings_box import WarningsBox
from difffit_app.state.filters import PlacementFilter
from difffit_app.state.items import OpenFit
from difffit_app.state.names import left_by
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.theme import Theme
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.table_view import table_view
from difffit_core.placement import Placement

_NO_FIT = "No fit yet. Open a map and a model, and press Fit."
_WAITING = "Placements come here when the search has ended."


class PlacementsTable(QWidget):
    """``placement_chosen`` carries a rank, and ``fit_chosen`` and ``removal_asked`` the id of a fit; for the others see the bars.

    The placement that is shown is that of the current row; rows that are selected beside it are compared, accepted, and looked at in the
    gallery together. ``rows_chosen`` carries their ranks, from top to bottom, and ``rows_taken``, too, where the mouse or a key selected
    several, or one of several. ``menu_asked`` and ``look_asked`` carry the rank of a
    row, the first also a place on the screen.
    """

    placement_chosen = Signal(int)
    rows_chosen = Signal(tuple)
    rows_taken = Signal(tuple)
    fit_chosen = Signal(str)
    removal_asked = Signal(str)
    filter_chosen = Signal(object)
    overlap_chosen = Signal(float)
    clusters_asked = Signal(float, float, str)
    menu_asked = Signal(int, QPoint)
    look_asked = Signal(int)

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._view_state = session, view_state
        self.model = PlacementsModel()
        self.view = table_view(self.model, "Placements", several=True)
        self.columns = Columns(self.view)
        self.tabs, self.filter_bar, self.cluster_bar = FitTabs(session), FilterBar(), ClusterBar()
        self.accept = ActionButton()
        self.summary = QElidingLabel(_NO_FIT)
        self.summary.setObjectName("dim")
        self.warnings = WarningsBox()
        self.empty = NothingShown()
        self.filtering, self.clustering = _switch("Filter", self.filter_bar), _switch("Cluster", self.cluster_bar)
        self.filtering.setToolTip("Show only some placements, by thresholds (Ctrl+F)")
        self.clustering.setToolTip("Cluster and rank again with other tolerances, without fitting again")
        self.filtering.toggled.connect(lambda on: self.clustering.setChecked(self.clustering.isChecked() and not on))
        self.clustering.toggled.connect(lambda on: self.filtering.setChecked(self.filtering.isChecked() and not on))
        self._lay_out()

        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu)
        self.view.doubleClicked.connect(lambda index: self.look_asked.emit(index.data(RANK_ROLE)))
        self.model.modelAboutToBeReset.connect(self._hold_selection)
        self.model.modelReset.connect(self._restore_selection)
        self._held: list[int] = []
        self._told: tuple[int, ...] = ()
        self._asking = False
        self._waiting = False
        self.tabs.fit_chosen.connect(self.fit_chosen)
        self.tabs.removal_asked.connect(self.removal_asked)
        self.filter_bar.chosen.connect(self.filter_chosen)
        self.empty.unfiltered.connect(lambda: self.filter_chosen.emit(PlacementFilter()))
        self.empty.overlap_chosen.connect(self.overlap_chosen)
        self.cluster_bar.asked.connect(self.clusters_asked)
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.fit_selected, self._show_fit),
            (session.events.placement_selected, self._show_placement),
            (view_state.filter_changed, self._show_filter),
        ):
            self._subscriptions.add(signal, slot)
        self._show_fit(None)

    def shut(self) -> None:
        self._subscriptions.end()
        self.tabs.shut()

    def set_theme(self, theme: Theme) -> None:
        self.model.set_theme(theme)

    def wait(self, waiting: bool) -> None:
        """Say whether something is being computed that will be shown here."""
        if waiting != self._waiting:
            self._waiting = waiting
            self._tell()

    def offer(self, accept: QAction) -> None:
        """Put the action that accepts what is selected on a button."""
        self.accept.offer(accept, "Accept")

    def shown_ranks(self) -> list[int]:
        """Ranks from top to bottom, as sorted and filtered."""
        return self.model.ranks()

    def chosen_ranks(self) -> list[int]:
        """Ranks of the selected rows, from top to bottom."""
        return [index.data(RANK_ROLE) for index in sorted(self.view.selectionModel().selectedRows(), key=QModelIndex.row)]

    def choose_rows(self, ranks: Sequence[int]) -> None:
        """Select rows together, by ranks that are shown; that which is current stays so."""
        rows = QItemSelection()
        for row in (self.model.row_of(rank) for rank in ranks):
            if row is not None:
                index = self.model.index(row, 0)
                rows.select(index, index)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.view.selectionModel().select(rows, flags)

    def ask_for_filter(self) -> None:
        """Show where to filter, ready for a threshold to be typed."""
        self.filtering.setChecked(True)
        if self.filter_bar.editors:
            self.filter_bar.editors[-1].value.setFocus()
        else:
            self.filter_bar.add_condition()

    def ask_for_clusters(self) -> None:
        """Show where to cluster again."""
        self.clustering.setChecked(True)
        self.cluster_bar.shift.setFocus()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(10, 4, 10, 2)
        top.setSpacing(8)
        top.addWidget(self.summary, 1)
        top.addWidget(self.accept)
        top.addWidget(self.filtering)
        top.addWidget(self.clustering)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addLayout(top)
        column.addWidget(self.warnings)
        column.addWidget(self.filter_bar)
        column.addWidget(self.cluster_bar)
        column.addWidget(self.empty, 1)
        column.addWidget(self.view, 3)
        self.empty.hide()

    def _show_fit(self, fit: OpenFit | None) -> None:
        self._held = []
        self.view.clearSelection()
        self.model.show_fit(fit, self._taken())
        self.cluster_bar.show_fit(fit)
        self.accept.setVisible(fit is not None)
        for switch in (self.filtering, self.clustering):
            switch.setVisible(fit is not None)
            switch.setChecked(switch.isChecked() and fit is not None)
        self._tell()

    def _show_filter(self, chosen: PlacementFilter) -> None:
        self.filter_bar.show_filter(chosen)
        self.model.show_filter(chosen, self._taken())
        self.filtering.setText("Filter ●" if chosen else "Filter")
        self._tell()

    def _taken(self) -> frozenset[int]:
        return frozenset() if self._session.fit is None else self._view_state.taken_ranks(self._session.fit)

    def _tell(self) -> None:
        """What is shown, in a line, and how to repeat it."""
        fit, shown = self._session.fit, self.model.rowCount()
        self.empty.setVisible(fit is not None and bool(fit.placements) and shown == 0)
        self.empty.tell(str(self._view_state.filter), len(self._taken()), self._view_state.most_overlap)
        self.warnings.show_warnings(() if fit is None else fit.record.warnings)
        if fit is None:
            self.summary.setText(_WAITING if self._waiting else _NO_FIT)
            self.summary.setToolTip("")
            return
        record, count = fit.record, len(fit.placements)
        number = f"{shown} of {count}" if shown < count else f"{count}"
        parts = [
            f"{number} placement{'' if count == 1 else 's'}",
            *([str(self._view_state.filter)] if self._view_state.filter else []),
            *([f"{len(self._taken())} where something was accepted before"] if self._taken() else []),
            *([f"in {left}"] if (left := left_by(self._session, record.round)) else []),
            f"{record.resolution:.4g} Å",
            f"level {record.level:.4g}",
            *([f"found by {record.screen}"] if record.screen is not None else [f"seed {record.seed}", record.device]),
        ]
        seconds = record.timing.get("search_s")
        parts += [f"{seconds:.1f} s"] if seconds is not None else []
        parts += ["cancelled"] if record.cancelled else []
        self.summary.setText("  ·  ".join(parts))
        self.summary.setToolTip("\n".join((record.command, *record.evidence)))

    def _show_placement(self, placement: Placement | None) -> None:
        """Have the current row follow; what the mouse and the keys select in the table is theirs alone."""
        row = None if placement is None else self.model.row_of(placement.rank)
        if placement is None or row is None:
            self.view.clearSelection()
        elif self.view.currentIndex().row() != row:
            index = self.model.index(row, max(self.view.currentIndex().column(), 0))
            if placement.rank in self.chosen_ranks():
                self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            else:
                self.view.choose_alone(index)
            self.view.scrollTo(index)
        elif not self.chosen_ranks() and not self._asking:
            self.view.choose_alone(self.view.currentIndex())

    def _hold_selection(self) -> None:
        self._held = self.chosen_ranks()

    def _restore_selection(self) -> None:
        selection = self.view.selectionModel()
        for row in (self.model.row_of(rank) for rank in self._held):
            if row is not None:
                flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
                selection.select(self.model.index(row, 0), flags)
        placement = self._session.placement
        row = None if placement is None else self.model.row_of(placement.rank)
        if row is not None:
            selection.setCurrentIndex(self.model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            self._show_placement(placement)
        self._tell_rows()

    def _on_selection(self, selected: QItemSelection, _: QItemSelection) -> None:
        if selected.contains(self.view.currentIndex()):
            self._on_current(self.view.currentIndex(), QModelIndex())  # it may have been current while another was shown
        self._tell_rows()

    def _tell_rows(self) -> None:
        ranks = tuple(self.chosen_ranks())
        if ranks != self._told:
            several = len(ranks) > 1 or (len(self._told) > 1 and bool(ranks))
            self._told = ranks
            if several and self.view.by_hand:
                self.rows_taken.emit(ranks)
            self.rows_chosen.emit(ranks)

    def _on_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        if index.isValid():
            self.menu_asked.emit(index.data(RANK_ROLE), self.view.viewport().mapToGlobal(place))

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        rank = current.data(RANK_ROLE) if current.isValid() else None
        placement = self._session.placement
        if rank is not None and (placement is None or placement.rank != rank):
            self._asking = True
            self.placement_chosen.emit(rank)
            self._asking = False


def _switch(text: str, bar: QWidget) -> QToolButton:
    """A button that shows and hides a bar."""
    switch = QToolButton()
    switch.setText(text)
    switch.setCheckable(True)
    switch.toggled.connect(bar.setVisible)
    bar.hide()
    return switch
