"""Composites, their rounds, and what each accepted, as a tree."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from difffit_app.state.items import list_renamed
from difffit_app.state.names import name_of_placement, names_of_composites
from difffit_app.state.session import Session
from difffit_core.chain_words import list_chains
from difffit_core.compose.edit.edits import children
from difffit_core.placement import Placement
from difffit_core.project.composites import AcceptedRecord, CompositeRecord, RoundRecord

_ROW = Qt.ItemDataRole.UserRole
_COLUMNS = {
    "Round": "The rounds of each composite; those after a branch are indented",
    "Fitted": "What was fitted in this round",
    "Accepted": "The chains that were accepted, by their names in the composite",
    "Taken out of the map": "Share of the density above the contour level that zeroing out took from this round's map",
}
_WIDTHS = (230, 370, 90)
"""Pixels: of what was fitted the most, which names a placement by model and map; the last column takes the rest."""


@dataclass(frozen=True)
class Row:
    """What a row stands for: a composite, one of its rounds, or the ``copy``-th that was accepted in the round."""

    composite: str
    round: str | None = None
    copy: int | None = None

    @property
    def place(self) -> tuple[str, str | None]:
        return self.composite, self.round


class RoundsTree(QTreeWidget):
    """A round follows the one before on the same level; branches off it are under it. Double click or Enter ask to go somewhere."""

    asked_for = Signal(object)
    removal_asked = Signal()
    renaming_asked = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName("Composites and their rounds")
        self.setHeaderLabels(list(_COLUMNS))
        for column, tip in enumerate(_COLUMNS.values()):
            self.headerItem().setToolTip(column, tip)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setAlternatingRowColors(True)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        self.setExpandsOnDoubleClick(False)
        self.itemDoubleClicked.connect(lambda item, _: self.asked_for.emit(item.data(0, _ROW)))
        self.customContextMenuRequested.connect(lambda place: self.menu_asked.emit(self.viewport().mapToGlobal(place)))

    def rows(self) -> list[Row]:
        """What is selected, from top to bottom."""
        chosen = sorted(self.selectedIndexes(), key=lambda index: self.visualRect(index).top())
        return [index.data(_ROW) for index in chosen if index.column() == 0]

    def show_all(self) -> None:
        """List everything again, with what was selected before."""
        selected = set(self.rows())
        self.clear()
        names = names_of_composites(self._session)
        for composite in self._session.composites.values():
            self._add_composite(composite, names[composite.id])
        self.expandAll()
        for item in self._items(self.invisibleRootItem()):
            item.setSelected(item.data(0, _ROW) in selected)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.asked_for.emit(item.data(0, _ROW))
        elif item is not None and event.key() == Qt.Key.Key_Delete:
            self.removal_asked.emit()
        elif item is not None and event.key() == Qt.Key.Key_F2:
            self.renaming_asked.emit()
        else:
            super().keyPressEvent(event)

    def item_of(self, row: Row) -> QTreeWidgetItem | None:
        """The item of a row."""
        return next((item for item in self._items(self.invisibleRootItem()) if item.data(0, _ROW) == row), None)

    def _items(self, under: QTreeWidgetItem) -> list[QTreeWidgetItem]:
        found = []
        for number in range(under.childCount()):
            child = under.child(number)
            if child is not None:
                found += [child, *self._items(child)]
        return found

    def _add_composite(self, composite: CompositeRecord, name: str) -> None:
        chosen = self._session.composite is not None and self._session.composite.id == composite.id
        in_map = self._session.maps.get(composite.map)
        item = QTreeWidgetItem(self, [name, f"in {in_map.name if in_map else composite.map}"])
        item.setData(0, _ROW, Row(composite.id))
        if chosen:
            self._mark(item, here=composite.current is None)
        for number, one in enumerate(children(composite, None)):
            self._add_round(item, composite, one, is_branch=number > 0, chosen=chosen)

    def _add_round(self, under: QTreeWidgetItem, composite: CompositeRecord, one: RoundRecord, *, is_branch: bool, chosen: bool) -> None:
        fits = [self._session.fits[name] for name in one.fits if name in self._session.fits]
        names = dict.fromkeys(f"{self._model(fit.record.model)} {list_chains(fit.record.chains)}" for fit in fits)
        chains = list_chains([name for copy in one.accepted for name in copy.chains.values()])
        cut = one.zero_out
        gone = f"{cut.removed:.1%}, {cut.method}" if cut is not None else ""
        item = QTreeWidgetItem(under, [one.name or one.id, ", ".join(names), chains or "nothing yet", gone])
        item.setData(0, _ROW, Row(composite.id, one.id))
        if chosen and composite.current == one.id:
            self._mark(item, here=True)
        for number, copy in enumerate(one.accepted):
            self._add_copy(item, composite, one, copy, number)
        for number, after in enumerate(children(composite, one.id)):
            beside = number == 0 and not is_branch
            self._add_round(under if beside else item, composite, after, is_branch=number > 0, chosen=chosen)

    def _add_copy(self, under: QTreeWidgetItem, composite: CompositeRecord, one: RoundRecord, copy: AcceptedRecord, number: int) -> None:
        placement = self._placement(copy)
        told = [str(placement.verdict)] if placement is not None and placement.verdict.is_chance else []
        told += [f"local correlation {copy.local_correlation:.2f}", *([f"{copy.clash:.1%} of its atoms clash"] if copy.clash else [])]
        by_hand = placement is not None and copy.by_hand
        source = name_of_placement(self._session, copy.fit or "", copy.rank or 0) if by_hand else copy.source
        item = QTreeWidgetItem(under, [self._model(copy.model), source, list_renamed(copy.chains), ", ".join(told)])
        item.setData(0, _ROW, Row(composite.id, one.id, number))
        against = "the search it was found by" if by_hand else "the searches of this composite, where it stood once all was placed"
        judged = f"z-score {copy.z_score:.1f} and p-value {copy.p_value:.2g}, against the wrong poses of {against}"
        item.setToolTip(0, f"Accepted {copy.accepted}; {judged}. Another search has others.")
        item.setToolTip(1, source)
        item.setToolTip(3, ", ".join(told))

    def _placement(self, copy: AcceptedRecord) -> Placement | None:
        """Of which a copy was accepted, if its fit is open."""
        fit = self._session.fits.get(copy.fit or "")
        index = None if fit is None or copy.rank is None else fit.index_of_rank(copy.rank)
        return None if fit is None or index is None else fit.placements[index]

    def _model(self, identifier: str) -> str:
        item = self._session.models.get(identifier)
        return item.name if item is not None else identifier

    def _mark(self, item: QTreeWidgetItem, *, here: bool) -> None:
        font = QFont(item.font(0))
        font.setBold(True)
        item.setFont(0, font)
        if here:
            item.setText(0, f"{item.text(0)}  ●")
            item.setToolTip(0, "You are here: the views show this round, and the next fit begins from it")
