"""Where models are placed together, and where it is told what a composite is like."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from difffit_app.features.compose.wanted_list import WantedList
from difffit_app.state.composing import Examined
from difffit_app.state.items import OpenFit, OpenMap
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.column import scrolling_column
from difffit_app.widgets.exact_value import ExactValue
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.progress_line import ProgressLine
from difffit_app.widgets.quiet import quietly
from difffit_app.widgets.settings_form import SettingsForm
from difffit_core.compose.recipe import ComposeRecipe
from difffit_core.compose.settings import ComposeSettings
from difffit_core.errors import UserError
from difffit_core.fit.request import FitProgress
from difffit_core.fit.settings import FitSettings, Preset


class ComposePanel(QWidget):
    """``asked`` carries a `ComposeRecipe` of the map and the models by their ids; what is set up elsewhere it leaves out."""

    ELSEWHERE = ("level", "models", "device", "threads", "half_maps")
    """Fields that others set: the map, the models' files, and the preferences; half maps, the command line."""

    asked = Signal(object)
    cancel_asked = Signal()
    refused = Signal(str)
    island_chosen = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._running = False
        basic = [name for name, info in ComposeSettings.model_fields.items() if _is_basic(info.json_schema_extra)]
        others = [name for name in ComposeSettings.model_fields if name not in basic]
        self.map, self.preset = ItemsBox(), QComboBox()
        self.resolution, self.seed = QDoubleSpinBox(), QSpinBox()
        self._resolution = ExactValue(self.resolution)
        self.wanted = WantedList(session)
        self.basic, self.advanced, self.fit_form = (
            SettingsForm(ComposeSettings, basic),
            SettingsForm(ComposeSettings, others),
            SettingsForm(),
        )
        self.compose, self.cancel = QPushButton("Compose"), QPushButton("Cancel")
        self.bar, self.status = ProgressLine("Progress of the composite"), QLabel()
        self.told, self.islands = QLabel(), QListWidget()
        self._buttons = QHBoxLayout()
        self._scrolling = QTimer(self, singleShot=True, interval=0)
        self._scrolling.timeout.connect(lambda: self._area.ensureWidgetVisible(self.told))
        self._set_up()
        self._lay_out()
        self.preset.currentIndexChanged.connect(lambda: self.fit_form.show_settings(FitSettings.preset(self.preset.currentData())))
        self.preset.setCurrentIndex(self.preset.findData(Preset.BALANCED.value))
        self.compose.clicked.connect(self.ask)
        self.cancel.clicked.connect(self.cancel_asked)
        self.wanted.changed.connect(self._enable)
        self.islands.currentRowChanged.connect(lambda row: self.island_chosen.emit(row) if row >= 0 else None)
        self._subscriptions = Subscriptions()
        events = session.events
        for signal, slot in (
            (events.map_added, self._add_map),
            (events.map_selected, self.map.propose),
            (events.map_removed, self._drop_map),
            (events.renamed, self.map.rename),
            (events.fit_selected, self._follow_fit),
        ):
            self._subscriptions.add(signal, slot)
        self.show_examined(None)
        self._enable()

    def shut(self) -> None:
        self._scrolling.stop()
        self._subscriptions.end()
        self.wanted.shut()

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions of the menu on buttons."""
        for action, text in actions:
            self._buttons.addWidget(ActionButton().offer(action, text))
        self._buttons.addStretch(1)

    @property
    def can_compose(self) -> bool:
        return self.map.count() > 0 and bool(self.wanted.chosen())

    @property
    def running(self) -> bool:
        return self._running

    def ask(self) -> None:
        """Report what to compose; a setting that is no value is refused in a sentence."""
        recipe = None if self._running else self.recipe()
        if recipe is not None:
            self.asked.emit(recipe)

    def recipe(self) -> ComposeRecipe | None:
        """What `asked` carries; None while something is missing, or, `refused` in a sentence, no value."""
        if not self.can_compose:
            return None
        try:
            return ComposeRecipe.checked(
                {
                    "map": self.map.currentData(),
                    "wanted": [{"model": name, "copies": copies} for name, copies in self.wanted.chosen()],
                    "resolution": self._resolution.value(),
                    "settings": ComposeSettings.checked({**self.basic.changes(), **self.advanced.changes()}),
                    "fit_settings": FitSettings.preset(self.preset.currentData(), **self.fit_form.changes()),
                    "seed": self.seed.value(),
                }
            )
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_running(self, running: bool) -> None:
        self._running = running
        self.bar.setRange(0, 1000)
        self.bar.setValue(0)
        self.status.setText("Starting …" if running else "")
        self._enable()

    def show_progress(self, progress: FitProgress) -> None:
        self.bar.setValue(round(1000 * progress.fraction))
        left = f"  ·  {progress.remaining_s:.0f} s left" if progress.remaining_s is not None else ""
        self.status.setText(f"{progress.stage}{left}")

    def show_outcome(self, text: str) -> None:
        self.status.setText(text)

    def show_examined(self, examined: Examined | None) -> None:
        """Tell what the chosen composite is like; None where that is not known."""
        self.told.setText("" if examined is None else "\n".join(examined.lines))
        self.told.setVisible(examined is not None)
        with quietly(self.islands):
            self.islands.clear()
            for text in () if examined is None else examined.islands:
                self.islands.addItem(text)
        self.islands.setVisible(examined is not None and bool(examined.islands))
        if examined is not None:
            self._scrolling.start()

    def _set_up(self) -> None:
        for box, name in ((self.map, "Map to compose in"), (self.preset, "Preset of the fits")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for preset in (Preset.FAST, Preset.BALANCED, Preset.EXHAUSTIVE):
            self.preset.addItem(preset.value.capitalize(), preset.value)
        self.resolution.setRange(0.5, 100)
        self.resolution.setValue(4.0)
        self.resolution.setSuffix(" Å")
        self.resolution.setKeyboardTracking(False)
        self.resolution.setAccessibleName("Resolution of the map to compose in")
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setAccessibleName("Seed of the composite")
        self.compose.setObjectName("primary")
        self.compose.setToolTip("Place all these models together")
        self.cancel.setToolTip("Stop, and put together what was found (Esc)")
        self.islands.setAccessibleName("Pieces of density that nothing explains")
        self.islands.setToolTip("Choose a piece to go there")
        self.islands.setWordWrap(True)
        self.islands.setMinimumHeight(70)
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.status.setObjectName("dim")
        self.status.setWordWrap(True)

    def _lay_out(self) -> None:
        top = QFormLayout()
        top.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in (("Map", self.map), ("Resolution", self.resolution)):
            label = QLabel(text)
            label.setBuddy(box)
            top.addRow(label, box)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        fits = QFormLayout()
        fits.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fits.addRow("Seed", self.seed)
        fits.addRow("Preset", self.preset)
        column.addWidget(self.advanced)
        column.addLayout(fits)
        column.addWidget(self.fit_form)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 4, 10, 10)
        buttons = QHBoxLayout()
        buttons.addWidget(self.compose, 2)
        buttons.addWidget(self.cancel, 1)
        for part in (self.status, self.bar):
            foot.addWidget(part)
        foot.addLayout(buttons)
        foot.addLayout(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._area = scrolling_column(top, self.wanted, self.basic, Fold("Advanced", inner), self.told, self.islands)
        whole.addWidget(self._area, 1)
        whole.addLayout(foot)

    def _add_map(self, item: OpenMap) -> None:
        self.map.add(item)
        self._enable()

    def _drop_map(self, identifier: str) -> None:
        self.map.drop(identifier)
        self._enable()

    def _follow_fit(self, fit: OpenFit | None) -> None:
        """The resolution of the fit that is looked at is likely that of the map."""
        if fit is not None and not self._running:
            self._resolution.show(fit.record.resolution)

    def _enable(self) -> None:
        self.compose.setEnabled(self.can_compose and not self._running)
        self.cancel.setEnabled(self._running)
        self.bar.setVisible(self._running)


def _is_basic(extra: object) -> bool:
    return isinstance(extra, dict) and bool(extra.get("basic"))
