"""Where a split is set up: into chains, domains, at what does not fit, without what is unsure, or some residues alone."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QStackedWidget, QWidget

from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.fields import form_of, set_up_choice
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.number_box import DecimalBox, WholeBox
from difffit_app.widgets.path_field import PathField
from difffit_app.widgets.run_foot import RunFoot
from difffit_core.broken import BrokenStretch
from difffit_core.errors import UserError
from difffit_core.recipes.words import split_names
from difffit_core.split.limits import LOOSE, PLDDT_CUTOFF, SMALLEST
from difffit_core.split.recipe import SplitRecipe

CHAINS, COMPACT, ERRORS = "Chains", "Compact domains", "Domains by predicted errors"
BROKEN, TRIM, PICK = "Where the fit breaks", "Trim by pLDDT", "Some residues"
_WORDS = {
    CHAINS: "Each chain that has atoms to fit.",
    COMPACT: "Each chain is cut where few contacts hold it together.",
    ERRORS: "A file of predicted aligned errors tells which residues move together.",
    BROKEN: "At the ends of what does not fit in the selected placement.",
    TRIM: "One part, without residues that are predicted with less confidence.",
    PICK: "A part for each name: A is a chain, A:118-160 a stretch, + joins several.",
}


class SplitPanel(QWidget):
    """``asked`` carries a `SplitRecipe` of the model by its id; ``errors_asked`` wants a file of predicted errors."""

    asked = Signal(object)
    refused = Signal(str)
    errors_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model, self.way, self.told = ItemsBox(), QComboBox(), QLabel()
        self.pae = PathField("Predicted errors", "A .json, .npz or .npy file of predicted aligned errors", "none")
        self.plddt, self.loose, self.smallest, self.residues = DecimalBox(), DecimalBox(), WholeBox(), QLineEdit()
        self.foot = RunFoot("Split …", "Progress of the split")
        set_up_choice(self.model, "Model to split")
        set_up_choice(self.way, "How to split it")
        self.told.setObjectName("dim")
        self.told.setWordWrap(True)
        for box, name, value, low, high in (
            (self.plddt, "Least pLDDT", PLDDT_CUTOFF, 0, 100), (self.loose, "Share of contacts by which a piece may hang on", LOOSE, 0, 1),
        ):  # fmt: skip
            box.setRange(low, high)
            box.setDecimals(2)
            box.setValue(value)
            box.setAccessibleName(name)
            box.setToolTip(name)
        self.smallest.setRange(1, 100_000)
        self.smallest.setValue(SMALLEST)
        self.smallest.setSuffix(" residues")
        self.smallest.setAccessibleName("Smallest part")
        self.residues.setAccessibleName("Residues of each part")
        self.residues.setPlaceholderText("A:1-50+B, C")
        self.pages = QStackedWidget()
        for text, field in ((CHAINS, None), (COMPACT, ("Loose", self.loose)), (ERRORS, ("Errors", self.pae)), (BROKEN, None),
                            (TRIM, ("Least pLDDT", self.plddt)), (PICK, ("Residues", self.residues))):  # fmt: skip
            self.way.addItem(text)
            page = QWidget()
            page.setLayout(form_of(() if field is None else (field,)))
            page.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
            self.pages.addWidget(page)
        top = form_of((("Model", self.model), ("Into", self.way)))
        lay_out(self, scrolling_column(top, self.told, self.pages, form_of((("Smallest", self.smallest),))), self.foot)
        self.foot.cancel.hide()
        self.way.currentIndexChanged.connect(self._show_way)
        self.foot.start.clicked.connect(self.ask)
        self.pae.asked.connect(self.errors_asked)
        self.pae.changed.connect(self._enable)
        self._subscriptions = Subscriptions()
        self.model.follow_models(session, self._subscriptions, self._enable)
        for event in (session.events.fit_selected, session.events.placement_selected):
            self._subscriptions.add(event, lambda _: self._enable())
        self.foot.forget_with(session.events, self._subscriptions)
        self._show_way(0)

    def shut(self) -> None:
        self._subscriptions.end()

    def ask(self) -> None:
        """Report how to split; what is no such split is refused in a sentence."""
        try:
            if not self.foot.running and self.model.currentData() is not None:
                self.asked.emit(self.recipe())
        except UserError as error:
            self.refused.emit(str(error))

    def recipe(self) -> SplitRecipe:
        """What is set up; `UserError` in a sentence where it is no such split."""
        way = self.way.currentText()
        smallest = self.smallest.value()
        ways: dict[str, dict[str, object]] = {
            CHAINS: {"by": "chain"},
            COMPACT: {"by": "compact", "loose": self.loose.value(), "smallest": smallest},
            ERRORS: {"by": "pae", "pae": str(self.pae.path() or ""), "plddt": self.plddt.value(), "smallest": smallest},
            TRIM: {"by": "confidence", "plddt": self.plddt.value()},
        }
        if way == PICK:
            names = split_names(self.residues.text())
            if not names:
                raise UserError("the residues of a part must be named, as in A:1-50+B, got nothing")
            ways[PICK] = {"keep": names, "smallest": smallest}
        if way == BROKEN:
            return self._at_breaks()
        return SplitRecipe.checked({"model": self.model.currentData(), **ways[way]})

    def show_running(self, running: bool) -> None:
        self.foot.show_running(running)
        self._enable()

    def show_outcome(self, text: str) -> None:
        self.foot.status.setText(text)

    def _at_breaks(self) -> SplitRecipe:
        fit, stretches = self._session.fit, self._broken()
        if fit is None or not stretches:
            raise UserError("nothing of the selected fit's best placement is known not to fit, so that there is nowhere to cut")
        identifier = self.model.currentData()
        model = self._session.models[identifier].model
        return SplitRecipe.at_breaks(identifier, model, stretches, fit.record.chains, self.smallest.value())

    def _broken(self) -> list[BrokenStretch]:
        fit = self._session.fit
        if fit is None or fit.record.model != self.model.currentData():
            return []
        return [BrokenStretch(**one.model_dump()) for one in fit.record.broken]

    def _show_way(self, index: int) -> None:
        self.pages.setCurrentIndex(index)
        self.told.setText(_WORDS[self.way.currentText()])
        self._enable()

    def _enable(self) -> None:
        way = self.way.currentText()
        ready = {ERRORS: self.pae.path() is not None, BROKEN: bool(self._broken())}.get(way, True)
        self.smallest.setEnabled(way not in (CHAINS, TRIM))
        if way == BROKEN:
            found = ", ".join(map(str, self._broken()))
            self.told.setText(f"{_WORDS[BROKEN]} {'These do not fit: ' + found if found else 'Of this model none is known.'}")
        self.foot.enable(self.model.currentData() is not None and ready)
        self.foot.cancel.hide()
