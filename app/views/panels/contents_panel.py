"""Every open map and model, with an eye, a look and a way to close it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from difffit_app.geometry.colours import COLOURINGS
from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.views.icons import Icons
from difffit_app.views.subscriptions import Subscriptions
from difffit_core.project.schema import MapStyle, ModelStyle

_ID = Qt.ItemDataRole.UserRole
COLOURING_NAMES = {
    "structure": "Structure",
    "chain": "Chain",
    "residue": "Residue",
    "b_factor": "B factor",
    "element": "Element",
    "plain": "Plain",
}


class ContentsPanel(QWidget):
    """Signals carry the id of the map or model first."""

    visibility_chosen = Signal(str, bool)
    colouring_chosen = Signal(str, str)
    removal_asked = Signal(str)
    map_chosen = Signal(str)

    def __init__(self, session: Session, view_state: ViewState, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._view_state, self._icons = session, view_state, icons
        self.rows: dict[str, ContentsRow] = {}
        self.list = QListWidget()
        self.list.setAccessibleName("Open maps and models")
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.currentItemChanged.connect(self._on_current)
        self.hint = QLabel("Drop maps (.mrc, .map), models (.pdb, .cif) or a project (.difffit) anywhere in this window.")
        self.hint.setWordWrap(True)
        self.hint.setObjectName("dim")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.hint, 1)
        column.addWidget(self.list, 1)
        self.list.hide()
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.map_added, self._add_map),
            (session.events.model_added, self._add_model),
            (session.events.map_removed, self._remove),
            (session.events.model_removed, self._remove),
            (session.events.renamed, self._rename),
            (view_state.map_style_changed, self._show_style),
            (view_state.model_style_changed, self._show_style),
        ):
            self._subscriptions.add(signal, slot)

    def shut(self) -> None:
        self._subscriptions.end()

    def refresh_icons(self) -> None:
        for identifier, row in self.rows.items():
            row.show_style(self._view_state.maps.get(identifier) or self._view_state.models[identifier])

    def _add_map(self, item: OpenMap) -> None:
        shape = " × ".join(str(n) for n in item.density.shape_xyz)
        row = ContentsRow(item.name, f"{item.density.path}\n{shape} voxels", self._icons, "map")
        self._add(item.id, row, self._view_state.maps[item.id])

    def _add_model(self, item: OpenModel) -> None:
        chains = ", ".join(item.model.chains)
        row = ContentsRow(item.name, f"{item.model.path}\n{len(item.model)} atoms in chains {chains}", self._icons, "model")
        self._add(item.id, row, self._view_state.models[item.id])
        row.colouring.activated.connect(lambda index, i=item.id: self.colouring_chosen.emit(i, COLOURINGS[index]))

    def _add(self, identifier: str, row: "ContentsRow", style: MapStyle | ModelStyle) -> None:
        self.rows[identifier] = row
        row.show_style(style)
        row.eye.toggled.connect(lambda shown: self.visibility_chosen.emit(identifier, shown))
        row.close_button.clicked.connect(lambda: self.removal_asked.emit(identifier))
        entry = QListWidgetItem()
        entry.setData(_ID, identifier)
        entry.setSizeHint(row.sizeHint())
        self.list.addItem(entry)
        self.list.setItemWidget(entry, row)
        self.hint.hide()
        self.list.show()

    def _remove(self, identifier: str) -> None:
        for number in range(self.list.count()):
            if self.list.item(number).data(_ID) == identifier:
                entry = self.list.takeItem(number)
                del entry
                break
        self.rows.pop(identifier).deleteLater()
        self.list.setVisible(bool(self.rows))
        self.hint.setVisible(not self.rows)

    def _rename(self, identifier: str, name: str) -> None:
        self.rows[identifier].show_name(name)

    def _show_style(self, identifier: str, style: MapStyle | ModelStyle) -> None:
        if identifier in self.rows:
            self.rows[identifier].show_style(style)

    def _on_current(self, entry: QListWidgetItem | None) -> None:
        if entry is not None and entry.data(_ID) in self._session.maps:
            self.map_chosen.emit(entry.data(_ID))


class ContentsRow(QWidget):
    """One map or model."""

    def __init__(self, name: str, tip: str, icons: Icons, kind: str) -> None:
        super().__init__()
        self._icons, self._kind = icons, kind
        self.eye, self.close_button, self.swatch = QToolButton(), QToolButton(), QLabel()
        self.eye.setCheckable(True)
        self.eye.setAutoRaise(True)
        self.eye.setToolTip("Show or hide")
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Close")
        self.swatch.setFixedSize(16, 16)
        self.label = label = QLabel()
        label.setToolTip(tip)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.colouring = QComboBox()
        self.colouring.setToolTip("Colour by")
        self.colouring.addItems([COLOURING_NAMES[name] for name in COLOURINGS])
        self.colouring.setVisible(kind == "model")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(6)
        row.addWidget(self.eye)
        row.addWidget(self.swatch)
        row.addWidget(label, 1)
        row.addWidget(self.colouring)
        row.addWidget(self.close_button)
        self.show_name(name)

    def show_name(self, name: str) -> None:
        self.label.setText(name)
        self.eye.setAccessibleName(f"Show {name}")
        self.close_button.setAccessibleName(f"Close {name}")
        self.colouring.setAccessibleName(f"What colours {name}")

    def show_style(self, style: MapStyle | ModelStyle) -> None:
        self.eye.blockSignals(True)
        self.eye.setChecked(style.visible)
        self.eye.blockSignals(False)
        self.eye.setIcon(self._icons.get("eye" if style.visible else "eye-off"))
        self.close_button.setIcon(self._icons.get("close"))
        if isinstance(style, MapStyle):
            self.swatch.setStyleSheet(f"background: {style.colour}; border-radius: 3px;")
        else:
            self.swatch.setPixmap(self._icons.get("model").pixmap(16, 16))
            self.colouring.setCurrentIndex(COLOURINGS.index(style.colour_by))
