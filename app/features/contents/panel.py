"""Every open map and model, with an eye, a look, a name to type over and a way to close it."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from difffit_app.features.contents.row import ContentsRow
from difffit_app.geometry.colours import COLOURINGS
from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.styles import MapStyle, ModelStyle
from difffit_app.widgets.icons import Icons
from difffit_app.widgets.quiet import quietly
from difffit_core.confidence import confidence_of

_ID = Qt.ItemDataRole.UserRole


class _List(QListWidget):
    """Passes on what the keyboard asks of the current row."""

    pressed_on = Signal(str, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.currentItem()
        if entry is not None and event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Space):
            self.pressed_on.emit(entry.data(_ID), event.key())
        else:
            super().keyPressEvent(event)


class ContentsPanel(QWidget):
    """Signals carry the id of the map or model first; ``menu_asked``, by a button, and ``context_asked`` also a place on the screen."""

    visibility_chosen = Signal(str, bool)
    colouring_chosen = Signal(str, str)
    removal_asked = Signal(str)
    renamed = Signal(str, str)
    chosen = Signal(str)
    menu_asked = Signal(str, QPoint)
    context_asked = Signal(str, QPoint)

    def __init__(self, session: Session, view_state: ViewState, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._view_state, self._icons = session, view_state, icons
        self.rows: dict[str, ContentsRow] = {}
        self.list = _List()
        self.list.setObjectName("contents")
        self.list.setAccessibleName("Open maps and models")
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_context_menu)
        self.list.currentItemChanged.connect(self._on_current)
        self.list.pressed_on.connect(self._on_key)
        self.list.itemDoubleClicked.connect(lambda entry: self.rename(entry.data(_ID)))
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
            (session.events.map_selected, self._show_selected),
            (session.events.model_selected, self._show_selected),
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

    def rename(self, identifier: str) -> None:
        """Have the name of a row typed over."""
        self.list.scrollToItem(self._entry(identifier))
        self.rows[identifier].start_edit()

    def _add_map(self, item: OpenMap) -> None:
        shape = " × ".join(str(n) for n in item.density.shape_xyz)
        row = ContentsRow(item.name, f"{item.density.path}\n{shape} voxels", self._icons, "map", self._number(item))
        self._add(item.id, row, self._view_state.maps[item.id])

    def _add_model(self, item: OpenModel) -> None:
        chains = ", ".join(item.model.chains)
        row = ContentsRow(
            item.name, f"{item.model.path}\n{len(item.model)} atoms in chains {chains}", self._icons, "model", self._number(item)
        )
        confidence = confidence_of(item.model)
        if confidence is not None:
            bounds = "orange below 50, yellow to 70, light blue to 90, blue above"
            row.name_colouring("b_factor", "pLDDT", f"Confidence of the prediction: {bounds}.\nWhy pLDDT: {confidence.evidence}.")
        self._add(item.id, row, self._view_state.models[item.id])
        row.colouring.activated.connect(lambda index, i=item.id: self.colouring_chosen.emit(i, COLOURINGS[index]))

    def _number(self, item: OpenMap | OpenModel) -> str:
        return f"#{self._session.numbers[item.id]}"

    def _add(self, identifier: str, row: ContentsRow, style: MapStyle | ModelStyle) -> None:
        place = sum(self._session.numbers[other] < self._session.numbers[identifier] for other in self.rows)  # undo brings back any
        before: QWidget = self.rows[self.list.item(place - 1).data(_ID)].stops[-1] if place else self.list
        self.rows[identifier] = row
        row.show_style(style)
        row.eye.toggled.connect(lambda shown: self.visibility_chosen.emit(identifier, shown))
        row.close_button.clicked.connect(lambda: self.removal_asked.emit(identifier))
        row.look.clicked.connect(lambda: self.menu_asked.emit(identifier, row.look.mapToGlobal(row.look.rect().bottomLeft())))
        row.renamed.connect(lambda name: self.renamed.emit(identifier, name))
        entry = QListWidgetItem()
        entry.setData(_ID, identifier)
        entry.setSizeHint(row.sizeHint())
        with quietly(self.list):  # else the first row, and what stands beside one that goes, would be chosen as if by a click
            self.list.insertItem(place, entry)
        self.list.setItemWidget(entry, row)
        for stop in row.stops:
            QWidget.setTabOrder(before, stop)
            before = stop
        self.hint.hide()
        self.list.show()

    def _remove(self, identifier: str) -> None:
        row, entry = self.rows.pop(identifier), self._entry(identifier)
        was_current = entry is self.list.currentItem()
        self.list.removeItemWidget(entry)
        row.hide()
        row.deleteLater()
        with quietly(self.list):
            self.list.takeItem(self.list.row(entry))
        if was_current:
            of_map, of_model = self._session.map, self._session.model
            self._show_selected((of_model or of_map) if row.kind == "model" else (of_map or of_model))
        self.list.setVisible(bool(self.rows))
        self.hint.setVisible(not self.rows)

    def _rename(self, identifier: str, name: str) -> None:
        self.rows[identifier].show_name(name)

    def _show_style(self, identifier: str, style: MapStyle | ModelStyle) -> None:
        if identifier in self.rows:
            self.rows[identifier].show_style(style)

    def _show_selected(self, item: OpenMap | OpenModel | None) -> None:
        if item is not None and item.id in self.rows:
            with quietly(self.list):
                self.list.setCurrentItem(self._entry(item.id))

    def _entry(self, identifier: str) -> QListWidgetItem:
        entries = [self.list.item(number) for number in range(self.list.count())]
        return next(entry for entry in entries if entry.data(_ID) == identifier)

    def _on_current(self, entry: QListWidgetItem | None) -> None:
        if entry is None:
            return
        identifier = entry.data(_ID)
        selected = self._session.map if identifier in self._session.maps else self._session.model
        if identifier in self.rows and (selected is None or selected.id != identifier):
            self.chosen.emit(identifier)

    def _on_context_menu(self, place: QPoint) -> None:
        entry = self.list.itemAt(place)
        if entry is not None:
            self.context_asked.emit(entry.data(_ID), self.list.viewport().mapToGlobal(place))

    def _on_key(self, identifier: str, key: int) -> None:
        if key == Qt.Key.Key_F2:
            self.rename(identifier)
        elif key == Qt.Key.Key_Delete:
            self.removal_asked.emit(identifier)
        else:
            self.rows[identifier].eye.click()
