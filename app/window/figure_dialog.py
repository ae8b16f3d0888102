"""Choosing what a figure shows, how large it is and on what ground."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from difffit_app.state.figure import Background, Figure, Scene
from difffit_app.widgets.number_box import DecimalBox
from difffit_app.widgets.quiet import quietly

SCENES: dict[Scene, str] = {
    "fit": "Fit view",
    "clusters": "Cluster view",
    "both": "Both views side by side",
    "offset": "Both in one scene",
    "gallery": "Gallery",
}
GROUND_NAMES: dict[Background, str] = {
    "white": "White",
    "black": "Black",
    "gradient": "Light gradient",
    "dark": "Dark gradient",
    "transparent": "Transparent",
}
_SMOOTHING = {1: "None", 2: "Good (2 × 2)", 3: "Better (3 × 3)", 4: "Best (4 × 4)"}
_CM_PER_INCH = 2.54
_LEAST, _MOST = 16, 16384


class FigureDialog(QDialog):
    """Starts from a figure of what is shown; ``figure`` is what was chosen. The size keeps its shape unless told not to."""

    def __init__(self, start: Figure, with_placements: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export figure")
        self._start = start
        self._pixels = (float(start.width), float(start.height))
        self.scene, self.unit, self.smoothing, self.ground = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        for name, text in SCENES.items():
            if with_placements or name == "fit":
                self.scene.addItem(text, name)
        self.scene.setCurrentIndex(max(self.scene.findData(start.scene), 0))
        self.unit.addItems(["pixels", "cm"])
        for samples, text in _SMOOTHING.items():
            self.smoothing.addItem(text, samples)
        self.smoothing.setCurrentIndex(self.smoothing.findData(start.samples))
        for value, text in GROUND_NAMES.items():
            self.ground.addItem(text, value)
        self.ground.setCurrentIndex(self.ground.findData(start.background))
        self.width_box, self.height_box = DecimalBox(), DecimalBox()
        self.dpi = _number(30, 2400, 0, start.dots_per_inch or 300)
        self.words = _number(0.25, 16, 2, start.scale)
        self.words.setSuffix(" ×")
        self.keep_shape, self.legend, self.scale_bar = QCheckBox("Keep shape"), QCheckBox("Legends of colours"), QCheckBox("Scale bar")
        self.triad = QCheckBox("Axes")
        self.triad.setChecked(start.triad)
        self.silhouettes, self.soft_shadows, self.fog = QCheckBox("Silhouettes"), QCheckBox("Soft shadows"), QCheckBox("Fade with depth")
        self.keep_shape.setChecked(True)
        self.silhouettes.setChecked(start.silhouettes)
        self.soft_shadows.setChecked(start.soft_shadows)
        self.fog.setChecked(start.fog)
        self.legend.setChecked(start.legend)
        self.scale_bar.setChecked(start.scale_bar)
        self.outcome = QLabel()
        self.outcome.setObjectName("dim")
        self._lay_out()
        self._show_size()
        self.unit.currentIndexChanged.connect(self._show_size)
        self.dpi.valueChanged.connect(self._on_dpi)
        self.width_box.valueChanged.connect(lambda value: self._on_size(0, value))
        self.height_box.valueChanged.connect(lambda value: self._on_size(1, value))

    @property
    def figure(self) -> Figure:
        return replace(
            self._start,
            scene=self.scene.currentData(),
            width=round(self._pixels[0]),
            height=round(self._pixels[1]),
            scale=self.words.value(),
            samples=self.smoothing.currentData(),
            background=self.ground.currentData(),
            legend=self.legend.isChecked(),
            scale_bar=self.scale_bar.isChecked(),
            triad=self.triad.isChecked(),
            silhouettes=self.silhouettes.isChecked(),
            soft_shadows=self.soft_shadows.isChecked(),
            fog=self.fog.isChecked(),
            dots_per_inch=self.dpi.value(),
        )

    def _lay_out(self) -> None:
        size = QHBoxLayout()
        for widget in (self.width_box, QLabel("×"), self.height_box, self.unit, self.keep_shape):
            size.addWidget(widget)
        form = QFormLayout(self)
        for name, field in (
            ("&View", self.scene),
            ("&Width", size),
            ("&Dots per inch", self.dpi),
            ("W&ords and lines", self.words),
            ("&Smooth edges", self.smoothing),
            ("&Background", self.ground),
            ("", self.legend),
            ("", self.scale_bar),
            ("", self.triad),
            ("", self.silhouettes),
            ("", self.soft_shadows),
            ("", self.fog),
            ("", self.outcome),
        ):
            form.addRow(name, field)
        label = form.labelForField(size)
        if isinstance(label, QLabel):
            label.setBuddy(self.width_box)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Save).setText("Save …")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        for widget, name in (
            (self.scene, "View"), (self.width_box, "Width"), (self.height_box, "Height"), (self.unit, "Unit of width and height"),
            (self.dpi, "Dots per inch"), (self.words, "Size of words and lines"), (self.smoothing, "Smooth edges"),
            (self.ground, "Background"),
        ):  # fmt: skip
            widget.setAccessibleName(name)
        self.words.setToolTip("Pixels for a point of letters and lines; more for figures that are printed small")

    def _per_unit(self) -> float:
        """Pixels in the chosen unit."""
        return 1.0 if self.unit.currentIndex() == 0 else self.dpi.value() / _CM_PER_INCH

    def _show_size(self) -> None:
        per_unit = self._per_unit()
        for box, pixels in zip((self.width_box, self.height_box), self._pixels, strict=True):
            with quietly(box):
                box.setDecimals(0 if per_unit == 1 else 2)
                box.setRange(_LEAST / per_unit, _MOST / per_unit)
                box.setValue(pixels / per_unit)
        width, height = (round(pixels) for pixels in self._pixels)
        across, up = (pixels / self.dpi.value() * _CM_PER_INCH for pixels in self._pixels)
        self.outcome.setText(f"{width} × {height} pixels, {across:.1f} × {up:.1f} cm in print")

    def _on_size(self, side: int, value: float) -> None:
        pixels, before = value * self._per_unit(), self._pixels
        other = before[1 - side] * pixels / before[side] if self.keep_shape.isChecked() else before[1 - side]
        other = min(max(other, _LEAST), _MOST)
        grown = pixels / before[0] if side == 0 else other / before[0]
        self._pixels = (pixels, other) if side == 0 else (other, pixels)
        self.words.setValue(self.words.value() * grown)
        self._show_size()

    def _on_dpi(self, value: float) -> None:
        if self.unit.currentIndex() == 1:  # the size on paper stays
            grown = self.width_box.value() * value / _CM_PER_INCH / self._pixels[0]
            width, height = (min(max(pixels * grown, _LEAST), _MOST) for pixels in self._pixels)
            self._pixels = (width, height)
            self.words.setValue(self.words.value() * grown)
        self._show_size()


def _number(least: float, most: float, decimals: int, value: float) -> DecimalBox:
    box = DecimalBox()
    box.setDecimals(decimals)
    box.setRange(least, most)
    box.setValue(value)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    return box
