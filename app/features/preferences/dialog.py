"""Edit > Preferences."""

import os
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from difffit_app.preferences import Preferences, ThemeChoice
from difffit_app.widgets.number_box import WholeBox
from difffit_core.device import DEVICES, Device
from difffit_core.fit.settings import Preset

_DEVICE_NAMES = {"auto": "Automatic", "cpu": "CPU", "cuda": "NVIDIA GPU (CUDA)", "mps": "Apple GPU (MPS)"}
_THEME_NAMES = {ThemeChoice.SYSTEM: "As the system", ThemeChoice.LIGHT: "Light", ThemeChoice.DARK: "Dark"}
_WIDTH = 520


class PreferencesDialog(QDialog):
    """``chosen`` carries all values by name when it is accepted; clearing compiled code happens at once."""

    chosen = Signal(dict)
    clearing_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self._devices: dict[str, Device] = {}
        self.device, self.preset, self.theme = QComboBox(), QComboBox(), QComboBox()
        self.threads, self.minutes = WholeBox(), WholeBox()
        self.autosave = QCheckBox("Keep &unsaved work, to recover it after a crash")
        self.device_text, self.kept_text = _explanation(), _explanation()
        self.clear = QPushButton("C&lear")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.RestoreDefaults
        )
        self._set_up()
        self._lay_out()
        self.device.currentIndexChanged.connect(self._explain_device)
        self.clear.clicked.connect(self.clearing_asked)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).clicked.connect(lambda: self._show(Preferences()))
        self.accepted.connect(lambda: self.chosen.emit(self.values()))

    def ask(self, preferences: Preferences) -> None:
        """Show what is set, and let it be changed while the rest of the window waits."""
        self._show(preferences)
        self.show_kept_code("Looking …", can_clear=False)
        self.device.setFocus()
        self.open()

    def values(self) -> dict[str, object]:
        return {
            "device": self.device.currentData(),
            "threads": self.threads.value() or None,
            "preset": self.preset.currentData(),
            "theme": self.theme.currentData(),
            "autosave": self.autosave.isChecked(),
            "autosave_minutes": self.minutes.value(),
        }

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Say what each device is; one that is absent cannot be chosen, unless it is what was chosen before."""
        self._devices = {device.name: device for device in devices}
        model = self.device.model()
        assert isinstance(model, QStandardItemModel)
        for number in range(self.device.count()):
            model.item(number).setEnabled(self._devices[self.device.itemData(number)].available)
        self._explain_device()

    def show_kept_code(self, text: str, *, can_clear: bool) -> None:
        self.kept_text.setText(text)
        self.clear.setEnabled(can_clear)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(_WIDTH, 0))

    def _show(self, preferences: Preferences) -> None:
        for box, value in ((self.device, preferences.device), (self.preset, preferences.preset), (self.theme, preferences.theme)):
            box.setCurrentIndex(box.findData(value))
        self.threads.setValue(preferences.threads or 0)
        self.autosave.setChecked(preferences.autosave)
        self.minutes.setValue(preferences.autosave_minutes)
        self._explain_device()

    def _explain_device(self) -> None:
        device = self._devices.get(self.device.currentData())
        self.device_text.setText("Looking …" if device is None else device.text[:1].upper() + device.text[1:])

    def _set_up(self) -> None:
        for name in DEVICES:
            self.device.addItem(_DEVICE_NAMES[name], name)
        for preset in Preset:
            self.preset.addItem(preset.value.capitalize(), preset)
        for choice, text in _THEME_NAMES.items():
            self.theme.addItem(text, choice)
        self.threads.setRange(0, max(64, os.cpu_count() or 1))
        self.threads.setSpecialValueText("All")
        self.threads.setToolTip("How many CPU threads a fit may take; the placements are the same with any number")
        self.device.setToolTip("What computes fits")
        self.preset.setToolTip("What the Fit panel starts with")
        self.minutes.setRange(1, 120)
        self.minutes.setPrefix("every ")
        self.minutes.setSuffix(" min")
        self.minutes.setToolTip("How often at least; it is also done a moment after each step that can be undone")
        self.minutes.setAccessibleName("Minutes between copies of unsaved work")
        self.autosave.setToolTip("In a folder of the program, never in your own file")
        self.autosave.toggled.connect(self.minutes.setEnabled)
        self.clear.setToolTip("Remove the compiled code; the next start of the program compiles it anew, which takes some seconds")
        self.clear.setAccessibleName("Clear compiled code")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setVerticalSpacing(10)
        kept = QHBoxLayout()
        kept.addWidget(self.kept_text, 1)
        kept.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignTop)
        autosave = QHBoxLayout()
        autosave.addWidget(self.autosave, 1)
        autosave.addWidget(self.minutes)
        device = QVBoxLayout()
        device.setSpacing(2)
        device.addWidget(self.device)
        device.addWidget(self.device_text)
        for text, row, buddy in (
            ("&Device", device, self.device),
            ("&Threads", self.threads, self.threads),
            ("Default &preset", self.preset, self.preset),
            ("T&heme", self.theme, self.theme),
            ("Autosave", autosave, None),
            ("Compiled code", kept, None),
        ):
            label = QLabel(text)
            if buddy is not None:
                label.setBuddy(buddy)
                buddy.setAccessibleName(text.replace("&", ""))
            form.addRow(label, row)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(16)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self.buttons)


def _explanation() -> QLabel:
    label = QLabel()
    label.setObjectName("dim")
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
