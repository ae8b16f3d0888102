"""Which open models, or chains of them, are to be placed, and how many copies of each."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QToolButton, QVBoxLayout, QWidget

from difffit_app.state.items import OpenModel
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.eliding_check_box import ElidingCheckBox
from difffit_app.widgets.number_box import WholeBox
from difffit_core.chain_words import chain_in_words, list_chains
from difffit_core.compose.recipe import WantedModel

_NONE = "Open models to place them."
_INDENT = 22


class WantedList(QWidget):
    """A row a model, which unfolds to a row a chain. Copies of 0 are as many as there are."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, tuple[ElidingCheckBox, QSpinBox]] = {}
        self.parts: dict[str, ChainRows] = {}
        self._boxes: dict[str, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._empty = QLabel(_NONE)
        self._empty.setObjectName("dim")
        self._column.addWidget(self._empty)
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.model_added, self._add),
            (session.events.model_removed, self._remove),
            (session.events.renamed, self._rename),
        ):
            self._subscriptions.add(signal, slot)

    def shut(self) -> None:
        self._subscriptions.end()

    def wanted(self) -> list[WantedModel]:
        """What is wanted: models by their ids, or each of some chains by itself, and at most how many copies; None for all there are."""
        found: list[WantedModel] = []
        for name, (wanted, copies) in self.rows.items():
            parts = self.parts[name]
            if wanted.isChecked() and parts.apart.isChecked():
                found += [WantedModel(model=name, copies=number, chains=(chain,)) for chain, number in parts.chosen()]
            elif wanted.isChecked():
                found.append(WantedModel(model=name, copies=copies.value() or None))
        return found

    def chosen(self) -> list[tuple[str, int | None]]:
        """Ids of the models that are wanted, and at most how many copies."""
        return [(one.model, one.copies) for one in self.wanted()]

    def _add(self, item: OpenModel) -> None:
        wanted, copies = ElidingCheckBox(item.name), copies_box(item.name)
        wanted.setChecked(True)
        wanted.setToolTip(f"Place {item.name}, all its chains together, or by chain")
        parts = ChainRows(item)
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        grid.addWidget(wanted, 0, 0)
        grid.addWidget(copies, 0, 1)
        grid.addWidget(parts.apart, 0, 2)
        grid.addWidget(parts, 1, 0, 1, 3)
        wanted.toggled.connect(copies.setEnabled)
        wanted.toggled.connect(parts.setEnabled)
        parts.apart.toggled.connect(copies.setHidden)
        for signal in (wanted.toggled, copies.valueChanged, parts.changed, parts.apart.toggled):
            signal.connect(self.changed)
        self._column.addWidget(box)
        self.rows[item.id], self.parts[item.id], self._boxes[item.id] = (wanted, copies), parts, box
        self._empty.hide()
        self.changed.emit()

    def _remove(self, identifier: str) -> None:
        del self.rows[identifier], self.parts[identifier]
        box = self._boxes.pop(identifier)
        self._column.removeWidget(box)
        box.hide()
        box.deleteLater()
        self._empty.setVisible(not self.rows)
        self.changed.emit()

    def _rename(self, identifier: str, name: str) -> None:
        if identifier in self.rows:
            self.rows[identifier][0].show_name(name)
            self.rows[identifier][1].setAccessibleName(f"Copies of {name}")


class ChainRows(QWidget):
    """A row for each chain with atoms to fit; ``apart`` is the button that has chains placed each by itself."""

    changed = Signal()

    def __init__(self, item: OpenModel) -> None:
        super().__init__()
        self.rows: dict[str, tuple[ElidingCheckBox, QSpinBox]] = {}
        self.apart = QToolButton()
        self.apart.setText("By chain")
        self.apart.setCheckable(True)
        self.apart.setAutoRaise(True)
        self.apart.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.apart.setAccessibleName(f"Place the chains of {item.name} each by itself")
        self.apart.setToolTip("Place each chain by itself, rather than all together")
        grid = QGridLayout(self)
        grid.setContentsMargins(_INDENT, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        model = item.model
        for row, chain in enumerate(model.chains):
            here = (model.chain_names == chain) & model.in_fit
            if not here.any():
                continue
            wanted = ElidingCheckBox(f"{list_chains([chain])}   {len(np.unique(model.residue_index[here]))} residues")
            wanted.setChecked(True)
            words = f"{chain_in_words(chain)} of {item.name}"
            wanted.setAccessibleName(words[:1].upper() + words[1:])
            copies = copies_box(words)
            wanted.toggled.connect(copies.setEnabled)
            wanted.toggled.connect(self.changed)
            copies.valueChanged.connect(self.changed)
            grid.addWidget(wanted, row, 0)
            grid.addWidget(copies, row, 1)
            self.rows[chain] = wanted, copies
        if len(self.rows) < 2:  # never setVisible(True) here: it has no place yet, and would be shown as a window of its own
            self.apart.hide()
        self.apart.toggled.connect(self.setVisible)
        self.hide()

    def chosen(self) -> list[tuple[str, int | None]]:
        """The chains that are wanted, and at most how many copies; None for as many as there are."""
        return [(chain, copies.value() or None) for chain, (wanted, copies) in self.rows.items() if wanted.isChecked()]


def copies_box(name: str) -> WholeBox:
    """How many copies of something; 0 for as many as there are."""
    copies = WholeBox()
    copies.setRange(0, 999)
    copies.setSpecialValueText("all there are")
    copies.setValue(1)
    copies.setAccessibleName(f"Copies of {name}")
    copies.setToolTip("At most so many copies; 0 for as many as there are")
    copies.valueChanged.connect(lambda number: copies.setSuffix(" copy" if number == 1 else " copies"))
    copies.setSuffix(" copy")
    return copies
