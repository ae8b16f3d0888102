"""The sphere in which the next fit looks, by numbers."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.widgets.flowing import flowing_bar, labelled
from difffit_app.widgets.number_box import DecimalBox
from difffit_app.widgets.quiet import quietly
from difffit_core.fit.sphere import Sphere

_HINT = (
    "Click the map's surface to put the sphere there  ·  Drag its middle: move  ·  Drag its rim, or Ctrl+wheel: resize  ·  Esc: everywhere "
    "again.  The middle of the model stays inside, and density beyond does not attract it."
)


class SpherePanel(QWidget):
    """``sphere_chosen`` carries the sphere wanted."""

    sphere_chosen = Signal(object)
    fit_asked = Signal()
    clear_asked = Signal()

    def __init__(self, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sphere: Sphere | None = None
        self.centre = [DecimalBox() for _ in "xyz"]
        self.radius = DecimalBox()
        self.fit, self.clear = QPushButton("Fit in Sphere"), QPushButton("Everywhere")
        self.fit.setObjectName("primary")
        self.fit.setToolTip("Search for the model inside the sphere only (Ctrl+Return)")
        self.fit.clicked.connect(self.fit_asked)
        self.clear.setToolTip("Remove the sphere: search the whole map (Esc)")
        self.clear.clicked.connect(self.clear_asked)
        row = flowing_bar(spacing=10)
        for place, (name, box) in enumerate(zip(("x", "y", "z", "Radius"), (*self.centre, self.radius), strict=True)):
            box.setRange(1.0 if box is self.radius else -1e5, 1e4 if box is self.radius else 1e5)
            box.setDecimals(1)
            box.setSuffix(" Å")
            box.setKeyboardTracking(False)
            box.setAccessibleName("Radius of the sphere" if box is self.radius else f"Centre of the sphere, {name}")
            box.valueChanged.connect(partial(self._on_edit, place))
            row.addWidget(labelled(name, box))
        row.addWidget(self.fit)
        row.addWidget(self.clear)
        hint = QLabel(_HINT)
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 6, 10, 6)
        whole.addLayout(row)
        whole.addWidget(hint)
        whole.addStretch(1)
        self._subscriptions = Subscriptions()
        self._subscriptions.add(view_state.sphere_changed, self._show)

    def shut(self) -> None:
        self._subscriptions.end()

    def _show(self, sphere: Sphere | None) -> None:
        if sphere is None:
            return
        self._sphere = sphere
        for box, value in zip((*self.centre, self.radius), (*sphere.centre, sphere.radius), strict=True):
            with quietly(box):
                box.setValue(value)

    def _on_edit(self, place: int, value: float) -> None:
        """Only what was typed changes: the other boxes show their numbers rounded."""
        numbers = [*(self._sphere.centre if self._sphere is not None else (box.value() for box in self.centre))]
        numbers.append(self._sphere.radius if self._sphere is not None else self.radius.value())
        numbers[place] = value
        x, y, z, radius = numbers
        self.sphere_chosen.emit(Sphere((x, y, z), radius))
