"""Where a fit is clustered and ranked again."""

from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from difffit_app.state.items import OpenFit
from difffit_app.state.metrics import METRICS
from difffit_app.widgets.number_box import DecimalBox
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings


class ClusterBar(QWidget):
    """``asked`` carries shift in Å, angle in degrees and the metric to rank by."""

    asked = Signal(float, float, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shift, self.angle, self.rank_by = DecimalBox(), DecimalBox(), QComboBox()
        self.apply, self.note = QPushButton("Cluster Again"), QLabel()
        self.apply.setToolTip("Cluster and rank what this fit found, without fitting again; Ctrl+Z takes it back")
        self.note.setObjectName("dim")
        for box, name, unit, most in ((self.shift, "shift", " Å", 100.0), (self.angle, "angle", "°", 180.0)):
            box.setRange(0.01, most)
            box.setSuffix(unit)
            box.setSingleStep(0.5)
            box.setAccessibleName(f"Largest {name} within a cluster")
            box.setToolTip(FitSettings.model_fields[f"cluster_{name}"].description or "")
        for name in get_args(FitSettings.model_fields["rank_by"].annotation):
            self.rank_by.addItem(METRICS[name].title, name)
        self.rank_by.setAccessibleName("Metric to rank by")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 10, 4)
        row.setSpacing(6)
        widgets: list[tuple[str, QWidget]] = [("Within", self.shift), ("and", self.angle), ("ranked by", self.rank_by)]
        for text, widget in widgets:
            label = QLabel(text)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget)
        row.addWidget(self.apply)
        row.addWidget(self.note, 1)
        self.apply.clicked.connect(self.ask)

    def ask(self) -> None:
        """Report what is set."""
        if self.apply.isEnabled():
            self.asked.emit(self.shift.value(), self.angle.value(), self.rank_by.currentData())

    def show_fit(self, fit: OpenFit | None) -> None:
        """Show how a fit was clustered, and whether it can be again."""
        problem = "" if fit is None else _problem(fit)
        self.note.setText(problem)
        self.apply.setEnabled(fit is not None and not problem)
        if fit is None or problem:
            return
        settings = fit.record.fit_settings()
        self.shift.setValue(settings.cluster_shift)
        self.angle.setValue(settings.cluster_angle)
        self.rank_by.setCurrentIndex(self.rank_by.findData(settings.rank_by))


def _problem(fit: OpenFit) -> str:
    if fit.arrays.candidates is None:
        return "This fit kept no candidates: fit again to cluster it otherwise."
    try:
        fit.record.fit_settings()
    except UserError as error:
        return str(error)
    return ""
