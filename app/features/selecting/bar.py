"""Under the views: what is selected, what can be done with it, and the sequences of the chosen model."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from difffit_app.features.selecting.strip import SequenceStrip
from difffit_app.geometry.colours import colour_fit
from difffit_app.geometry.sequence import rows_of
from difffit_app.state.items import OpenModel
from difffit_app.state.judging import RESIDUE_METRICS, JudgingState
from difffit_app.state.selection import Selection, in_runs, in_words
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.styles import ModelStyle
from difffit_app.theme import Theme
from difffit_app.widgets.action_button import ActionButton

_HOW = "Click, drag or Shift+click in the sequence, or Ctrl+click in the view; Ctrl adds."


class SequenceBar(QWidget):
    """Follows the chosen model while it is shown."""

    close_asked = Signal()

    def __init__(self, session: Session, view_state: ViewState, judging: JudgingState, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewBar")
        self._session, self._view_state, self._judging = session, view_state, judging
        self._shown: OpenModel | None = None
        self.strip, self.words = SequenceStrip(theme), QElidingLabel(_HOW)
        self.words.setObjectName("dim")
        self.close_button = QToolButton()
        self.close_button.setText("×")
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName("Close the sequences")
        self.close_button.setToolTip("Close the sequences; what is selected stays selected")
        self.close_button.clicked.connect(self.close_asked)
        self._top = QHBoxLayout()
        self._top.setContentsMargins(10, 2, 8, 2)
        self._top.setSpacing(6)
        self._top.addWidget(self.words, 1)
        self._top.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(self.strip)
        self._subscriptions = Subscriptions()
        events = session.events
        for signal, slot in (
            (events.model_selected, self._show_model),
            (events.model_removed, self._show_model),
            (view_state.selection_changed, self._show_selection),
            (view_state.model_style_changed, self._show_style),
            (view_state.frame_changed, self._show_fit),
            (judging.changed, self._show_fit),
            (judging.metric_changed, self._show_fit),
        ):
            self._subscriptions.add(signal, slot)

    def shut(self) -> None:
        self._subscriptions.end()

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions on what is selected on buttons."""
        for action, text in actions:
            self._top.insertWidget(self._top.count() - 1, ActionButton().offer(action, text))

    def follow(self, shown: bool) -> None:
        """It comes into sight, or goes."""
        self.setVisible(shown)
        self._show_model()

    def _show_model(self, *_: object) -> None:
        item = self._session.model if not self.isHidden() else None
        if item is not self._shown:
            self._shown = item
            self.strip.show_rows(() if item is None else rows_of(item.model))
        self._show_selection(self._view_state.selection)
        self._show_fit()
        if item is not None:
            self._show_style(item.id, self._view_state.models[item.id])

    def _show_selection(self, selection: Selection) -> None:
        item = self._shown
        self.strip.show_selected(frozenset() if item is None else selection.residues.get(item.id, frozenset()))
        parts = []
        for identifier in selection.residues:
            one = self._session.models.get(identifier)
            if one is not None:
                name = f" of {one.name}" if len(self._session.models) > 1 else ""
                parts.append(f"{in_words(one.model, selection.of_model(identifier))}{name}")
        count = f"{len(selection)} residue{'' if len(selection) == 1 else 's'} selected"
        self.words.setText(f"{count}: {'; '.join(parts)}" if parts else _HOW)
        self.words.setToolTip(self.words.text())
        self.strip.setAccessibleDescription(self.words.text())

    def _show_style(self, identifier: str, style: ModelStyle) -> None:
        if self._shown is not None and identifier == self._shown.id:
            self.strip.show_hidden(in_runs(style.hidden))

    def _show_fit(self, *_: object) -> None:
        """How well residues fit is known of the placement that is shown, and of no pose on its way there."""
        judgement, item = self._judging.judgement, self._shown
        if judgement is None or item is None or judgement.model_id != item.id or self._view_state.frame is not None:
            self.strip.show_fit({}, {})
            return
        metric = RESIDUE_METRICS[self._judging.metric]
        colours = colour_fit(judgement.values(self._judging.metric), metric.low, metric.high)
        index = judgement.residues.index.tolist()
        told = {residue: f"{metric.title} {self._judging.told(place)}" for place, residue in enumerate(index)}
        self.strip.show_fit(dict(zip(index, colours, strict=True)), told)
