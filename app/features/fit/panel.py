"""Where a fit is set up, started, followed and cancelled."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from difffit_app.state.items import OpenFit
from difffit_app.state.session import Session
from difffit_app.widgets.chains_box import ChainsBox
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.fields import form_of, resolution_box, seed_box, set_up_choice
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.run_foot import RunFoot
from difffit_app.widgets.run_panel import RunPanel
from difffit_app.widgets.settings_form import SettingsForm, make_editor
from difffit_app.widgets.shared_resolution import SharedResolution
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


class FitPanel(RunPanel):
    """``fit_asked`` carries a `FitRecipe` of the map and the model by their ids; what is set up elsewhere it leaves out."""

    ELSEWHERE = ("level", "models", "device", "threads", "start", "region", "half_maps")
    """Fields that others set: the map, the model's file, the preferences, moving by hand, and the sphere; half maps, the command line."""

    fit_asked = Signal(object)
    set_up_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(RunFoot("Fit", "Progress of the fit"), parent)
        self._session = session
        self.map, self.model, self.preset = ItemsBox(), ItemsBox(), QComboBox()
        self.chains = ChainsBox()
        self.searched = QLabel()
        self.resolution, self.seed = resolution_box("Resolution of the map"), seed_box("Seed")
        self._resolution = SharedResolution(session, self.map, self.resolution)
        self.form = SettingsForm()
        self.symmetry = make_editor("symmetry", FitRecipe.model_fields["symmetry"])
        self.symmetry.set_value("auto")
        self.reset = QPushButton("Reset")
        self._set_up()
        self._lay_out()

        self.model.currentIndexChanged.connect(self._show_chains)
        self.preset.currentIndexChanged.connect(lambda: self.form.show_settings(FitSettings.preset(self.preset.currentData())))
        self.reset.clicked.connect(self.form.reset)
        self.foot.start.clicked.connect(self.ask)
        self.chains.changed.connect(self._enable)
        for changed in (self.map.currentIndexChanged, self.chains.changed, self.resolution.valueChanged):
            changed.connect(lambda *_: self.set_up_changed.emit())

        events = session.events
        self.map.follow_maps(session, self._subscriptions, self._enable)
        self._resolution.follow(self._subscriptions)
        self.foot.forget_with(session.events, self._subscriptions)
        self.model.follow_models(session, self._subscriptions, self._enable)
        self._begun: object = None
        self._added: str | None = None
        self._subscriptions.add(events.fit_added, self._notice)
        self._subscriptions.add(events.fit_selected, self._show_fit)
        self._enable()

    def ask(self) -> None:
        """Report what to fit; a setting that is no value is refused in a sentence."""
        recipe = None if self.running else self.recipe()
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
            return FitRecipe.checked(
                {
                    "map": map_id, "model": model_id, "chains": chains, "resolution": resolution, "settings": settings,
                    "seed": self.seed.value(), "symmetry": self.symmetry.value(),
                }
            )  # fmt: skip
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_recipe(self, recipe: FitRecipe) -> None:
        """Set the panel up for what was asked for."""
        self.map.setCurrentIndex(self.map.findData(recipe.map))
        self.model.setCurrentIndex(self.model.findData(recipe.model))
        self.chains.choose(recipe.chains)
        self._resolution.show(recipe.resolution)
        if recipe.seed <= self.seed.maximum():  # those of a screen's fits are made of the models, and are no one's choice
            self.seed.setValue(recipe.seed)
        self.symmetry.set_value(recipe.symmetry)
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

    def choose_model(self, identifier: str, chains: Sequence[str]) -> None:
        """Have these chains of a model fitted; all of them where there are none."""
        self.model.setCurrentIndex(self.model.findData(identifier))
        self.chains.choose(chains or tuple(self.chains.actions_by_chain))

    def set_preset(self, preset: Preset) -> None:
        """Choose the preset that the next fit starts from."""
        self.preset.setCurrentIndex(self.preset.findData(preset.value))

    @property
    def can_fit(self) -> bool:
        return self.map.count() > 0 and self.model.count() > 0 and bool(self.chains.chosen())

    def show_progress(self, progress: FitProgress) -> None:
        self.foot.follow(progress, *([] if progress.best is None else [f"best {progress.best.local_correlation:.3f}"]))

    def show_searched(self, text: str) -> None:
        """What of the map a fit would look in, if not all."""
        self.searched.setText(text)
        self._basic.setRowVisible(self.searched, bool(text))

    def _set_up(self) -> None:
        for box, name in ((self.map, "Map to fit into"), (self.model, "Model to fit"), (self.preset, "Preset")):
            set_up_choice(box, name)
        for preset in (Preset.FAST, Preset.BALANCED, Preset.EXHAUSTIVE, Preset.PAPER):
            self.preset.addItem(preset.value.capitalize(), preset.value)
            self.preset.setItemData(self.preset.count() - 1, _PRESET_HELP[preset], Qt.ItemDataRole.ToolTipRole)
        self.set_preset(Preset.BALANCED)
        self.foot.start.setToolTip("Search the whole map for the model (Ctrl+Return)")
        self.reset.setToolTip("Set every setting back to the preset's")

    def _lay_out(self) -> None:
        basic = self._basic = form_of(
            (
                ("Map", self.map),
                ("Model", self.model),
                ("Chains", self.chains),
                ("Resolution", self.resolution),
                ("Preset", self.preset),
            )
        )
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
        column.addLayout(form_of((("Symmetry", self.symmetry),)))
        column.addWidget(self.form)
        self.advanced = Fold("Advanced", inner)
        lay_out(self, scrolling_column(basic, self.advanced), self.foot)

    def _show_chains(self) -> None:
        item = self._session.models.get(self.model.currentData())
        self.chains.show_model(None if item is None else item.model)
        self._enable()

    def show_running(self, running: bool) -> None:
        if running:
            self._begun = self._set_up_as()
        super().show_running(running)

    def _set_up_as(self) -> tuple[object, ...]:
        """All that is set up here, whether it makes sense or not."""
        texts = {name: editor.value() for name, editor in self.form.editors.items()}
        chosen = self.map.currentData(), self.model.currentData(), self.chains.chosen(), self.preset.currentData()
        return (*chosen, self._resolution.value(), self.seed.value(), self.symmetry.value(), texts)

    def _notice(self, fit: OpenFit) -> None:
        self._added = fit.id

    def _show_fit(self, fit: OpenFit | None) -> None:
        """Set up the panel as the fit was, so that it can be repeated with changes; not over what was set up for the next while it ran."""
        if fit is None or self.running:
            return
        begun, added = self._begun, self._added
        self._begun = self._added = None
        if added != fit.id or begun is None or begun == self._set_up_as():
            self.show_recipe(fit.record.recipe)

    def _enable(self) -> None:
        self.foot.enable(self.can_fit)
