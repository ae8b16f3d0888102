"""What came of the refinement that is shown: a choice among them, a morph, sentences, and the residues before and after."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from difffit_app.features.refine.plot import BeforeAfterPlot
from difffit_app.features.refine.telling import sentences
from difffit_app.state.items import OpenRefinement
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.theme import Theme
from difffit_app.widgets.column import scrolling_column
from difffit_app.widgets.quiet import quietly
from difffit_core.residues import Residues

STEPS = 50
"""Of the way from the rigid model to the bent one."""
_LEAST_HEIGHT = 92
_NOTHING = "No model was bent yet: set one up in Refine, and press Refine."
_SHOWS_RIGID = "The models are shown as they are placed; choose a bent one above."


class BentPanel(QWidget):
    """Follows the session. ``chosen`` carries the id of a refinement, or None for the rigid model; ``morphed`` a share of the way."""

    chosen = Signal(object)
    morphed = Signal(float)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.box, self.slider, self.told, self.plot = QComboBox(), QSlider(Qt.Orientation.Horizontal), QLabel(), BeforeAfterPlot()
        self.box.setAccessibleName("Bent model that is shown")
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.slider.setRange(0, STEPS)
        self.slider.setValue(STEPS)
        self.slider.setAccessibleName("From the rigid model to the bent one")
        self.slider.setToolTip("Move the model from its rigid pose to where it was bent to; nothing is changed by it")
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.plot.setMinimumHeight(_LEAST_HEIGHT)
        self._lay_out()
        self.box.activated.connect(lambda index: self.chosen.emit(self.box.itemData(index)))
        self.slider.valueChanged.connect(lambda value: self.morphed.emit(value / STEPS))
        self._subscriptions = Subscriptions()
        for signal in (session.events.refinement_added, session.events.refinement_removed, session.events.renamed):
            self._subscriptions.add(signal, self._list)
        self._subscriptions.add(session.events.refinement_selected, self._show)
        self._list()

    def _lay_out(self) -> None:
        """A narrow column of what is chosen and told, and the residues beside it."""
        way, left, right, row = QHBoxLayout(), QVBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        for part in (QLabel("rigid"), self.slider, QLabel("bent")):
            way.addWidget(part, 1 if part is self.slider else 0)
        legend = QLabel("Local correlation: dashed before, solid after")
        legend.setObjectName("dim")
        left.addWidget(self.box)
        left.addLayout(way)
        left.addWidget(scrolling_column(self.told), 1)
        right.addWidget(legend)
        right.addWidget(self.plot, 1)
        row.setContentsMargins(10, 4, 10, 6)
        row.addLayout(left, 2)
        row.addLayout(right, 3)

    def shut(self) -> None:
        self._subscriptions.end()

    def set_theme(self, theme: Theme) -> None:
        self.plot.set_theme(theme)

    def show_morph(self, share: float) -> None:
        """Have the slider stand where the view does."""
        with quietly(self.slider):
            self.slider.setValue(round(share * STEPS))

    def _list(self, *_: object) -> None:
        with quietly(self.box):
            self.box.clear()
            self.box.addItem("Rigid model", None)
            for one in self._session.refinements.values():
                name, into = self._session.models[one.record.model].name, self._session.maps[one.record.map].name
                self.box.addItem(f"{name} bent into {into} ({one.id.removeprefix('refinement-')})", one.id)
        self._show(self._session.refinement)

    def _show(self, refinement: OpenRefinement | None) -> None:
        with quietly(self.box):
            self.box.setCurrentIndex(max(self.box.findData(None if refinement is None else refinement.id), 0))
        self.slider.setEnabled(refinement is not None)
        if refinement is None or refinement.record.model not in self._session.models:
            self.plot.show_residues(None, None)
            self.told.setText(_SHOWS_RIGID if self._session.refinements else _NOTHING)
            return
        model = self._session.models[refinement.record.model].model.select_chains(refinement.record.recipe.chains)
        self.plot.show_residues(Residues.of(model), refinement.arrays)
        self.told.setText("\n".join(sentences(refinement)))
