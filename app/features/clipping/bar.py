"""The planes as two handles of a slider: the left one cuts off what is nearer, the right one what is farther; between them, both move."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget
from superqt import QDoubleRangeSlider

from difffit_app.state.depth import THINNEST, Clip
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.icons import Icons
from difffit_app.widgets.quiet import quietly


class ClippingBar(QWidget):
    """``clip_chosen`` carries a `Clip`."""

    clip_chosen = Signal(object)
    close_asked = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewBar")
        self._icons = icons
        self.slider = QDoubleRangeSlider(Qt.Orientation.Horizontal)
        self.label, self.close_button = QLabel(), QToolButton()
        self.label.setObjectName("dim")
        self.label.setMinimumWidth(250)
        self.close_button.setAutoRaise(True)
        for widget, name, tip in (
            (
                self.slider,
                "Front and back plane",
                "Cut off what is nearer than the left handle, and farther than the right one (Shift and wheel; Alt and wheel for both)",
            ),
            (self.close_button, "Cut nothing off", "Cut nothing off"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        title = QLabel("Clip")
        title.setObjectName("viewTitle")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 8, 2)
        row.setSpacing(8)
        row.addWidget(title)
        row.addWidget(QLabel("near"))
        row.addWidget(self.slider, 1)
        row.addWidget(QLabel("far"))
        row.addWidget(self.label)
        row.addWidget(self.close_button)
        self._row = row
        self._clip: Clip | None = None
        self.slider.valueChanged.connect(self._on_value)
        self.close_button.clicked.connect(self.close_asked)
        self.set_icons()
        self.hide()

    def offer(self, fix: QAction) -> None:
        """Put an action of the menu on a button."""
        self._row.insertWidget(self._row.count() - 1, ActionButton().offer(fix, "Fix"))

    def set_icons(self) -> None:
        """Draw the icon in the colours of the theme."""
        self.close_button.setIcon(self._icons.get("close"))

    def show_clip(self, clip: Clip | None, reach: float) -> None:
        """Show the planes on a slider that goes ``reach`` Å before and behind the middle; hidden where nothing is cut off."""
        self._clip = clip
        self.setVisible(clip is not None)
        if clip is None:
            return
        front, back = reach if clip.front is None else clip.front, reach if clip.back is None else clip.back
        end = max(reach, abs(front), abs(back))
        with quietly(self.slider):
            self.slider.setRange(-end, end)
            self.slider.setSingleStep(end / 50)
            self.slider.setValue((-front, back))
        where = "fixed, " if clip.fixed is not None else ""
        self.label.setText(f"{where}slab of {front + back:.1f} Å, from {-front:+z.1f} to {back:+.1f} Å")

    def _on_value(self, values: tuple[float, float]) -> None:
        first, last = values
        last = max(last, first + THINNEST)
        self.clip_chosen.emit(Clip(-first, last, self._clip.fixed if self._clip is not None else None))
