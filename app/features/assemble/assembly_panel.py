"""What came of an assembly: its places, each with what else would fit there, and the decisions that led to it."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QToolButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget
from superqt import QElidingLabel

from difffit_app.state.assembling import Assembled, Candidate, Decision, Place
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.quiet import quietly
from difffit_core.chain_words import list_chains
from difffit_core.colours import copy_colour

_COLUMNS = ("Place", "Model", "Verdict", "Local corr.", "z", "p", "Chains", "Screen", "Found by")
_WIDEST = ("00", "a_model_name:A", "stands out, 2 more would fit", "0.00", "00.0", "0e-000", "A, B, C", "0", "")
_RIGHT = (3, 4, 5, 7)
_PADDING = 26
_Z = (
    "z-score of the model where it stood once all was placed, against the wrong poses of its search:\n"
    "a fit of the same model in the same map meets others, and its z-score is another"
)
_NOTHING = "No assembly yet. Set one up in the panel Assemble."
_WAITING = "The assembly comes here as it grows."
_PLACE, _OTHER = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class AssemblyPanel(QWidget):
    """``looked_at`` carries the number of a place, or None; ``changed`` another version of what is shown."""

    looked_at = Signal(object)
    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.assembled: Assembled | None = None
        self.places, self.decisions, self.summary = QTreeWidget(), QTreeWidget(), QElidingLabel(_NOTHING)
        self.summary.setObjectName("dim")
        self._set_up()
        self._top = QHBoxLayout()
        self._top.setContentsMargins(10, 4, 10, 2)
        self._top.addWidget(self.summary, 1)
        self.buttons: list[QToolButton] = []
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.places)
        split.addWidget(self.decisions)
        split.setSizes([620, 340])
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        self.places.headerItem().setToolTip(_COLUMNS.index("z"), _Z)
        column.addWidget(split, 1)
        self.places.currentItemChanged.connect(lambda item, _: self._look(item))
        self.places.itemChanged.connect(self._tick)

    def shut(self) -> None:
        """It holds nothing."""

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions of the menu on buttons."""
        for action, text in actions:
            self.buttons.append(ActionButton().offer(action, text))
            self._top.addWidget(self.buttons[-1])

    @property
    def can_swap(self) -> bool:
        """Whether a model that is not placed is chosen, which would fit at a place."""
        item = self.places.currentItem()
        return item is not None and item.data(0, _OTHER) is not None and self._is_done()

    @property
    def can_accept(self) -> bool:
        return self._is_done() and self.assembled is not None and any(one.kept for one in self.assembled.places)

    def swap(self) -> None:
        """Put the chosen model where another one stands."""
        item = self.places.currentItem()
        if self.assembled is None or item is None or not self.can_swap:
            return
        number, other = item.data(0, _PLACE), item.data(0, _OTHER)
        place = self.assembled.places[number - 1]
        self._take(self.assembled.with_place(place.holding(place.others[other])))
        shown = self.places.topLevelItem(number - 1)
        if shown is not None:
            self.places.setCurrentItem(shown)

    def show_assembled(self, assembled: Assembled | None, running: bool = False) -> None:
        """Show what stands, or what came out; None for nothing, which with ``running`` is nothing yet."""
        self.assembled = assembled
        nothing = _WAITING if running else _NOTHING
        self.summary.setText(nothing if assembled is None else ("" if assembled.finished else "So far: ") + assembled.summary)
        self.summary.setToolTip(self.summary.text())
        with quietly(self.places), quietly(self.decisions):
            self.places.clear()
            self.decisions.clear()
            if assembled is not None:
                self._fill(assembled)
                self.decisions.addTopLevelItems([_branch(one) for one in assembled.decisions])
                self.decisions.expandAll()
        self.looked_at.emit(None)

    def _fill(self, assembled: Assembled) -> None:
        for place in assembled.places:
            item = _row(place, place.held, place.verdict)
            item.setIcon(0, _swatch(place.number))
            if assembled.finished:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(0, Qt.CheckState.Checked if place.kept else Qt.CheckState.Unchecked)
            for index, other in enumerate(place.others):
                child = _row(place, other, "would fit here")
                child.setData(0, _OTHER, index)
                item.addChild(child)
            self.places.addTopLevelItem(item)

    def _set_up(self) -> None:
        self.places.setHeaderLabels(list(_COLUMNS))
        self.places.setAccessibleName("Places of the assembly")
        self.places.setAlternatingRowColors(True)
        self.places.setUniformRowHeights(True)
        metrics = QFontMetrics(self.places.font())
        for index, (title, widest) in enumerate(zip(_COLUMNS, _WIDEST, strict=True)):
            room = max(metrics.horizontalAdvance(title), metrics.horizontalAdvance(widest))
            self.places.setColumnWidth(index, room + (66 if index == 0 else _PADDING))
            self.places.headerItem().setTextAlignment(index, _side(index))
        self.decisions.setHeaderHidden(True)
        self.decisions.setAccessibleName("How the assembly came to be")
        self.decisions.setWordWrap(True)

    def _is_done(self) -> bool:
        return self.assembled is not None and self.assembled.finished

    def _look(self, item: QTreeWidgetItem | None) -> None:
        self.looked_at.emit(None if item is None else item.data(0, _PLACE))

    def _tick(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0 and item.parent() is None and self.assembled is not None and self.assembled.finished:
            place = self.assembled.places[item.data(0, _PLACE) - 1]
            kept = item.checkState(0) == Qt.CheckState.Checked
            if kept != place.kept:
                self.assembled = self.assembled.with_place(replace(place, kept=kept))
                self.changed.emit(self.assembled)

    def _take(self, assembled: Assembled) -> None:
        self.show_assembled(assembled)
        self.changed.emit(assembled)


def _row(place: Place, held: Candidate, verdict: str) -> QTreeWidgetItem:
    z = "" if held.z_score is None else f"{held.z_score:.1f}"
    mine = held is place.held
    texts = (
        str(place.number) if mine else "", held.name, verdict, f"{held.local_correlation:.3f}", z, f"{held.p_value:.1g}",
        list_chains(tuple(place.chains.values())) if mine else "", str(place.screen or "") if mine else "", place.source if mine else "",
    )  # fmt: skip
    item = QTreeWidgetItem(list(texts))
    item.setData(0, _PLACE, place.number)
    for column in range(len(texts)):
        item.setTextAlignment(column, _side(column))
        item.setToolTip(column, f"{held.path}{f', {held.part}' if held.part else ''}\n{verdict}")
    return item


def _branch(decision: Decision) -> QTreeWidgetItem:
    item = QTreeWidgetItem([decision.text])
    item.setToolTip(0, decision.text)
    item.addChildren([_branch(one) for one in decision.then])
    return item


def _swatch(number: int) -> QIcon:
    picture = QPixmap(10, 10)
    picture.fill(QColor(copy_colour(number - 1)))
    return QIcon(picture)


def _side(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
