"""What a zone or a crop goes round: a model where it stands, some of it, or all accepted copies."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from difffit_app.state.session import Session
from difffit_app.state.standing import Standing, accepted_standing, standing
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.chains_box import ChainsBox
from difffit_app.widgets.fields import form_of, set_up_choice
from difffit_app.widgets.items_box import ItemsBox
from difffit_core.chain_words import chains_in_words
from difffit_core.errors import UserError
from difffit_core.map_edit.around import Around
from difffit_core.recipes.words import split_names

COPIES = "copies"
"""Data of the entry that stands for all accepted copies."""


class NearField(QWidget):
    """``changed`` when it means something else."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model, self.chains, self.residues, self.where = ItemsBox(), ChainsBox(), QLineEdit(), QLabel()
        set_up_choice(self.model, "Model to stay near")
        self.chains.button.setAccessibleName("Chains to stay near")
        self.residues.setAccessibleName("Residues to stay near")
        self.residues.setPlaceholderText("all, or A:1-50, B")
        self.residues.setToolTip("Only these residues, separated by commas: A (a chain), A:118-160, A:118")
        self.where.setObjectName("dim")
        self.where.setWordWrap(True)
        form = form_of((("Model", self.model), ("Chains", self.chains), ("Residues", self.residues)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.where)
        self.model.currentIndexChanged.connect(self._show_model)
        self.chains.changed.connect(self.changed)
        self.residues.textChanged.connect(lambda _: self.changed.emit())
        self._subscriptions = Subscriptions()
        events = session.events
        self.model.follow_models(session, self._subscriptions, self._refresh)
        for event in (events.fit_selected, events.placement_selected, events.hand_moved, events.brought_changed):
            self._subscriptions.add(event, lambda _: self._show_where())
        for event in (events.composite_selected, events.composite_removed, events.composite_replaced):
            self._subscriptions.add(event, lambda _: self._refresh())
        self._refresh()

    def shut(self) -> None:
        self._subscriptions.end()

    @property
    def is_ready(self) -> bool:
        return self.model.currentData() is not None and (self.model.currentData() == COPIES or bool(self.chains.chosen()))

    def around(self) -> tuple[Around, ...]:
        """What is meant; `UserError` for residues that are no such names."""
        chosen = self.model.currentData()
        if chosen is None:
            raise UserError("a zone needs a model that is open; open one, or accept a placement")
        if chosen == COPIES:
            return tuple(Around.checked({"model": one.model, "chains": one.chains, "pose": one.pose}) for one in self._copies())
        found = standing(self._session, chosen)
        residues = split_names(self.residues.text())
        chains = self.chains.chosen()
        every = len(chains) == len(self.chains.actions_by_chain)
        moved = tuple(chain for chain in chains if not found.chains or chain in found.chains)
        if not moved:
            raise UserError(
                f"the chosen chains must be among those that stand {found.words}, {', '.join(found.chains)}, got {', '.join(chains)}"
            )
        return (
            Around.checked(
                {"model": chosen, "chains": () if every and not found.chains else moved, "residues": residues, "pose": found.pose}
            ),
        )

    def _copies(self) -> list[Standing]:
        return accepted_standing(self._session)

    def _refresh(self) -> None:
        at, there = self.model.findData(COPIES), bool(self._copies())
        if there and at < 0:
            self.model.addItem("All accepted copies", COPIES)
        elif not there and at >= 0:
            self.model.removeItem(at)
        self._show_where()

    def _show_model(self) -> None:
        item = self._session.models.get(self.model.currentData() or "")
        self.chains.show_model(None if item is None else item.model)
        self.residues.setEnabled(item is not None)
        self._show_where()

    def _show_where(self) -> None:
        chosen = self.model.currentData()
        if chosen in self._session.models:
            found = standing(self._session, chosen)
            chains = f", {chains_in_words(found.chains)}" if found.chains else ""
            self.where.setText(f"{self._session.models[chosen].name} {found.words}{chains}")
        else:
            copies = self._copies() if chosen == COPIES else []
            self.where.setText(f"{len(copies)} copies, {copies[0].words}" if copies else "Open a model first" if chosen is None else "")
        self.changed.emit()
