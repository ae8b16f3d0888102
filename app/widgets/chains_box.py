"""Which chains of a model to fit."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from difffit_app.widgets.quiet import quietly
from difffit_app.widgets.ticking_menu import TickingMenu
from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_words import list_chains


class ChainsBox(QWidget):
    """A button whose menu has a tick for every chain that has atoms to fit."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QToolButton()
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.button.setAccessibleName("Chains to fit")
        self.menu = TickingMenu(self)
        self.button.setMenu(self.menu)
        self.button.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        self.actions_by_chain: dict[str, QAction] = {}
        self.show_model(None)

    def show_model(self, model: AtomicModel | None) -> None:
        """Offer this model's chains, all of them ticked."""
        self.menu.clear()
        self.actions_by_chain = {}
        if model is not None:
            self.menu.addAction("All").triggered.connect(lambda: self.choose(tuple(self.actions_by_chain)))
            self.menu.addAction("None").triggered.connect(lambda: self.choose(()))
            self.menu.addSeparator()
            for chain in model.chains:
                here = (model.chain_names == chain) & model.in_fit
                if here.any():
                    residues = len(np.unique(model.residue_index[here]))
                    action = self.menu.addAction(f"{list_chains([chain])}   {residues} residues")
                    action.setCheckable(True)
                    action.setChecked(True)
                    action.toggled.connect(self._on_toggle)
                    self.actions_by_chain[chain] = action
        self._on_toggle()

    def chosen(self) -> tuple[str, ...]:
        return tuple(chain for chain, action in self.actions_by_chain.items() if action.isChecked())

    def choose(self, chains: Sequence[str]) -> None:
        for chain, action in self.actions_by_chain.items():
            with quietly(action):
                action.setChecked(chain in chains)
        self._on_toggle()

    def _on_toggle(self) -> None:
        chosen = self.chosen()
        if not self.actions_by_chain:
            text = "–"
        elif len(chosen) == len(self.actions_by_chain):
            named = f" ({list_chains(chosen)})" if any(map(str.strip, chosen)) else ""
            text = f"All{named}" if len(chosen) <= 6 else f"All {len(chosen)}"
        else:
            text = list_chains(chosen) if chosen else "None: choose at least one"
        self.button.setText(text)
        self.button.setEnabled(bool(self.actions_by_chain))
        self.changed.emit()
