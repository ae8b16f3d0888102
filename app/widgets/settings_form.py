"""A form of settings, made from their class itself: bounds, units and help."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from difffit_app.widgets.exact_value import ExactValue
from difffit_app.widgets.number_box import DecimalBox, WholeBox
from difffit_app.widgets.quiet import quietly
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.number_words import decimal_numbers
from difffit_core.recipes.words import text_of
from difffit_core.settings import Settings

_LARGEST_INT = 2**31 - 1


class SettingsForm(QWidget):
    """One row a setting of ``kind``, or of some of them. Those that differ from the preset are bold, and are what `changes` gives."""

    edited = Signal()

    def __init__(self, kind: type[Settings] = FitSettings, names: Sequence[str] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = kind()
        self.editors: dict[str, SettingEditor] = {}
        self._labels: dict[str, QLabel] = {}
        layout = QFormLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        for name, info in kind.model_fields.items():
            if names is not None and name not in names:
                continue
            editor = make_editor(name, info)
            editor.edited.connect(self._on_edit)
            label = QLabel(name.replace("_", " ").capitalize())
            label.setToolTip(help_of(name, info))
            self.editors[name], self._labels[name] = editor, label
            layout.addRow(label, editor)
        self.show_settings(self._base)

    def show_settings(self, settings: Settings) -> None:
        """Show a preset's settings; changes are counted from these."""
        self._base = settings
        for name, editor in self.editors.items():
            editor.set_value(getattr(settings, name))
        self._mark()

    def show_changed(self, settings: Settings) -> None:
        """Show other settings; changes are still counted from the preset."""
        for name, editor in self.editors.items():
            editor.set_value(getattr(settings, name))
        self._mark()

    def reset(self) -> None:
        """Take back every change."""
        self.show_settings(self._base)
        self.edited.emit()

    def changes(self) -> dict[str, Any]:
        """Values that differ from the preset; raises `UserError` for a text that is no value."""
        values = {name: editor.value() for name, editor in self.editors.items()}
        return {name: value for name, value in values.items() if value != getattr(self._base, name)}

    def _on_edit(self) -> None:
        self._mark()
        self.edited.emit()

    def _mark(self) -> None:
        try:
            changed = set(self.changes())
        except UserError:
            return
        for name, label in self._labels.items():
            font = label.font()
            font.setBold(name in changed)
            label.setFont(font)


def basic_and_others(kind: type[Settings]) -> tuple[SettingsForm, SettingsForm]:
    """The settings that are in sight, and those that are folded away."""
    extras = {name: info.json_schema_extra for name, info in kind.model_fields.items()}
    basic = [name for name, extra in extras.items() if isinstance(extra, dict) and extra.get("basic")]
    return SettingsForm(kind, basic), SettingsForm(kind, [name for name in extras if name not in basic])


class SettingEditor(QWidget):
    """A widget that edits one value."""

    edited = Signal()

    def value(self) -> Any:
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        raise NotImplementedError


class _IntBox(WholeBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _FloatBox(DecimalBox):
    """As many decimals as the number needs."""

    def textFromValue(self, value: float) -> str:
        return self.locale().toString(value, "g", 6)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Choice(QComboBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _NumberEditor(SettingEditor):
    def __init__(self, box: QSpinBox | QDoubleSpinBox) -> None:
        super().__init__()
        self._exact = ExactValue(box)
        _fill(self, box)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(self.edited)

    def value(self) -> Any:
        return self._exact.value()

    def set_value(self, value: Any) -> None:
        self._exact.show_quietly(value)


class _ChoiceEditor(SettingEditor):
    def __init__(self, choices: tuple[str, ...]) -> None:
        super().__init__()
        self._box = _Choice()
        for choice in choices:
            self._box.addItem(choice.replace("_", " "), choice)
        self._box.currentIndexChanged.connect(self.edited)
        _fill(self, self._box)

    def value(self) -> Any:
        return self._box.currentData()

    def set_value(self, value: Any) -> None:
        with quietly(self._box):
            self._box.setCurrentIndex(self._box.findData(value))


class _SwitchEditor(SettingEditor):
    def __init__(self) -> None:
        super().__init__()
        self._box = QCheckBox()
        self._box.toggled.connect(self.edited)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._box, 0, Qt.AlignmentFlag.AlignLeft)  # as wide as its tick: a click beyond that does nothing

    def value(self) -> Any:
        return self._box.isChecked()

    def set_value(self, value: Any) -> None:
        with quietly(self._box):
            self._box.setChecked(value)


class _WordEditor(SettingEditor):
    def __init__(self) -> None:
        super().__init__()
        self._box = QLineEdit()
        self._box.editingFinished.connect(self.edited)
        _fill(self, self._box)

    def value(self) -> Any:
        return self._box.text().strip()

    def set_value(self, value: Any) -> None:
        self._box.setText(str(value))


class _SeveralEditor(SettingEditor):
    def __init__(self, choices: tuple[str, ...]) -> None:
        super().__init__()
        self._boxes = {choice: QCheckBox(choice) for choice in choices}
        self._given: tuple[str, ...] = ()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for box in self._boxes.values():
            row.addWidget(box, 0, Qt.AlignmentFlag.AlignLeft)
            box.toggled.connect(self.edited)
        row.addStretch(1)

    def value(self) -> Any:
        checked = tuple(choice for choice, box in self._boxes.items() if box.isChecked())
        return self._given if set(self._given) == set(checked) else checked  # in the order in which they were set

    def set_value(self, value: Any) -> None:
        self._given = tuple(value)
        for choice, box in self._boxes.items():
            with quietly(box):
                box.setChecked(choice in value)


class _NumbersEditor(SettingEditor):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._box = QLineEdit()
        self._box.setPlaceholderText("1 each")
        self._box.editingFinished.connect(self.edited)
        _fill(self, self._box)

    def value(self) -> Any:
        try:
            return decimal_numbers(",".join(self._box.text().replace(",", " ").split()))
        except ValueError:
            raise UserError(f"{self._name} must be numbers separated by commas, got '{self._box.text()}'") from None

    def set_value(self, value: Any) -> None:
        self._box.setText(", ".join(map(text_of, value)))


def make_editor(name: str, info: FieldInfo) -> SettingEditor:
    """The editor for a setting's type and bounds; `TypeError` for a type that has none."""
    kind = info.annotation
    editor: SettingEditor
    if kind is bool:
        editor = _SwitchEditor()
    elif kind is str:
        editor = _WordEditor()
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        editor = _ChoiceEditor(tuple(kind))
    elif kind is int or kind is float:
        editor = _NumberEditor(_number_box(info, whole=kind is int))
    elif get_origin(kind) is tuple:
        choices = get_args(get_args(kind)[0])
        editor = _SeveralEditor(choices) if choices and isinstance(choices[0], str) else _NumbersEditor(name)
    elif get_args(kind):
        editor = _ChoiceEditor(get_args(kind))
    else:
        raise TypeError(f"no editor for setting {name} of type {kind}")
    editor.setToolTip(help_of(name, info))
    for box in editor.findChildren(QWidget):
        box.setAccessibleName(name.replace("_", " "))
    return editor


def help_of(name: str, info: FieldInfo) -> str:
    """Help text with unit and bounds."""
    words = {Ge: "at least", Gt: "more than", Le: "at most", Lt: "less than"}
    bounds = [f"{words[type(bound)]} {_limit(bound):g}" for bound in info.metadata if type(bound) in words]
    unit = unit_of(info)
    allowed = f"\n{', '.join(bounds)}{' ' + unit if unit else ''}" if bounds else ""
    return f"{info.description or name}{allowed}"


def unit_of(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def _limit(bound: Any) -> float:
    return float(getattr(bound, {Ge: "ge", Gt: "gt", Le: "le", Lt: "lt"}[type(bound)]))


def _number_box(info: FieldInfo, whole: bool) -> QSpinBox | QDoubleSpinBox:
    low, high = -float(_LARGEST_INT), float(_LARGEST_INT)
    smallest = 1.0 if whole else 1e-4
    for bound in info.metadata:
        if isinstance(bound, (Ge, Gt)):
            low = _limit(bound) + (smallest if isinstance(bound, Gt) else 0)
        elif isinstance(bound, (Le, Lt)):
            high = _limit(bound) - (smallest if isinstance(bound, Lt) else 0)
    box: QSpinBox | QDoubleSpinBox
    if whole:
        box = _IntBox()
        box.setRange(int(low), int(min(high, _LARGEST_INT)))
    else:
        box = _FloatBox()
        box.setDecimals(4)
        box.setRange(low, high)
    box.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
    unit = unit_of(info)
    if unit:
        box.setSuffix(f" {unit}" if unit != "°" else "°")
    return box


def _fill(widget: QWidget, child: QWidget) -> None:
    child.setMinimumWidth(90)
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(child)
