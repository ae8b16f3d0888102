"""The steps by which the placements converged: a slider under the views, and a button that plays them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from difffit_app.widgets.icons import Icons
from difffit_app.widgets.quiet import quietly

_INTERVAL_MS = 50


class ReplayBar(QWidget):
    """``step_chosen`` carries the step to show; the one after the last stands for the placements themselves."""

    step_chosen = Signal(int)
    close_asked = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewBar")
        self._icons = icons
        self._stages: Sequence[tuple[str, int]] = ()
        self._note = ""
        self.play, self.close_button = QToolButton(), QToolButton()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.label = QLabel()
        self.label.setObjectName("dim")
        self.label.setMinimumWidth(210)
        self.play.setCheckable(True)
        self.slider.setPageStep(10)
        for widget, name, tip in (
            (self.play, "Play the steps", "Play how the placements converged (Space)"),
            (self.slider, "Optimisation step", "Step of the search; the arrow keys go one step"),
            (self.close_button, "Close the replay", "Show the placements where they ended"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        for button in (self.play, self.close_button):
            button.setAutoRaise(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 8, 2)
        row.setSpacing(8)
        title = QLabel("Replay")
        title.setObjectName("viewTitle")
        for part in (title, self.play):
            row.addWidget(part)
        row.addWidget(self.slider, 1)
        row.addWidget(self.label)
        row.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._advance)
        self.play.toggled.connect(self._on_play)
        self.slider.valueChanged.connect(self._on_step)
        self.slider.sliderPressed.connect(lambda: self.play.setChecked(False))
        self.close_button.clicked.connect(self.close_asked)
        self.set_icons()
        self.show_nothing("")
        self.hide()

    def set_icons(self) -> None:
        """Draw the icons in the colours of the theme."""
        self.play.setIcon(self._icons.get("pause" if self.play.isChecked() else "play"))
        self.close_button.setIcon(self._icons.get("close"))

    def show_replay(self, shown: bool) -> None:
        self.play.setChecked(False)
        self.setVisible(shown)
        if shown:
            self.slider.setFocus()

    def show_progress(self, fraction: float) -> None:
        self.show_nothing(f"Computing the steps … {fraction:.0%}")

    def show_steps(self, count: int, stages: Sequence[tuple[str, int]], note: str) -> None:
        self._stages, self._note = stages, note
        with quietly(self.slider):
            self.slider.setRange(0, count)
            self.slider.setValue(count)
        self._enable(True)
        self._tell()

    def show_step(self, step: int) -> None:
        self.slider.setValue(step)

    def show_nothing(self, text: str) -> None:
        self._stages = ()
        self.play.setChecked(False)
        self._enable(False)
        self.label.setText(text)
        self.label.setToolTip(text)

    def _enable(self, enabled: bool) -> None:
        self.play.setEnabled(enabled)
        self.slider.setEnabled(enabled)

    def _on_play(self, playing: bool) -> None:
        self.set_icons()
        self.play.setAccessibleName("Pause" if playing else "Play the steps")
        if playing:
            if self.slider.value() == self.slider.maximum():
                self.slider.setValue(0)
            self._timer.start()
        else:
            self._timer.stop()

    def _advance(self) -> None:
        if self.slider.value() >= self.slider.maximum():
            self.play.setChecked(False)
        else:
            self.slider.setValue(self.slider.value() + 1)

    def _on_step(self, step: int) -> None:
        self._tell()
        self.step_chosen.emit(step)

    def _tell(self) -> None:
        step, count = self.slider.value(), self.slider.maximum()
        stage = [name for name, first in self._stages if first <= step][-1:] or [""]
        where = "placements" if step == count else f"{stage[0]} · step {step} of {count}"
        self.label.setText(f"{where}  ·  {self._note}" if self._note else where)
