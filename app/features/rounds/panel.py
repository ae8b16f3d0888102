"""The session manager: composites, their rounds, and how two of them differ."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QLabel, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from difffit_app.features.rounds.tree import RoundsTree, Row
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.flowing import flowing_bar, labelled
from difffit_app.widgets.number_box import WholeBox
from difffit_app.widgets.quiet import quietly

_NOTHING = "Accept placements (button beside the table of placements) to begin a composite."


class RoundsPanel(QWidget):
    """``tree`` lists what there is; ``share_chosen`` carries how much of a placement may lie in what was accepted before."""

    share_chosen = Signal(float)

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.tree = RoundsTree(session)
        self.comparison = QPlainTextEdit()
        self.comparison.setReadOnly(True)
        self.comparison.setAccessibleName("How the two rounds differ")
        self.comparison.hide()
        self.empty = QLabel(_NOTHING)
        self.empty.setObjectName("dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.share = WholeBox()
        self.share.setRange(0, 100)
        self.share.setSuffix(" %")
        self.share.setValue(round(100 * view_state.most_overlap))
        self.share.setKeyboardTracking(False)
        self.share.setAccessibleName("Largest overlap with what was accepted before")
        self.share.setToolTip("Placements of later rounds that lie by more than this in what was accepted before are left out")
        self.share.valueChanged.connect(lambda percent: self.share_chosen.emit(percent / 100))
        self._bar = flowing_bar()
        self._bar.setContentsMargins(10, 4, 10, 2)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.tree)
        split.addWidget(self.comparison)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._bar)
        column.addWidget(self.empty, 1)
        column.addWidget(split, 1)
        self._split = split
        self._subscriptions = Subscriptions()
        events = session.events
        for signal in (
            events.composite_selected,
            events.fit_added,
            events.fit_removed,
            events.renamed,
            events.model_added,
            events.map_added,
        ):
            self._subscriptions.add(signal, self._show)
        self._view_state = view_state
        self._subscriptions.add(view_state.filter_changed, self._show_share)
        self._show()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 90)

    def shut(self) -> None:
        self._subscriptions.end()

    def offer(self, actions: Sequence[tuple[QAction, str]]) -> None:
        """Put actions of the menu on buttons, under shorter names, before what is set here."""
        for action, text in actions:
            self._bar.addWidget(ActionButton().offer(action, text))
        self._bar.addWidget(labelled("Overlap at most", self.share))

    def chosen(self) -> list[Row]:
        """The selected rows, or else where one stands."""
        composite = self._session.composite
        return self.tree.rows() or ([Row(composite.id, composite.current)] if composite is not None else [])

    def show_comparison(self, text: str) -> None:
        self.comparison.setPlainText(text)
        self.comparison.setVisible(bool(text))

    def ask_for_name(self, name: str) -> str:
        """Another name for a round or a composite; empty if it is to stay."""
        text, accepted = QInputDialog.getText(self, "Rename", "Name", text=name)
        return text if accepted else ""

    def _show_share(self, _: object) -> None:
        with quietly(self.share):
            self.share.setValue(round(100 * self._view_state.most_overlap))

    def _show(self, *_: object) -> None:
        self.tree.show_all()
        some = bool(self._session.composites)
        self.empty.setVisible(not some)
        self._split.setVisible(some)
        if not some:
            self.show_comparison("")
