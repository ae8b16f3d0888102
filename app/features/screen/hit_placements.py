"""The placements of the model that is looked at, beside the ranking."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from difffit_app.state.items import OpenFit
from difffit_app.state.metrics import describe
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.quiet import quietly
from difffit_core.placement import Placement

_TITLES = ("Rank", "Local", "Verdict")
_ROW_HEIGHT = 22


class HitPlacements(QTableWidget):
    """``picked`` carries the rank of a placement. Of a fit that no screen has made nothing is shown: the table of placements has those."""

    picked = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_TITLES), parent)
        self._session = session
        self.setAccessibleName("Placements of the model that is looked at")
        self.setHorizontalHeaderLabels(_TITLES)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMinimumWidth(175)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setSectionResizeMode(len(_TITLES) - 1, QHeaderView.ResizeMode.Stretch)  # cut off before the table scrolls
        self.currentCellChanged.connect(self._on_current)
        self._subscriptions = Subscriptions()
        self._subscriptions.add(session.events.fit_selected, self._show)
        self._subscriptions.add(session.events.placement_selected, self._mark)
        self._show(session.fit)

    def shut(self) -> None:
        self._subscriptions.end()

    def _show(self, fit: OpenFit | None) -> None:
        placements = fit.placements if fit is not None and fit.record.screen is not None else ()
        with quietly(self):
            self.setRowCount(len(placements))
            for row, placement in enumerate(placements):
                texts = (str(placement.rank), f"{placement.metrics.local_correlation:.3f}", str(placement.verdict))
                for column, text in enumerate(texts):
                    item = QTableWidgetItem(text)
                    item.setToolTip(describe(placement))
                    item.setData(Qt.ItemDataRole.UserRole, placement.rank)
                    self.setItem(row, column, item)
        self._mark(self._session.placement)

    def _mark(self, placement: Placement | None) -> None:
        ranks = [item.data(Qt.ItemDataRole.UserRole) for row in range(self.rowCount()) if (item := self.item(row, 0)) is not None]
        with quietly(self):
            if placement is not None and placement.rank in ranks:
                self.selectRow(ranks.index(placement.rank))
            else:
                self.clearSelection()

    def _on_current(self, row: int, *_: int) -> None:
        item = self.item(row, 0)
        if item is not None:
            self.picked.emit(item.data(Qt.ItemDataRole.UserRole))
