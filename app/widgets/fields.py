"""Fields that several panels have, each made in one place."""

from collections.abc import Iterable

from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLayout, QSpinBox, QWidget

from difffit_app.widgets.number_box import DecimalBox, WholeBox


def resolution_box(name: str, tracking: bool = True) -> DecimalBox:
    """Of the resolution of a map in Å; ``tracking`` tells of it while it is typed."""
    box = DecimalBox()
    box.setRange(0.5, 100)
    box.setValue(4.0)
    box.setDecimals(2)
    box.setSingleStep(0.5)
    box.setSuffix(" Å")
    box.setKeyboardTracking(tracking)
    box.setAccessibleName(name)
    return box


def seed_box(name: str) -> QSpinBox:
    """Of the seed of random draws."""
    box = WholeBox()
    box.setRange(0, 2**31 - 1)
    box.setAccessibleName(name)
    box.setToolTip("The same seed gives the same result")
    return box


def set_up_choice(box: QComboBox, name: str) -> None:
    """A choice that takes the room there is, however long its entries, and its name for those who cannot see it."""
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(10)


def form_of(rows: Iterable[tuple[str, QWidget | QLayout]] = ()) -> QFormLayout:
    """A form with a label before each field, which leads to it by its key."""
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for text, field in rows:
        label = QLabel(text)
        if isinstance(field, QWidget):
            label.setBuddy(field)
        form.addRow(label, field)
    return form
