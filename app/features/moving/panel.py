"""Scores of a model that is moved by hand, and what can be made of its pose."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from difffit_app.theme import Theme
from difffit_app.widgets.number_box import DecimalBox
from difffit_app.widgets.quiet import quietly
from difffit_core.placement import FitMetrics

_PER_SECOND = 15
_METRICS = {
    "local_correlation": ("Local correlation", "{:.3f}"),
    "correlation": ("Correlation", "{:.3f}"),
    "density": ("Density", "{:.3g}"),
    "inside": ("Inside", "{:.0%}"),
}
_HINT = (
    "Drag: turn  ·  Ctrl+drag: roll  ·  Shift+drag: shift  ·  Ctrl+wheel: nearer or farther  ·  Arrows, PgUp, PgDn: one step  ·  "
    "Shift+arrows: turn 2°  ·  Right drag: camera  ·  Esc: put back"
)


class MovingPanel(QWidget):
    """``step_chosen`` carries Å."""

    refine_asked = Signal()
    keep_asked = Signal()
    put_back_asked = Signal()
    done_asked = Signal()
    step_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score: FitMetrics | None = None
        self._start: FitMetrics | None = None
        self._theme: Theme | None = None
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(1000 // _PER_SECOND)
        self._clock.timeout.connect(self._write)
        self.subject, self.hint = QLabel(), QLabel(_HINT)
        self.subject.setObjectName("heading")
        self.hint.setObjectName("dim")
        self.hint.setWordWrap(True)
        self.values: dict[str, QLabel] = {}
        self.changes: dict[str, QLabel] = {}
        self.step = DecimalBox()
        self.step.setAccessibleName("Step of the arrow keys")
        self.step.setToolTip("How far an arrow key moves the model; half a voxel unless you say otherwise")
        self.step.setRange(0.01, 100)
        self.step.setDecimals(2)
        self.step.setSuffix(" Å")
        self.step.setKeyboardTracking(False)
        self.step.valueChanged.connect(self.step_chosen)
        self.buttons = {
            "refine": _button("Refine Here", "Climb to the nearest optimum from this pose (Ctrl+R)"),
            "keep": _button("Keep As Placement", "Make this pose a placement as it is (Ctrl+K)"),
            "put_back": _button("Put Back", "Back to the placement, or to where the file has it"),
            "done": _button("Done", "Turn the camera again; the model stays (M)"),
        }
        self.buttons["refine"].setObjectName("primary")
        self.buttons["refine"].clicked.connect(self.refine_asked)
        self.buttons["keep"].clicked.connect(self.keep_asked)
        self.buttons["put_back"].clicked.connect(self.put_back_asked)
        self.buttons["done"].clicked.connect(self.done_asked)
        self._lay_out()
        self._write()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._write()

    def show_subject(self, text: str, step: float) -> None:
        self.subject.setText(f"Moving {text}")
        if not self.step.hasFocus():
            with quietly(self.step):
                self.step.setValue(step)

    def show_score(self, score: FitMetrics | None, start: FitMetrics | None) -> None:
        """Written at most fifteen times a second, the last of them in any case."""
        self._score, self._start = score, start
        if not self._clock.isActive():
            self._clock.start()

    def shut(self) -> None:
        self._clock.stop()

    def _write(self) -> None:
        for name, (_, form) in _METRICS.items():
            value, change = self.values[name], self.changes[name]
            if self._score is None or self._start is None:
                value.setText("…")
                change.setText("")
                continue
            now, before = getattr(self._score, name), getattr(self._start, name)
            value.setText(form.format(now))
            better, worse = now - before > 0.0005, now - before < -0.0005
            change.setText(f"{'▲' if better else '▼'} {form.format(abs(now - before))}" if better or worse else "as before")
            if self._theme is not None:
                colour = self._theme.good if better else self._theme.doubtful if worse else self._theme.dim
                change.setStyleSheet(f"color: {colour}")

    def _lay_out(self) -> None:
        scores = QGridLayout()
        scores.setHorizontalSpacing(24)
        scores.setVerticalSpacing(0)
        for column, (name, (text, _)) in enumerate(_METRICS.items()):
            title, value, change = QLabel(text), QLabel(), QLabel()
            title.setObjectName("dim")
            value.setAccessibleName(text)
            change.setAccessibleName(f"{text}: change since the start")
            font = value.font()
            font.setPointSizeF(font.pointSizeF() * 1.5)
            value.setFont(font)
            value.setMinimumWidth(90)
            self.values[name], self.changes[name] = value, change
            for row, label in enumerate((title, value, change)):
                scores.addWidget(label, row, column)
        scores.setColumnStretch(len(_METRICS), 1)
        top = QHBoxLayout()
        top.addWidget(self.subject, 1)
        top.addWidget(QLabel("Step"))
        top.addWidget(self.step)
        for button in self.buttons.values():
            top.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 6, 10, 6)
        whole.addLayout(top)
        whole.addLayout(scores)
        whole.addWidget(self.hint)
        whole.addStretch(1)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    return button
