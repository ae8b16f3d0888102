"""A page of fields for each kind of step."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from difffit_app.features.editing.near_field import NearField
from difffit_app.features.editing.plot import GuinierPlot
from difffit_app.state.items import OpenMap
from difffit_app.state.session import Session
from difffit_app.widgets.fields import form_of, set_up_choice
from difffit_app.widgets.number_box import DecimalBox
from difffit_app.widgets.quiet import quietly
from difffit_core.errors import UserError
from difffit_core.map_edit.sharpening import Amplitudes
from difffit_core.map_edit.steps import Crop, LowPass, Mirror, Resample, Sharpen, Step, VoxelSize, Zone
from difffit_core.number_words import decimal_numbers

LevelOf = Callable[[str], float]


class Page(QWidget):
    """``changed`` when another step is set up."""

    changed = Signal()
    name = ""
    tip = ""

    def step(self) -> Step:
        """What is set up; `UserError` in a sentence where it is no such step."""
        raise NotImplementedError

    def show_map(self, item: OpenMap) -> None:
        """Propose values for a map."""

    @property
    def is_ready(self) -> bool:
        return True

    def shut(self) -> None: ...


class ZonePage(Page):
    """Density near a model, or all but that."""

    def __init__(self, session: Session, outside: bool) -> None:
        super().__init__()
        self.name = "Erase near a model" if outside else "Keep near a model"
        self.tip = "Take away the density near a model" if outside else "Keep only the density near a model"
        self._outside = outside
        self.near = NearField(session)
        self.within = _number("How far from an atom is near", " Å", 0.1, 1000, 5.0, 1)
        self.edge = _number("Over so much more density falls to nothing", " Å", 0, 100, 2.0, 1)
        _stack(self, self.near, form_of((("Within", self.within), ("Soft edge", self.edge))))
        self.near.changed.connect(self.changed)

    @property
    def is_ready(self) -> bool:
        return self.near.is_ready

    def step(self) -> Step:
        return Zone.checked(
            {"around": self.near.around(), "within": self.within.value(), "soft_edge": self.edge.value(), "outside": self._outside}
        )

    def shut(self) -> None:
        self.near.shut()


class CropPage(Page):
    """A part of the box."""

    name = "Crop the box"
    tip = "Cut the box down; voxels stay where they are"

    def __init__(self, session: Session, level_of: LevelOf) -> None:
        super().__init__()
        self._level_of, self._map = level_of, ""
        self.to, self.near, self.box, self.margin = QComboBox(), NearField(session), QLineEdit(), _number("Margin", " Å", 0, 1000, 5.0, 1)
        set_up_choice(self.to, "What the box goes round")
        for text in ("Density above the contour level", "A model", "From corner to corner"):
            self.to.addItem(text)
        self.box.setAccessibleName("Lowest and highest corner in Å")
        self.box.setPlaceholderText("X, Y, Z, X, Y, Z")
        self._pages = QStackedWidget()
        for page in (QLabel("The level at which the map is drawn."), self.near, self.box):
            self._pages.addWidget(page)
        _stack(self, form_of((("Round", self.to),)), self._pages, form_of((("Margin", self.margin),)))
        self.to.currentIndexChanged.connect(self._on_way)
        self.near.changed.connect(self.changed)
        self.box.textChanged.connect(lambda _: self.changed.emit())

    def show_map(self, item: OpenMap) -> None:
        self._map = item.id
        low = item.density.origin
        high = low + (item.density.shape_xyz - 1) * item.density.voxel_size
        self.box.setText(", ".join(f"{value:.4g}" for value in (*low, *high)))

    @property
    def is_ready(self) -> bool:
        return self.to.currentIndex() != 1 or self.near.is_ready

    def step(self) -> Step:
        margin = {"margin": self.margin.value()}
        if self.to.currentIndex() == 0:
            return Crop.checked({"to_level": True, "level": self._level_of(self._map), **margin})
        if self.to.currentIndex() == 1:
            return Crop.checked({"around": self.near.around(), **margin})
        try:
            box = decimal_numbers(self.box.text().replace(";", ","))
        except ValueError:
            box = ()
        if len(box) != 6:
            raise UserError(f"the corners must be six numbers with commas between them, X, Y, Z, X, Y, Z in Å, got {self.box.text()}")
        return Crop.checked({"box": box, **margin})

    def shut(self) -> None:
        self.near.shut()

    def _on_way(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        self.changed.emit()


class SharpenPage(Page):
    """By a B factor, with the plot that tells by how much."""

    name = "Sharpen or blur"
    tip = "Lift fine detail by a B factor, or lower it"

    def __init__(self) -> None:
        super().__init__()
        self.b = _number("B factor: negative sharpens, positive blurs", " Å²", -2000, 2000, 0.0, 1, step=10)
        self.auto, self.told, self.plot = QPushButton("Auto"), QLabel(), GuinierPlot()
        self.auto.setToolTip("The B factor that takes off the fall of amplitudes between 10 Å and the resolution")
        self.told.setObjectName("dim")
        self.told.setWordWrap(True)
        self._amplitudes: Amplitudes | None = None
        self._resolution: float | None = None
        row = QHBoxLayout()
        row.addWidget(self.b, 1)
        row.addWidget(self.auto)
        _stack(self, form_of((("B factor", row),)), self.plot, self.told)
        self.b.valueChanged.connect(self._show)
        self.auto.clicked.connect(self._on_auto)
        self._show()

    def step(self) -> Step:
        if self.b.value() == 0:
            raise UserError("the B factor must be other than 0, which changes nothing; Auto reads one off the plot")
        return Sharpen.checked({"b_factor": self.b.value()})

    def show_amplitudes(self, amplitudes: Amplitudes | None, resolution: float | None) -> None:
        """The plot of a map is known; None while it is not."""
        self._amplitudes, self._resolution = amplitudes, resolution
        self._show()

    def _suggested(self) -> float | None:
        if self._amplitudes is None or self._resolution is None:
            return None
        found = self._amplitudes.b_factor(self._resolution)
        return None if found is None else -round(found, 1)

    def _on_auto(self) -> None:
        found = self._suggested()
        if found is not None:
            self.b.setValue(found)

    def _show(self) -> None:
        b, found = self.b.value(), self._suggested()
        self.plot.show_amplitudes(self._amplitudes, b, self._resolution)
        self.auto.setEnabled(found is not None)
        if self._amplitudes is None:
            self.told.setText("")
        elif self._resolution is None:
            self.told.setText("Set the resolution of the map, and Auto tells a B factor.")
        elif found is None:
            self.told.setText(
                f"No B factor can be read off: that needs detail from 10 Å to finer than 7 Å, and this map has {self._resolution:.4g} Å."
            )
        else:
            self.told.setText(
                f"Amplitudes fall as by B = {-found:.0f} Å² from 10 Å to {self._resolution:.4g} Å; {found:.0f} Å² takes that off."
            )


class LowPassPage(Page):
    name = "Low-pass"
    tip = "Leave out detail finer than a resolution"

    def __init__(self) -> None:
        super().__init__()
        self.finest = _number("Leave out detail finer than this", " Å", 0.5, 1000, 8.0, 2, step=0.5)
        _stack(self, form_of((("Finest detail", self.finest),)))

    def show_map(self, item: OpenMap) -> None:
        known = item.density.resolution.value if item.density.resolution else 4.0
        self.finest.setValue(max(1.5 * known, 2.2 * float(item.density.voxel_size.max())))

    def step(self) -> Step:
        return LowPass.checked({"finest": self.finest.value()})


class ResamplePage(Page):
    name = "Resample"
    tip = "The same density on finer or coarser voxels"

    def __init__(self) -> None:
        super().__init__()
        self.voxels = _number("Voxel size of the new grid", " Å", 0.05, 100, 1.0, 4, step=0.1)
        _stack(self, form_of((("New voxels", self.voxels),)))

    def show_map(self, item: OpenMap) -> None:
        self.voxels.setValue(2 * float(item.density.voxel_size.mean()))

    def step(self) -> Step:
        return Resample.checked({"voxel_size": self.voxels.value()})


class MirrorPage(Page):
    name = "Mirror"
    tip = "The other hand: x reversed, in the same box"

    def __init__(self) -> None:
        super().__init__()
        label = QLabel("The other hand: x reversed, in the same box. For a map whose helices are left-handed.")
        label.setWordWrap(True)
        _stack(self, label)

    def step(self) -> Step:
        return Mirror()


class VoxelSizePage(Page):
    """A corrected size in Å for cubic voxels, or a factor for any."""

    name = "Correct the voxel size"
    tip = "Say that the voxels are of another size; the density grows or shrinks about the middle of the box"

    def __init__(self) -> None:
        super().__init__()
        self.voxels = _number("What the voxel size is to be", " Å", 0.05, 100, 1.0, 5, step=0.01)
        self.factor = _number("By what the voxel size is multiplied", "", 0.1, 10, 1.0, 5, step=0.01)
        _stack(self, form_of((("Voxel size", self.voxels), ("Factor", self.factor))))
        self._was = 0.0
        self.voxels.valueChanged.connect(lambda value: self._other(self.factor, value / (self._was or 1.0)))
        self.factor.valueChanged.connect(lambda value: self._other(self.voxels, value * self._was))

    def show_map(self, item: OpenMap) -> None:
        sizes = item.density.voxel_size
        self.voxels.setEnabled(float(sizes.max() / sizes.min()) < 1.001)
        if self._was == float(sizes.mean()):
            return  # what was typed while the map was made is as right for it
        self._was = float(sizes.mean())
        with quietly(self.voxels, self.factor):
            self.voxels.setValue(self._was)
            self.factor.setValue(1.0)

    def step(self) -> Step:
        if abs(self.factor.value() - 1) < 1e-6:
            raise UserError("the voxel size must be another than it is")
        return VoxelSize.checked({"size": self.voxels.value()} if self.voxels.isEnabled() else {"scale": self.factor.value()})

    def _other(self, box: QDoubleSpinBox, value: float) -> None:
        with quietly(box):
            box.setValue(value)
        self.changed.emit()


def _stack(page: Page, *parts: object) -> None:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)  # type: ignore[arg-type]


def _number(name: str, suffix: str, low: float, high: float, value: float, decimals: int, step: float = 1.0) -> QDoubleSpinBox:
    box = DecimalBox()
    box.setDecimals(decimals)
    box.setRange(low, high)
    box.setValue(value)
    box.setSuffix(suffix)
    box.setSingleStep(step)
    box.setAccessibleName(name)
    box.setToolTip(name)
    return box
