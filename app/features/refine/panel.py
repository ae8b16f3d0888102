"""Where a model is set up to be bent, and where that is followed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QLineEdit,
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
from difffit_app.widgets.settings_form import basic_and_others, help_of, make_editor
from difffit_app.widgets.shared_resolution import SharedResolution
from difffit_core.errors import UserError
from difffit_core.fit.request import FitProgress
from difffit_core.pose import Pose
from difffit_core.recipes.words import join_names, split_names
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.refine.settings import RefineSettings


class RefinePanel(RunPanel):
    """``asked`` carries a `RefineRecipe` of the map and the model by their ids; what is set up elsewhere it leaves out."""

    ELSEWHERE = ("level", "models", "threads", "half_maps", "pose")
    """Fields that others set: the map, the model's file, the preferences, and the placements; half maps, the command line."""

    asked = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(RunFoot("Refine", "Progress of the refinement"), parent)
        self._session = session
        self.map, self.model, self.chains = ItemsBox(), ItemsBox(), ChainsBox()
        self.resolution = resolution_box("Resolution of the map to bend into", tracking=False)
        self.seed = seed_box("Seed of the refinement")
        self._resolution = SharedResolution(session, self.map, self.resolution)
        self.placed = QCheckBox("From the selected placement")
        self.hold, self.rigid, self.apart = QLineEdit(), QLineEdit(), QLineEdit()
        self.basic, self.advanced = basic_and_others(RefineSettings)
        self.pae, self.b_factors = (make_editor(name, RefineRecipe.model_fields[name]) for name in ("pae", "b_factors"))
        self._set_up()
        self._lay_out()
        self.model.currentIndexChanged.connect(self._show_model)
        self.map.currentIndexChanged.connect(self._enable)
        self.chains.changed.connect(self._enable)
        self.foot.start.clicked.connect(self.ask)
        events = session.events
        self.map.follow_maps(session, self._subscriptions, self._enable)
        self._resolution.follow(self._subscriptions)
        self.foot.forget_with(session.events, self._subscriptions)
        self.model.follow_models(session, self._subscriptions, self._enable)
        self._subscriptions.add(events.fit_selected, self._follow_fit)
        self._subscriptions.add(events.placement_selected, lambda _: self._enable())
        self._enable()

    @property
    def can_refine(self) -> bool:
        return self.map.count() > 0 and self.model.count() > 0 and bool(self.chains.chosen())

    def ask(self) -> None:
        """Report what to bend; a setting that is no value is refused in a sentence."""
        recipe = None if self.running else self.recipe()
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
                    "apart": tuple(split_names(self.apart.text())),
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
        self.apart.setText(join_names(recipe.apart))
        self.pae.set_value(recipe.pae)
        self.b_factors.set_value(recipe.b_factors)
        self.seed.setValue(min(recipe.seed, self.seed.maximum()))

    def show_progress(self, progress: FitProgress) -> None:
        self.foot.follow(progress)

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
            set_up_choice(box, name)
        self.placed.setChecked(True)
        self.placed.setToolTip("Begin where the selected placement has the model, rather than where its file has it")
        fields = (
            (self.hold, "Residues that stay", "hold"),
            (self.rigid, "Groups that stay rigid", "rigid"),
            (self.apart, "Groups that keep apart", "apart"),
        )
        for edit, name, field in fields:
            edit.setAccessibleName(name)
            edit.setToolTip(help_of(field, RefineRecipe.model_fields[field]))
        self.hold.setPlaceholderText("A:1-50, B")
        self.rigid.setPlaceholderText("A:1-50+B:3-9")
        self.apart.setPlaceholderText("A+B, C+D")
        self.foot.start.setToolTip("Bend the model into the map, as far as the map supports it")
        self.foot.cancel.setToolTip("Stop, and keep what was reached (Esc)")

    def _lay_out(self) -> None:
        top = form_of((("Map", self.map), ("Model", self.model), ("Chains", self.chains), ("Resolution", self.resolution)))
        top.addRow("", self.placed)
        for text, edit in (("Hold", self.hold), ("Rigid", self.rigid), ("Apart", self.apart)):
            top.addRow(text, edit)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form_of((("PAE file", self.pae), ("B factors", self.b_factors), ("Seed", self.seed))))
        column.addWidget(self.advanced)
        lay_out(self, scrolling_column(top, self.basic, Fold("Advanced", inner)), self.foot)

    def _show_model(self) -> None:
        item = self._session.models.get(self.model.currentData())
        self.chains.show_model(None if item is None else item.model)
        self._enable()

    def _follow_fit(self, fit: OpenFit | None) -> None:
        """What was fitted is likely what is to be bent."""
        if fit is None or self.running:
            return
        self.map.setCurrentIndex(self.map.findData(fit.record.map))
        self.model.setCurrentIndex(self.model.findData(fit.record.model))
        self.chains.choose(fit.record.chains)
        self._resolution.show(fit.record.resolution)

    def _enable(self) -> None:
        self.placed.setEnabled(self._is_placed())
        self.foot.enable(self.can_refine)
