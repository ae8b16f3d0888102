"""How accepted copies are taken out of the map, what would go, and what others would lose by it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from difffit_app.widgets.number_box import DecimalBox
from difffit_core.compose.settings import METHODS, ZeroOutMethod

TITLES = {
    ZeroOutMethod.COVERED: "Covered voxels",
    ZeroOutMethod.THRESHOLD: "Threshold",
    ZeroOutMethod.SOFT: "Soft subtraction",
}
"""Of each method, gentlest with neighbours first."""
_WAIT_MS = 150
_LOSSES = ("Neighbour", "Density it would lose", "Atoms that lose some")


class ZeroOutPanel(QWidget):
    """``chosen`` carries a method and the threshold in map units, once they rest; ``zeroing`` whether something is to be taken out."""

    chosen = Signal(str, float)
    apply_asked = Signal()
    zeroing = Signal(bool)
    close_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject, self.what, self.result = QLabel(), QLabel(), QLabel()
        self.subject.setObjectName("sectionTitle")
        self.what.setObjectName("dim")
        self.what.setWordWrap(True)
        self.method, self.threshold = QComboBox(), DecimalBox()
        self.method.setAccessibleName("How to zero out")
        for method, title in TITLES.items():
            self.method.addItem(title, method.value)
            self.method.setItemData(self.method.count() - 1, _help(method), Qt.ItemDataRole.ToolTipRole)
        self.threshold.setAccessibleName("Threshold of the simulated map")
        self.threshold.setToolTip("Of the simulated map, scaled to the map, in the map's units; 0 as in the paper")
        self.threshold.setDecimals(4)
        self.threshold.setRange(0, 1e9)
        self.threshold.setSingleStep(0.01)
        self.apply, self.close_button = QPushButton("Zero Out"), QPushButton("Cancel")
        self.apply.setObjectName("primary")
        self.apply.setToolTip("Take this density out of the working map; can be undone")
        self.close_button.setToolTip("Leave the map as it is")
        self.losses = QTreeWidget()
        self.losses.setAccessibleName("What other placements would lose")
        self.losses.setHeaderLabels(list(_LOSSES))
        self.losses.setRootIsDecorated(False)
        self.losses.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.losses.setTabKeyNavigation(False)
        self.losses.setColumnWidth(0, 360)
        self.losses.setColumnWidth(1, 170)
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(lambda: self.chosen.emit(*self.choice()))
        self.method.currentIndexChanged.connect(self._on_method)
        self.threshold.valueChanged.connect(lambda _: self._timer.start())
        self.apply.clicked.connect(self.apply_asked)
        self.close_button.clicked.connect(self.close_asked)
        self._lay_out()
        self._tell_method()
        self.show_preview("", (), ready=False)

    def shut(self) -> None:
        self._timer.stop()

    def choice(self) -> tuple[str, float]:
        """The method, and the threshold that counts with it."""
        method = str(self.method.currentData())
        return method, self.threshold.value() if method == "threshold" else 0.0

    def show_zeroing(self, text: str) -> None:
        self.subject.setText(text)
        self.zeroing.emit(bool(text))

    def show_preview(self, text: str, losses: Sequence[tuple[str, float, float]], *, ready: bool) -> None:
        self.result.setText(text)
        self.apply.setEnabled(ready)
        self.losses.clear()
        for name, density, atoms in losses:
            self.losses.addTopLevelItem(QTreeWidgetItem([name, f"{density:.1%}", f"{atoms:.1%}"]))
        self.losses.setVisible(bool(losses))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.subject)
        row.addStretch(1)
        label = QLabel("Method")
        label.setBuddy(self.method)
        row.addWidget(label)
        row.addWidget(self.method)
        row.addWidget(self.threshold)
        row.addWidget(self.apply)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.what)
        column.addWidget(self.result)
        column.addWidget(self.losses, 1)
        column.addStretch(0)

    def _on_method(self) -> None:
        self._tell_method()
        self._timer.stop()
        self.chosen.emit(*self.choice())

    def _tell_method(self) -> None:
        self.what.setText(_help(ZeroOutMethod(self.method.currentData())))
        self.threshold.setVisible(self.method.currentData() == "threshold")


def _help(method: ZeroOutMethod) -> str:
    text = METHODS[method]
    return f"{text[:1].upper()}{text[1:]}."
