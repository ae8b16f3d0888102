"""Where a model is set up to be bent, and where that is followed."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from difffit_app.state.items import OpenFit, OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.widgets.action_button import ActionButton
from difffit_app.widgets.chains_box import ChainsBox
from difffit_app.widgets.column import scrolling_column
from difffit_app.widgets.exact_value import ExactValue
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.progress_line import ProgressLine
from difffit_app.widgets.settings_form import SettingsForm, help_of, make_editor
from difffit_core.errors import UserError
from difffit_core.fit.request import FitProgress
from difffit_core.pose import Pose
from difffit_core.recipes.words import join_names, split_names
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.refine.settings import RefineSettings


class RefinePanel(QWidget):
    """``asked`` carries a `RefineRecipe` of the map and the model by their ids; what is set up elsewhere it leaves out."""

    ELSEWHERE = ("level", "models", "threads", "half_maps", "pose")
    """Fields that others set: the map, the model's file, the preferences, and the placements; half maps, the command line."""

    asked = Signal(object)
    cancel_asked = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._running = False
        basic = [name for name, info in RefineSettings.model_fields.items() if _is_basic(info.json_schema_extra)]
        others = [name for name in RefineSettings.model_fields if name not in basic]
        self.map, self.model, self.chains = ItemsBox(), ItemsBox(), ChainsBox()
        self.resolution, self.seed = QDoubleSpinBox(), QSpinBox()
        self._resolution = ExactValue(self.resolution)
        self.placed = QCheckBox("From the selected placement")
        self.hold, self.rigid = QLineEdit(), QLineEdit()
        self.basic, self.advanced = SettingsForm(RefineSettings, basic), SettingsForm(RefineSettings, others)
        self.pae, self.b_factors = (make_editor(name, RefineRecipe.model_fields[name]) for name in ("pae", "b_factors"))
        self.refine, self.cancel = QPushButton("Refine"), QPushButton("Cancel")
        self.bar, self.status = ProgressLine("Progress of the refinement"), QLabel()
        self._buttons = QHBoxLayout()
        self._set_up()
        self._lay_out()
        self.model.currentIndexChanged.connect(self._show_model)
        self.map.currentIndexChanged.connect(self._enable)
        self.chains.changed.connect(self._enable)
        self.refine.clicked.connect(self.ask)
        self.cancel.clicked.connect(self.cancel_asked)
        self._subscriptions = Subscriptions()
        events = session.events
        for signal, slot in (
            (events.map_added, self._add_map),
            (events.model_added, self._add_model),
            (events.map_removed, lambda identifier: self._drop(self.map, identifier)),
            (events.model_removed, lambda identifier: self._drop(self.model, identifier)),
            (events.renamed, self.map.rename),
            (events.renamed, self.model.rename),
            (events.fit_selected, self._follow_fit),
            (events.placement_selected, lambda _: self._enable()),
        ):
            self._subscriptions.add(signal, slot)
        self._enable()

    def shut(self) -> None:
        self._subscriptions.end()

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions of the menu on buttons."""
        for action, text in actions:
            self._buttons.addWidget(ActionButton().offer(action, text))
        self._buttons.addStretch(1)

    @property
    def can_refine(self) -> bool:
        return self.map.count() > 0 and self.model.count() > 0 and bool(self.chains.chosen())

    @property
    def running(self) -> bool:
        return self._running

    def ask(self) -> None:
        """Report what to bend; a setting that is no value is refused in a sentence."""
        recipe = None if self._running else self.recipe()
        if recipe is not None:
            self.asked.emit(recipe)

    def recipe(self) -> RefineRecipe | None:
        """What `asked` carries; None while something is missing, or, `refused` in a sentence, no value."""
        if not self.can_refine:
            return None
        try:
            return RefineRecipe.checked(
                {
                    "map": self.map.currentData(),
                    "model": self.model.currentData(),
                    "chains": self.chains.chosen(),
                    "resolution": self._resolution.value(),
                    "pose": self._pose(),
                    "settings": RefineSettings.checked({**self.basic.changes(), **self.advanced.changes()}),
                    "hold": tuple(split_names(self.hold.text())),
                    "rigid": tuple(split_names(self.rigid.text())),
                    "pae": self.pae.value(),
                    "b_factors": self.b_factors.value(),
                    "seed": self.seed.value(),
                }
            )
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_recipe(self, recipe: RefineRecipe) -> None:
        """Set the panel up for what was asked for; where it began is left to the table of placements."""
        self.map.setCurrentIndex(self.map.findData(recipe.map))
        self.model.setCurrentIndex(self.model.findData(recipe.model))
        if recipe.chains:
            self.chains.choose(recipe.chains)
        self._resolution.show(recipe.resolution)
        for form in (self.basic, self.advanced):
            form.show_changed(recipe.settings)
        self.hold.setText(join_names(recipe.hold))
        self.rigid.setText(join_names(recipe.rigid))
        self.pae.set_value(recipe.pae)
        self.b_factors.set_value(recipe.b_factors)
        self.seed.setValue(min(recipe.seed, self.seed.maximum()))

    def show_running(self, running: bool) -> None:
        self._running = running
        self.bar.setRange(0, 1000)
        self.bar.setValue(0)
        self.status.setText("Starting …" if running else "")
        self._enable()

    def show_progress(self, progress: FitProgress) -> None:
        self.bar.setValue(round(1000 * progress.fraction))
        self.status.setText(progress.stage)

    def show_outcome(self, text: str) -> None:
        self.status.setText(text)

    def _pose(self) -> Pose | None:
        placement = self._session.placement
        return placement.pose if placement is not None and self._is_placed() and self.placed.isChecked() else None

    def _is_placed(self) -> bool:
        """Whether a placement of the chosen model in the chosen map is selected."""
        fit = self._session.fit
        chosen = (self.map.currentData(), self.model.currentData())
        return fit is not None and self._session.placement is not None and (fit.record.map, fit.record.model) == chosen

    def _set_up(self) -> None:
        for box, name in ((self.map, "Map to bend into"), (self.model, "Model to bend")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
        self.resolution.setRange(0.5, 100)
        self.resolution.setValue(4.0)
        self.resolution.setDecimals(2)
        self.resolution.setSingleStep(0.5)
        self.resolution.setSuffix(" Å")
        self.resolution.setKeyboardTracking(False)
        self.resolution.setAccessibleName("Resolution of the map to bend into")
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setAccessibleName("Seed of the refinement")
        self.placed.setChecked(True)
        self.placed.setToolTip("Begin where the selected placement has the model, rather than where its file has it")
        for edit, name, field in ((self.hold, "Residues that stay", "hold"), (self.rigid, "Groups that stay rigid", "rigid")):
            edit.setAccessibleName(name)
            edit.setToolTip(help_of(field, RefineRecipe.model_fields[field]))
        self.hold.setPlaceholderText("A:1-50, B")
        self.rigid.setPlaceholderText("A:1-50+B:3-9")
        self.refine.setObjectName("primary")
        self.refine.setToolTip("Bend the model into the map, as far as the map supports it")
        self.cancel.setToolTip("Stop, and keep what was reached (Esc)")
        self.status.setObjectName("dim")
        self.status.setWordWrap(True)

    def _lay_out(self) -> None:
        top, inner, more = QFormLayout(), QWidget(), QFormLayout()
        for form in (top, more):
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in (("Map", self.map), ("Model", self.model), ("Chains", self.chains), ("Resolution", self.resolution)):
            label = QLabel(text)
            label.setBuddy(box)
            top.addRow(label, box)
        top.addRow("", self.placed)
        for text, edit in (("Hold", self.hold), ("Rigid", self.rigid)):
            top.addRow(text, edit)
        more.addRow("PAE file", self.pae)
        more.addRow("B factors", self.b_factors)
        more.addRow("Seed", self.seed)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(more)
        column.addWidget(self.advanced)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 4, 10, 10)
        buttons = QHBoxLayout()
        buttons.addWidget(self.refine, 2)
        buttons.addWidget(self.cancel, 1)
        for part in (self.status, self.bar):
            foot.addWidget(part)
        foot.addLayout(buttons)
        foot.addLayout(self._buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolling_column(top, self.basic, Fold("Advanced", inner)), 1)
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

    def _show_model(self) -> None:
        item = self._session.models.get(self.model.currentData())
        self.chains.show_model(None if item is None else item.model)
        self._enable()

    def _follow_fit(self, fit: OpenFit | None) -> None:
        """What was fitted is likely what is to be bent."""
        if fit is None or self._running:
            return
        self.map.setCurrentIndex(self.map.findData(fit.record.map))
        self.model.setCurrentIndex(self.model.findData(fit.record.model))
        self.chains.choose(fit.record.chains)
        self._resolution.show(fit.record.resolution)

    def _enable(self) -> None:
        self.placed.setEnabled(self._is_placed())
        self.refine.setEnabled(self.can_refine and not self._running)
        self.cancel.setEnabled(self._running)
        self.bar.setVisible(self._running)


def _is_basic(extra: object) -> bool:
    return isinstance(extra, dict) and bool(extra.get("basic"))
