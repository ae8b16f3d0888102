"""The contour level of the selected map, with its evidence, and how the map is drawn."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from superqt import QElidingLabel

from difffit_app.features.contents.histogram import Histogram
from difffit_app.features.contents.map_look import MapLook
from difffit_app.state.items import OpenMap
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.styles import MapStyle
from difffit_app.theme import Theme
from difffit_app.widgets.number_box import DecimalBox
from difffit_app.widgets.quiet import quietly


class MapPanel(QWidget):
    """Signals carry the id of the map first."""

    level_moving = Signal(str, float)
    level_set = Signal(str, float)
    suggestion_asked = Signal(str)
    stepped = Signal(int)
    style_changed = Signal(str, str, object)

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._view_state, self._grid = session, view_state, ""
        self.title = QElidingLabel()
        self.title.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.histogram = Histogram()
        self.level = _number("Contour level in the map's units", 8)
        self.sigmas = _number("Contour level in standard deviations above the mean", 3)
        self.sigmas.setSuffix(" σ")
        self.sigmas.setSingleStep(0.1)
        self.auto = QPushButton("Auto")
        self.auto.setToolTip("Set the suggested level")
        self.look = MapLook()
        self.evidence = QLabel()
        self.evidence.setObjectName("dim")
        self.evidence.setWordWrap(True)
        self.evidence.setMinimumHeight(3 * self.evidence.fontMetrics().lineSpacing() + 2)
        self.evidence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()

        self.histogram.level_moving.connect(lambda level: self._emit_level(self.level_moving, level))
        self.histogram.level_set.connect(lambda level: self._emit_level(self.level_set, level))
        self.histogram.stepped.connect(self.stepped)
        self.level.valueChanged.connect(lambda level: self._emit_level(self.level_set, level))
        self.sigmas.valueChanged.connect(self._on_sigmas)
        self.auto.clicked.connect(self._on_auto)
        self.look.changed.connect(self._on_look)

        self._subscriptions = Subscriptions()
        self._subscriptions.add(session.events.map_selected, self._show_map)
        self._subscriptions.add(session.events.renamed, self._rename)
        self._subscriptions.add(view_state.map_style_changed, self._show_style)
        self._subscriptions.add(view_state.moving_level_changed, self._show_moving)
        self._show_map(None)

    @property
    def _map(self) -> OpenMap | None:
        return self._session.map

    def set_theme(self, theme: Theme) -> None:
        self.histogram.set_theme(theme)

    def shut(self) -> None:
        self._subscriptions.end()

    def _on_auto(self) -> None:
        if self._map is not None:
            self.suggestion_asked.emit(self._map.id)

    def _on_look(self, name: str, value: object) -> None:
        if self._map is not None:
            self.style_changed.emit(self._map.id, name, value)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 8)
        self.title.setObjectName("sectionTitle")
        column.addWidget(self.title)
        column.addWidget(self.histogram)
        row = QHBoxLayout()
        row.addWidget(self.level, 3)
        row.addWidget(self.sigmas, 2)
        row.addWidget(self.auto)
        column.addLayout(row)
        column.addWidget(self.look)
        column.addWidget(self.evidence)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _emit_level(self, signal: object, level: float) -> None:
        if self._map is not None:
            signal.emit(self._map.id, level)  # type: ignore[attr-defined]

    def _on_sigmas(self, sigmas: float) -> None:
        if self._map is not None:
            self.level_set.emit(self._map.id, self._map.statistics.from_sigma(sigmas))

    def _show_map(self, item: OpenMap | None) -> None:
        self.setEnabled(item is not None)
        self.histogram.show_map(None if item is None else item.statistics)
        if item is None:
            self.look.forget()
            self._show_title("No map is open")
            self.evidence.setText("")
            return
        voxel = " × ".join(f"{size:.3g}" for size in dict.fromkeys(item.density.voxel_size.round(4).tolist()))
        shape = " × ".join(str(n) for n in item.density.shape_xyz)
        self._grid = f"{shape} voxels of {voxel} Å"
        self._show_title(item.name, self._grid)
        low, high = item.statistics.low, item.statistics.high
        with quietly(self.level, self.sigmas):
            self.level.setDecimals(max(0, min(8, 4 - round(float(f"{max(abs(high), abs(low)):e}".split("e")[1])))))
            self.level.setRange(low, high)
            self.level.setSingleStep((high - low) / 100)
            self.sigmas.setRange(item.statistics.in_sigma(low), item.statistics.in_sigma(high))
        self._show_style(item.id, self._view_state.maps[item.id])

    def _rename(self, identifier: str, name: str) -> None:
        if self._session.map is not None and self._session.map.id == identifier:
            self._show_title(name, self._grid)

    def _show_title(self, name: str, *more: str) -> None:
        """However long it is: what of it does not fit is told where the pointer rests."""
        self.title.setText(name)
        self.title.setToolTip("\n".join((name, *more)))

    def _show_style(self, identifier: str, style: MapStyle) -> None:
        if self._map is None or identifier != self._map.id:
            return
        self._show_level(style.level)
        self.look.show_style(style, self._map.density)
        suggestion = self._map.suggestion
        first = suggestion.lines()[0]
        as_suggested = style.level == suggestion.level
        self.evidence.setText(first[:1].upper() + first[1:] if as_suggested else f"Suggested level: {suggestion.level:.4g}")
        self.evidence.setToolTip("\n".join(suggestion.lines()))

    def _show_moving(self, identifier: str, level: float) -> None:
        if self._map is not None and identifier == self._map.id:
            self._show_level(level)

    def _show_level(self, level: float) -> None:
        assert self._map is not None
        self.histogram.show_level(level)
        with quietly(self.level, self.sigmas):
            self.level.setValue(level)
            self.sigmas.setValue(self._map.statistics.in_sigma(level))


def _number(name: str, decimals: int) -> QDoubleSpinBox:
    box = DecimalBox()
    box.setDecimals(decimals)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
