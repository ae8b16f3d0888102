"""Where a fit is set up, started, followed and cancelled."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.chains_box import ChainsBox
from difffit_app.widgets.column import scrolling_column
from difffit_app.widgets.exact_value import ExactValue
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.progress_line import ProgressLine
from difffit_app.widgets.settings_form import SettingsForm
from difffit_core.errors import UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import FitProgress
from difffit_core.fit.setting_words import nearest_preset
from difffit_core.fit.settings import FitSettings, Preset

_PRESET_HELP = {
    Preset.FAST: "A quick look: fewer starts",
    Preset.BALANCED: "The default: finds small chains in large maps",
    Preset.EXHAUSTIVE: "Six times as many starts, for hard maps",
    Preset.PAPER: "As in the DiffFit paper: 1000 starts, all atoms, no refinement",
}


class FitPanel(QWidget):
    """``fit_asked`` carries a `FitRecipe` of the map and the model by their ids; what is set up elsewhere it leaves out."""

    ELSEWHERE = ("level", "models", "device", "threads", "start", "region", "half_maps")
    """Fields that others set: the map, the model's file, the preferences, moving by hand, and the sphere; half maps, the command line."""

    fit_asked = Signal(object)
    set_up_changed = Signal()
    cancel_asked = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._running = False
        self.map, self.model, self.preset = ItemsBox(), ItemsBox(), QComboBox()
        self.chains = ChainsBox()
        self.searched = QLabel()
        self.resolution, self.seed = QDoubleSpinBox(), QSpinBox()
        self._resolution = ExactValue(self.resolution)
        self.form = SettingsForm()
        self.reset = QPushButton("Reset")
        self.fit, self.cancel = QPushButton("Fit"), QPushButton("Cancel")
        self.bar, self.status = ProgressLine("Progress of the fit"), QLabel()
        self._set_up()
        self._lay_out()

        self.model.currentIndexChanged.connect(self._show_chains)
        self.preset.currentIndexChanged.connect(lambda: self.form.show_settings(FitSettings.preset(self.preset.currentData())))
        self.reset.clicked.connect(self.form.reset)
        self.fit.clicked.connect(self.ask)
        self.cancel.clicked.connect(self.cancel_asked)
        self.chains.changed.connect(self._enable)
        for changed in (self.map.currentIndexChanged, self.chains.changed, self.resolution.valueChanged):
            changed.connect(lambda *_: self.set_up_changed.emit())

        self._subscriptions = Subscriptions()
        events = session.events
        for signal, slot in (
            (events.map_added, self._add_map),
            (events.model_added, self._add_model),
            (events.map_selected, self.map.propose),
            (events.model_selected, self.model.propose),
            (events.map_removed, lambda identifier: self._drop(self.map, identifier)),
            (events.model_removed, lambda identifier: self._drop(self.model, identifier)),
            (events.renamed, self.map.rename),
            (events.renamed, self.model.rename),
            (events.fit_selected, self._show_fit),
        ):
            self._subscriptions.add(signal, slot)
        self._enable()

    def shut(self) -> None:
        self._subscriptions.end()

    def ask(self) -> None:
        """Report what to fit; a setting that is no value is refused in a sentence."""
        recipe = None if self._running else self.recipe()
        if recipe is not None:
            self.fit_asked.emit(recipe)

    def recipe(self) -> FitRecipe | None:
        """What `fit_asked` carries; None while something is missing, or, `refused` in a sentence, no value."""
        subject = self.subject()
        if subject is None:
            return None
        map_id, model_id, chains, resolution = subject
        try:
            settings = FitSettings.preset(self.preset.currentData(), **self.form.changes())
            return FitRecipe(map=map_id, model=model_id, chains=chains, resolution=resolution, settings=settings, seed=self.seed.value())
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_recipe(self, recipe: FitRecipe) -> None:
        """Set the panel up for what was asked for."""
        self.map.setCurrentIndex(self.map.findData(recipe.map))
        self.model.setCurrentIndex(self.model.findData(recipe.model))
        self.chains.choose(recipe.chains)
        self._resolution.show(recipe.resolution)
        self.seed.setValue(min(recipe.seed, self.seed.maximum()))
        if recipe.start is None:  # else it did not search, so that its settings are none for the next search
            preset, _ = nearest_preset(recipe.settings)
            self.set_preset(preset)
            self.form.show_settings(FitSettings.preset(preset))
            self.form.show_changed(recipe.settings)

    def subject(self) -> tuple[str, str, tuple[str, ...], float] | None:
        """Map id, model id, chains and resolution as they are set up; None while something of it is missing."""
        if not self.can_fit:
            return None
        return self.map.currentData(), self.model.currentData(), self.chains.chosen(), self._resolution.value()

    def map_id(self) -> str | None:
        """The map that is chosen."""
        return self.map.currentData()  # type: ignore[no-any-return]

    def choose_map(self, identifier: str) -> None:
        self.map.setCurrentIndex(self.map.findData(identifier))

    def set_preset(self, preset: Preset) -> None:
        """Choose the preset that the next fit starts from."""
        self.preset.setCurrentIndex(self.preset.findData(preset.value))

    @property
    def can_fit(self) -> bool:
        return self.map.count() > 0 and self.model.count() > 0 and bool(self.chains.chosen())

    @property
    def running(self) -> bool:
        return self._running

    def show_running(self, running: bool) -> None:
        self._running = running
        self.bar.setRange(0, 1000)
        self.bar.setValue(0)
        self.status.setText("Starting …" if running else "")
        self._enable()

    def show_progress(self, progress: FitProgress) -> None:
        self.bar.setValue(round(1000 * progress.fraction))
        parts = [progress.stage]
        if progress.remaining_s is not None:
            parts.append(f"{_time(progress.remaining_s)} left")
        if progress.best is not None:
            parts.append(f"best {progress.best.local_correlation:.3f}")
        self.status.setText("  ·  ".join(parts))

    def show_searched(self, text: str) -> None:
        """What of the map a fit would look in, if not all."""
        self.searched.setText(text)
        self._basic.setRowVisible(self.searched, bool(text))

    def show_outcome(self, text: str) -> None:
        self.status.setText(text)

    def _set_up(self) -> None:
        for box, name in ((self.map, "Map to fit into"), (self.model, "Model to fit"), (self.preset, "Preset")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
        self.resolution.setRange(0.5, 100)
        self.resolution.setValue(4.0)
        self.resolution.setDecimals(2)
        self.resolution.setSingleStep(0.5)
        self.resolution.setSuffix(" Å")
        self.resolution.setAccessibleName("Resolution of the map")
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setAccessibleName("Seed")
        self.seed.setToolTip("The same seed gives the same placements")
        for preset in (Preset.FAST, Preset.BALANCED, Preset.EXHAUSTIVE, Preset.PAPER):
            self.preset.addItem(preset.value.capitalize(), preset.value)
            self.preset.setItemData(self.preset.count() - 1, _PRESET_HELP[preset], Qt.ItemDataRole.ToolTipRole)
        self.set_preset(Preset.BALANCED)
        self.fit.setObjectName("primary")
        self.fit.setToolTip("Search the whole map for the model (Ctrl+Return)")
        self.reset.setToolTip("Set every setting back to the preset's")
        self.status.setObjectName("dim")
        self.status.setWordWrap(True)

    def _lay_out(self) -> None:
        basic = self._basic = QFormLayout()
        basic.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in (
            ("Map", self.map),
            ("Model", self.model),
            ("Chains", self.chains),
            ("Resolution", self.resolution),
            ("Preset", self.preset),
        ):
            label = QLabel(text)
            label.setBuddy(box)
            basic.addRow(label, box)
        self.searched.setObjectName("dim")
        self.searched.setWordWrap(True)
        basic.insertRow(1, "", self.searched)
        self.show_searched("")
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(QLabel("Seed"))
        top.addWidget(self.seed, 1)
        top.addWidget(self.reset)
        column.addLayout(top)
        column.addWidget(self.form)
        self.advanced = Fold("Advanced", inner)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 4, 10, 10)
        buttons = QHBoxLayout()
        buttons.addWidget(self.fit, 2)
        buttons.addWidget(self.cancel, 1)
        foot.addWidget(self.status)
        foot.addWidget(self.bar)
        foot.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolling_column(basic, self.advanced), 1)
        whole.addLayout(foot)

    def _add_map(self, item: OpenMap) -> None:
        self.map.add(item)
        self._enable()

    def _add_model(self, item: OpenModel) -> None:
        self.model.add(item)
        self._enable()

    def _drop(self, box: ItemsBox, identifier: str) -> None:
        box.drop(identifier)
        self._enable()

    def _show_chains(self) -> None:
        item = self._session.models.get(self.model.currentData())
        self.chains.show_model(None if item is None else item.model)
        self._enable()

    def _show_fit(self, fit: object) -> None:
        """Set up the panel as the fit was, so that it can be repeated with changes."""
        record = getattr(fit, "record", None)
        if record is None or self._running:
            return
        self.show_recipe(record.recipe)

    def _enable(self) -> None:
        self.fit.setEnabled(self.can_fit and not self._running)
        self.cancel.setEnabled(self._running)
        self.bar.setVisible(self._running)


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
