"""Which open models are to be placed, and how many copies of each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSpinBox, QWidget

from difffit_app.state.items import OpenModel
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.number_box import WholeBox

_NONE = "Open models to place them."


class WantedList(QWidget):
    """A row a model. Copies of 0 are as many as there are."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, tuple[QCheckBox, QSpinBox]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._empty = QLabel(_NONE)
        self._empty.setObjectName("dim")
        self._grid.addWidget(self._empty, 0, 0, 1, 2)
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.model_added, self._add),
            (session.events.model_removed, self._remove),
            (session.events.renamed, self._rename),
        ):
            self._subscriptions.add(signal, slot)

    def shut(self) -> None:
        self._subscriptions.end()

    def chosen(self) -> list[tuple[str, int | None]]:
        """Ids of the models that are wanted, and at most how many copies; None for as many as there are."""
        return [(name, copies.value() or None) for name, (wanted, copies) in self.rows.items() if wanted.isChecked()]

    def _add(self, item: OpenModel) -> None:
        wanted, copies = QCheckBox(item.name), WholeBox()
        wanted.setChecked(True)
        wanted.setToolTip(f"Place {item.name}, all its chains together")
        copies.setRange(0, 999)
        copies.setSpecialValueText("all there are")
        copies.setValue(1)
        copies.setSuffix(" copies")
        copies.setAccessibleName(f"Copies of {item.name}")
        copies.setToolTip("At most so many copies; 0 for as many as there are")
        wanted.toggled.connect(copies.setEnabled)
        wanted.toggled.connect(self.changed)
        copies.valueChanged.connect(self.changed)
        copies.valueChanged.connect(lambda number: copies.setSuffix(" copy" if number == 1 else " copies"))
        copies.setSuffix(" copy")
        row = self._grid.rowCount()
        self._grid.addWidget(wanted, row, 0)
        self._grid.addWidget(copies, row, 1)
        self.rows[item.id] = wanted, copies
        self._empty.hide()
        self.changed.emit()

    def _remove(self, identifier: str) -> None:
        for widget in self.rows.pop(identifier):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._empty.setVisible(not self.rows)
        self.changed.emit()

    def _rename(self, identifier: str, name: str) -> None:
        if identifier in self.rows:
            self.rows[identifier][0].setText(name)
            self.rows[identifier][1].setAccessibleName(f"Copies of {name}")
