"""How tables look and are walked through."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QAbstractItemModel, QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

_ROW_HEIGHT = 22
_ALONE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class RowsView(QTableView):
    """Whole rows; a range selected with Shift begins at the row that was chosen last, be it here or elsewhere.

    ``by_hand`` is True while the mouse or a key selects, and not the program.
    """

    def __init__(self) -> None:
        super().__init__()
        self.by_hand = False
        self._start = QPersistentModelIndex()

    def choose_alone(self, index: QModelIndex) -> None:
        """Have one row current and selected, whatever keys are held meanwhile, which would have Qt add it or take it away."""
        selection = self.selectionModel()
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        selection.select(index, _ALONE)
        self._start = QPersistentModelIndex(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        with self._in_hand():
            super().mousePressEvent(event)
            if event.modifiers() != Qt.KeyboardModifier.ShiftModifier:
                self._start = QPersistentModelIndex()
            elif self._start.isValid() and self.currentIndex().isValid():  # Qt would begin at the last row that was clicked
                start = self.model().index(self._start.row(), self._start.column())
                self.selectionModel().select(QItemSelection(start, self.currentIndex()), _ALONE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        with self._in_hand():
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        with self._in_hand():
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        with self._in_hand():
            super().keyPressEvent(event)

    @contextmanager
    def _in_hand(self) -> Iterator[None]:
        self.by_hand = True
        try:
            yield
        finally:
            self.by_hand = False


def table_view(model: QAbstractItemModel, name: str, *, several: bool = False) -> RowsView:
    """A view of rows, sorted by the first column; ``several`` of them can be selected at once."""
    view = RowsView()
    view.setModel(model)
    view.setAccessibleName(name)
    view.setSortingEnabled(True)
    view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    mode = QAbstractItemView.SelectionMode
    view.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
    view.setAlternatingRowColors(True)
    view.setShowGrid(False)
    view.setTabKeyNavigation(False)
    view.setWordWrap(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
    view.horizontalHeader().setHighlightSections(False)
    return view
