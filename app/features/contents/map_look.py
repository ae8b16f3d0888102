"""How the selected map is drawn: surface, mesh or slice, in which colour, how finely."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from difffit_app.geometry.pick import slice_numbers
from difffit_app.styles import MapStyle
from difffit_app.widgets.number_box import DecimalBox
from difffit_app.widgets.quiet import quietly
from difffit_core.density_map import DensityMap

MODES = {"surface": "Surface", "mesh": "Mesh", "slice": "Slice"}
STEPS: dict[int | None, str] = {None: "Auto", 1: "1", 2: "2", 4: "4", 8: "8"}
_AXES = "xyz"


class MapLook(QWidget):
    """``changed`` carries the name of a field of `MapStyle` and its new value."""

    changed = Signal(str, object)
    colour_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style: MapStyle | None = None
        self._density: DensityMap | None = None
        self.mode, self.step, self.axis = QComboBox(), QComboBox(), QComboBox()
        for box, names in ((self.mode, MODES), (self.step, STEPS)):
            for value, text in names.items():
                box.addItem(text, value)
        for axis in _AXES:
            self.axis.addItem(axis.upper(), axis)
        self.colour = QToolButton()
        self.opacity, self.number = QSlider(Qt.Orientation.Horizontal), QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(5, 100)
        self.islands = DecimalBox()
        self.islands.setDecimals(0)
        self.islands.setRange(0, 1e7)
        self.islands.setSuffix(" Å³")
        self.islands.setSpecialValueText("none")
        self.islands.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.islands.setKeyboardTracking(False)
        self.all, self.box = QCheckBox("All"), QCheckBox("Box")
        for widget, name in (
            (self.mode, "Draw the map as surface, mesh or slice"),
            (self.colour, "Colour of the map"),
            (self.opacity, "Opacity of the map's surface"),
            (self.step, "Step: contour every so many voxels. Auto draws large maps coarsely, and smoothly what is near"),
            (self.islands, "Hide connected pieces of the surface that enclose less than this"),
            (self.axis, "Axis that the slice is at right angles to"),
            (self.number, "Place of the slice (Ctrl and wheel in the view)"),
            (self.all, "Slices along all three axes; a click on one brings the others there"),
            (self.box, "Edges of the map's box"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
        self._controls = (self.mode, self.step, self.axis, self.opacity, self.number, self.islands, self.all, self.box)
        self._pages = QStackedWidget()
        self._lay_out()
        self.mode.activated.connect(lambda _: self.changed.emit("mode", self.mode.currentData()))
        self.step.activated.connect(lambda _: self.changed.emit("step", self.step.currentData()))
        self.axis.activated.connect(lambda _: self.changed.emit("slice_axis", self.axis.currentData()))
        self.opacity.valueChanged.connect(lambda value: self.changed.emit("opacity", value / 100))
        self.islands.valueChanged.connect(lambda value: self.changed.emit("smallest_island", value))
        self.number.valueChanged.connect(self._on_number)
        self.all.toggled.connect(lambda on: self.changed.emit("all_slices", on))
        self.box.toggled.connect(lambda on: self.changed.emit("box", on))
        self.colour.clicked.connect(self.colour_asked)

    def show_style(self, style: MapStyle, density: DensityMap) -> None:
        """Show how the map is drawn, without a signal."""
        self._style, self._density = style, density
        with quietly(*self._controls):
            self._show_controls(style, density)
        self.opacity.setEnabled(style.mode != "slice")
        self._pages.setCurrentIndex(style.mode == "slice")
        self.colour.setStyleSheet(f"QToolButton {{ background: {style.colour}; border-radius: 3px; min-width: 26px; min-height: 16px; }}")

    def forget(self) -> None:
        """The map is closed, and no other is shown; it would be held in memory here."""
        self._style = self._density = None

    def _show_controls(self, style: MapStyle, density: DensityMap) -> None:
        for box, value in ((self.mode, style.mode), (self.axis, style.slice_axis)):
            box.setCurrentIndex(box.findData(value))
        self._show_step(style.step)
        self.opacity.setValue(round(style.opacity * 100))
        self.islands.setValue(style.smallest_island)
        axis = _AXES.index(style.slice_axis)
        self.number.setRange(0, int(density.shape_xyz[axis]) - 1)
        self.number.setValue(slice_numbers(style, density)[axis])
        self.all.setChecked(style.all_slices)
        self.box.setChecked(style.box)

    def _show_step(self, step: int | None) -> None:
        if self.step.findData(step) < 0:
            self.step.addItem(str(step), step)
        self.step.setCurrentIndex(self.step.findData(step))

    def _on_number(self, value: int) -> None:
        if self._style is not None and self._density is not None:
            numbers = list(slice_numbers(self._style, self._density))
            numbers[_AXES.index(self._style.slice_axis)] = value
            self.changed.emit("slices", tuple(numbers))

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.addWidget(self.mode)
        first.addWidget(self.colour)
        first.addWidget(self.opacity, 1)
        first.addWidget(self.box)
        for widgets in (
            (QLabel("Step"), self.step, QLabel("Hide under"), self.islands),
            (QLabel("Axis"), self.axis, self.number, self.all),
        ):
            page = QWidget()
            row = QHBoxLayout(page)
            row.setContentsMargins(0, 0, 0, 0)
            for widget in widgets:
                row.addWidget(widget, int(widget in (self.islands, self.number)))
            self._pages.addWidget(page)
        self._pages.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(first)
        column.addWidget(self._pages)
