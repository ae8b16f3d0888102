"""How well each residue of the selected placement fits, what the placement explains, and how it differs from another."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from superqt import QElidingLabel

from difffit_app.features.residues.colour_scale import ColourScale
from difffit_app.features.residues.plot import ResiduePlot
from difffit_app.geometry.colours import FIT_COLOURS
from difffit_app.state.judging import MOST_CUT_AWAY, RESIDUE_METRICS, Judgement, JudgingState
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.theme import Theme
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.number_box import DecimalBox
from difffit_app.widgets.quiet import quietly

_LEAST_HEIGHT = 68
_NOTHING = "Select a placement to see how well each of its residues fits."


class ResiduesPanel(QWidget):
    """Follows a `JudgingState`; residues are given by their position."""

    metric_chosen = Signal(str)
    residue_chosen = Signal(int)
    residue_activated = Signal(int)
    stepped = Signal(int)
    cut_away_chosen = Signal(float)

    def __init__(self, judging: JudgingState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judging = judging
        self.metric_box = QComboBox()
        self.metric_box.setAccessibleName("What is told of each residue")
        self.legend = ColourScale(FIT_COLOURS)
        self.legend.setAccessibleName("Colour scale of the residues")
        self.summary = QElidingLabel(_NOTHING)
        self.colours, self.compare = ActionButton(), ActionButton()
        self.cut_away, self._cut_label = DecimalBox(), QLabel("Cut &away within")
        self.plot = ResiduePlot(judging.label)
        self.explained = QElidingLabel()
        self.explained.setObjectName("dim")
        self.unexplained = ActionButton()
        self.plot.setMinimumHeight(_LEAST_HEIGHT)
        self.sentence = QElidingLabel()
        self.sentence.setObjectName("dim")
        self._lay_out()
        self.metric_box.activated.connect(lambda index: self.metric_chosen.emit(self.metric_box.itemData(index)))
        self.plot.chosen.connect(self.residue_chosen)
        self.plot.activated.connect(self.residue_activated)
        self.plot.stepped.connect(self.stepped)
        self.cut_away.valueChanged.connect(self.cut_away_chosen)
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (judging.changed, self._show),
            (judging.metric_changed, self._show),
            (judging.busy_changed, self._show),
            (judging.marked_changed, self._mark),
            (judging.cut_away_changed, self._show_cut_away),
        ):
            self._subscriptions.add(signal, slot)
        self._show()

    def shut(self) -> None:
        self._subscriptions.end()

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)
        self._show()

    def offer(self, compare: QAction, colours: QAction, unexplained: QAction) -> None:
        """Put actions of the menu on buttons."""
        for button, action, text in (
            (self.compare, compare, "Compare"),
            (self.colours, colours, "Colour Model"),
            (self.unexplained, unexplained, "Unexplained"),
        ):
            button.offer(action, text)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(10, 4, 10, 2)
        top.setSpacing(8)
        top.addWidget(self.metric_box)
        top.addWidget(self.legend)
        top.addWidget(self.sentence, 1)
        self._set_up_cut_away()
        top.addWidget(self._cut_label)
        top.addWidget(self.cut_away)
        for button in (self.compare, self.colours, self.unexplained):
            top.addWidget(button)
        words = QVBoxLayout()
        words.setContentsMargins(10, 0, 10, 4)
        words.setSpacing(1)
        words.addWidget(self.summary)
        words.addWidget(self.explained)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.plot, 1)
        column.addLayout(words)

    def _set_up_cut_away(self) -> None:
        box = self.cut_away
        box.setRange(0, MOST_CUT_AWAY)
        box.setDecimals(1)
        box.setSingleStep(0.5)
        box.setSuffix(" Å")
        box.setSpecialValueText("off")
        box.setKeyboardTracking(False)
        box.setAccessibleName("Cut away of the other placement what lies within")
        box.setToolTip("Leave out of the other placement, in magenta, what lies this near to the selected one: what is left lies elsewhere")
        self._cut_label.setBuddy(box)

    def _show_cut_away(self, within: float) -> None:
        with quietly(self.cut_away):
            self.cut_away.setValue(within)

    def _show(self, _: object = None) -> None:
        judgement, name = self._judging.judgement, self._judging.metric
        metric = RESIDUE_METRICS[name]
        comparing = judgement is not None and judgement.comparison is not None
        self._offer_metrics(comparing)
        for part in (self._cut_label, self.cut_away):
            part.setVisible(comparing)
        self.metric_box.setCurrentIndex(self.metric_box.findData(name))
        self.metric_box.setToolTip(metric.meaning)
        self.legend.setVisible(metric.high is not None)
        self.sentence.setText(metric.reading)
        self.plot.setEnabled(not self._judging.busy)
        if metric.high is not None:
            self.legend.set_ends(metric.low, metric.high)
        if judgement is None:
            self.plot.clear_residues()
            self._tell("Judging …" if self._judging.busy else _NOTHING, "")
            return
        comparison = judgement.comparison
        other = None if comparison is None or name == "displacement" else getattr(comparison.scores, name)
        self.plot.show_residues(judgement, metric, judgement.values(name), other)
        self._tell(self._in_words(judgement), "  ".join(judgement.explained.lines()) if judgement.explained is not None else "")
        if self._judging.busy:
            self.summary.setText("Judging …")

    def _in_words(self, judgement: Judgement) -> str:
        name = self._judging.metric
        values, count = judgement.values(name), len(judgement.residues)
        comparison = judgement.comparison
        if comparison is not None:
            return f"Placement {judgement.placement.rank} (bars) and {comparison.other.rank} (line): {comparison.difference.sentence}"
        metric = RESIDUE_METRICS[name]
        poor = len(judgement.poor(name))
        middle = (metric.low + (metric.high or 0.0)) / 2
        mean = values[values == values].mean() if (values == values).any() else float("nan")
        return f"Placement {judgement.placement.rank}  ·  mean {mean:.2f}  ·  {poor} of {count} residues below {middle:g}"

    def _tell(self, summary: str, explained: str) -> None:
        for label, text in ((self.summary, summary), (self.explained, explained)):
            label.setText(text)
            label.setToolTip(text)

    def _offer_metrics(self, comparing: bool) -> None:
        names = [name for name, metric in RESIDUE_METRICS.items() if comparing or metric.high is not None]
        if [self.metric_box.itemData(i) for i in range(self.metric_box.count())] != names:
            self.metric_box.clear()
            for name in names:
                self.metric_box.addItem(RESIDUE_METRICS[name].title, name)

    def _mark(self, position: int | None) -> None:
        self.plot.show_marked(position)
