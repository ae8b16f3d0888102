"""What a screen found: a table, a plot and pictures of the best, which show the same model as chosen."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSplitter, QTableView, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from difffit_app.features.screen.hit_placements import HitPlacements
from difffit_app.features.screen.plot import ScreenPlot
from difffit_app.features.screen.ranking_model import COLUMNS, ID_ROLE, RankingModel
from difffit_app.features.screen.thumbnails import Thumbnails
from difffit_app.state.screening import ScreeningState, ScreenTable
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.theme import Theme
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.table_view import table_view

_NOTHING = "No screen yet. Set one up in the Screen panel, or open one."
_PADDING = 26


class RankingPanel(QWidget):
    """``chosen`` carries the id of a row, ``stepped`` by how many rows of the ranking to go, ``placement_chosen`` a rank."""

    chosen = Signal(int)
    placement_chosen = Signal(int)
    stepped = Signal(int)

    def __init__(self, session: Session, screening: ScreeningState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._screening = screening
        self.model = RankingModel()
        self.view = _make_view(self.model)
        self.plot, self.thumbnails = ScreenPlot(), Thumbnails()
        self.placements = HitPlacements(session)
        self.summary, self.filter = QElidingLabel(_NOTHING), QLineEdit()
        self.summary.setObjectName("dim")
        self.filter.setPlaceholderText("filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter of the ranking")
        self.filter.setToolTip("Show only models that have these words in their name or verdict")
        self.filter.setMaximumWidth(210)
        self.buttons: list[QToolButton] = []
        self._quiet = False
        self._lay_out()
        self.filter.textChanged.connect(self._on_filter)
        self.model.modelReset.connect(self._restore)
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        self.plot.chosen.connect(self.chosen)
        self.plot.stepped.connect(self.stepped)
        self.thumbnails.picked.connect(self.chosen)
        self.placements.picked.connect(self.placement_chosen)
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (screening.table_changed, self._show),
            (screening.chosen_changed, self._mark),
            (screening.thumbnails_changed, self._show_thumbnails),
        ):
            self._subscriptions.add(signal, slot)

    def shut(self) -> None:
        self._subscriptions.end()
        self.placements.shut()

    def set_theme(self, theme: Theme) -> None:
        self.model.set_theme(theme)
        self.plot.set_theme(theme)

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions of the menu on buttons."""
        for action, text in actions:
            self.buttons.append(ActionButton().offer(action, text))
            self._top.addWidget(self.buttons[-1])

    def ask_for_filter(self) -> None:
        """Have the filter ready to be typed."""
        self.filter.setFocus()
        self.filter.selectAll()

    def _lay_out(self) -> None:
        self._top = QHBoxLayout()
        self._top.setContentsMargins(10, 4, 10, 2)
        self._top.setSpacing(8)
        self._top.addWidget(self.summary, 1)
        self._top.addWidget(self.filter)
        split = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.view, self.placements, self.plot, self.thumbnails):
            split.addWidget(widget)
        split.setSizes([430, 200, 170, 130])
        split.setChildrenCollapsible(False)
        for place, stretch in enumerate((3, 1, 2, 1)):
            split.setStretchFactor(place, stretch)
        self.plot.setMinimumSize(130, 90)
        self.view.setMinimumWidth(180)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(split, 1)

    def _show(self, table: ScreenTable | None) -> None:
        self.model.show_table(table)
        self.plot.show_table(table)
        self.plot.mark(self._screening.chosen)
        self._tell()

    def _on_filter(self, words: str) -> None:
        self.model.show_words(words)
        self._tell()

    def _tell(self) -> None:
        table, chosen = self._screening.table, self._screening.chosen
        why = "" if table is None or chosen is None or chosen not in table.positions else table.why(table.positions[chosen])
        self.summary.setText(why or (_NOTHING if table is None else in_words(table, self.model.rowCount())))
        self.summary.setToolTip(self.summary.text())

    def _mark(self, identifier: int | None) -> None:
        self.plot.mark(identifier)
        self.thumbnails.mark(identifier)
        self._restore()
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())
        self._tell()

    def _restore(self) -> None:
        """Select the chosen row, wherever it is now."""
        row = self.model.row_of(self._screening.chosen)
        self._quiet = True
        if row is None:
            self.view.clearSelection()
            self.view.selectionModel().clearCurrentIndex()
        elif self.view.currentIndex().row() != row or not self.view.selectionModel().hasSelection():
            index = self.model.index(row, max(self.view.currentIndex().column(), 0))
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            place = self.view.verticalScrollBar().value()
            self.view.selectionModel().setCurrentIndex(index, flags)
            self.view.verticalScrollBar().setValue(place)
        self._quiet = False

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        identifier = current.data(ID_ROLE) if current.isValid() else None
        if identifier is not None and not self._quiet:
            self.chosen.emit(identifier)

    def _show_thumbnails(self) -> None:
        self.thumbnails.show_thumbnails(self._screening.thumbnails, self._screening.table, self._screening.chosen)


def in_words(table: ScreenTable, shown: int) -> str:
    """What a screen found, in a line."""
    parts = [f"{table.significant:,} of {table.ranked:,} significant"]
    for verdict, words in (("failed", "failed"), ("left out", "left out"), ("running", "under way"), ("waiting", "waiting")):
        count = table.count(verdict)
        parts += [f"{count:,} {words}"] if count else []
    parts += [f"{shown:,} shown"] if shown != len(table) else []
    return "  ·  ".join(parts)


def _make_view(model: RankingModel) -> QTableView:
    view = table_view(model, "Ranking of the screen")
    metrics = QFontMetrics(view.font())
    for index, column in enumerate(COLUMNS):
        text = max(column.title, column.widest, key=metrics.horizontalAdvance)
        view.setColumnWidth(index, metrics.horizontalAdvance(text) + _PADDING)
    return view
