"""Where placements are filtered: significant ones only, and by thresholds."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from difffit_app.state.filters import Condition, PlacementFilter
from difffit_app.state.metrics import FILTERED
from difffit_app.widgets.number_box import number_of, plain_locale
from difffit_app.widgets.quiet import quietly

MOST_CONDITIONS = 3
_AT_MOST = ("p_value", "rank")


class ConditionEditor(QWidget):
    """Edits one condition; one whose value is no number is none."""

    edited = Signal()
    removal_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.metric_box, self.direction, self.value = QComboBox(), QComboBox(), QLineEdit()
        remove = QToolButton()
        for name, text in FILTERED.items():
            self.metric_box.addItem(text, name)
        for text, at_least in (("≥", True), ("≤", False)):
            self.direction.addItem(text, at_least)
        self.value.setValidator(QDoubleValidator())
        self.value.setPlaceholderText("value")
        self.value.setFixedWidth(72)
        remove.setText("×")
        remove.setAutoRaise(True)
        remove.setToolTip("Remove this condition")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        for widget, name in (
            (self.metric_box, "Metric to filter by"),
            (self.direction, "At least or at most"),
            (self.value, "Threshold"),
            (remove, "Remove this condition"),
        ):
            widget.setAccessibleName(name)
            row.addWidget(widget)
        self.metric_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.metric_box.setMinimumContentsLength(12)
        self.metric_box.view().setMinimumWidth(200)
        self.metric_box.activated.connect(self._on_metric)
        self.direction.activated.connect(self.edited)
        self.value.textEdited.connect(self.edited)
        remove.clicked.connect(self.removal_asked)

    def condition(self) -> Condition | None:
        value = number_of(self.value.text())
        return None if value is None else Condition(self.metric_box.currentData(), self.direction.currentData(), value)

    def show_condition(self, condition: Condition) -> None:
        self.metric_box.setCurrentIndex(self.metric_box.findData(condition.metric))
        self.direction.setCurrentIndex(self.direction.findData(condition.at_least))
        self.value.setText(plain_locale().toString(condition.value, "g", 6))

    def _on_metric(self) -> None:
        self.direction.setCurrentIndex(self.direction.findData(self.metric_box.currentData() not in _AT_MOST))
        self.edited.emit()


class FilterBar(QWidget):
    """``chosen`` carries the `PlacementFilter`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.significant = QCheckBox("Significant only")
        self.significant.setToolTip("Leave out placements that are not significant, here and in the views")
        self.add, self.clear = QToolButton(), QToolButton()
        self.editors: list[ConditionEditor] = []
        for button, text, tip in (
            (self.add, "Add Condition", "Show only placements with a metric above or below a threshold"),
            (self.clear, "Show All", "Take the filter away"),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 2, 10, 4)
        self._row.setSpacing(12)
        self._row.addWidget(self.significant)
        self._row.addWidget(self.add)
        self._row.addStretch(1)
        self._row.addWidget(self.clear)
        self.significant.toggled.connect(self._on_edit)
        self.add.clicked.connect(self.add_condition)
        self.clear.clicked.connect(lambda: self.chosen.emit(PlacementFilter()))

    def filter(self) -> PlacementFilter:
        """What is set now."""
        conditions = [editor.condition() for editor in self.editors]
        return PlacementFilter(self.significant.isChecked(), tuple(one for one in conditions if one is not None))

    def show_filter(self, chosen: PlacementFilter) -> None:
        """Show a filter, if it is not the one that is set."""
        if chosen == self.filter() and (chosen or not self.editors):
            return
        with quietly(self.significant):
            self.significant.setChecked(chosen.significant_only)
        while self.editors:
            self._drop(self.editors[-1])
        for condition in chosen.conditions:
            self._make().show_condition(condition)

    def add_condition(self) -> None:
        """Offer one more condition, to be filled in."""
        if len(self.editors) < MOST_CONDITIONS:
            self._make().value.setFocus()

    def _make(self) -> ConditionEditor:
        editor = ConditionEditor()
        editor.edited.connect(self._on_edit)
        editor.removal_asked.connect(lambda: self._remove(editor))
        self.editors.append(editor)
        self._row.insertWidget(len(self.editors), editor)
        self.add.setEnabled(len(self.editors) < MOST_CONDITIONS)
        return editor

    def _remove(self, editor: ConditionEditor) -> None:
        self._drop(editor)
        self._on_edit()

    def _drop(self, editor: ConditionEditor) -> None:
        self.editors.remove(editor)
        self._row.removeWidget(editor)
        editor.hide()
        editor.deleteLater()
        self.add.setEnabled(True)

    def _on_edit(self) -> None:
        self.chosen.emit(self.filter())
