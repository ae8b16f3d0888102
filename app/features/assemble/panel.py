"""Where an assembly is set up and followed."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from difffit_app.state.session import Session
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.dropping import dropped_library
from difffit_app.widgets.fields import form_of, resolution_box, seed_box, set_up_choice
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.number_box import WholeBox
from difffit_app.widgets.path_field import PathField
from difffit_app.widgets.run_foot import RunFoot
from difffit_app.widgets.run_panel import RunPanel
from difffit_app.widgets.settings_form import SettingsForm, make_editor
from difffit_app.widgets.shared_resolution import SharedResolution
from difffit_app.widgets.store_field import StoreField
from difffit_core.assemble.recipe import AssembleRecipe
from difffit_core.errors import UserError
from difffit_core.fit.request import FitProgress
from difffit_core.fit.setting_words import nearest_preset
from difffit_core.fit.settings import FitSettings, Preset
from difffit_core.screen.filters import Filters

_WORDS = ("stoichiometry", "symmetry")
_NUMBERS = ("searches", "like_others", "promising", "bend", "alike")


class AssemblePanel(RunPanel):
    """``asked`` carries an `AssembleRecipe` of the map by its id, the folder that keeps the screens, and processes (None for all cores)."""

    ELSEWHERE = ("level", "device", "half_maps")
    """Fields that others set: the map and the preferences; half maps, the command line."""

    asked = Signal(object, object, object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(RunFoot("Assemble", "Progress of the assembly"), parent)
        self._session = session
        self.map, self.preset = ItemsBox(), QComboBox()
        self.resolution = resolution_box("Resolution of the map to assemble in")
        self._resolution = SharedResolution(session, self.map, self.resolution)
        self.library = PathField("Folder of models", "The models, strangers among them; or drop a folder here", "folder of models")
        self.store = StoreField(
            "Folder of the assembly", "Where what is found is kept as it comes; what is there is gone on with", "_assembly"
        )
        self.fixed = PathField("Fixed chains", "A file of chains that stand already, which stay where they are", "none")
        self.links = PathField("Cross-links", "A table: model1, residue1, model2, residue2 and, if it is not 30 Å, length", "none")
        self.editors = {name: make_editor(name, AssembleRecipe.model_fields[name]) for name in (*_WORDS, *_NUMBERS)}
        self.filters, self.fit_form = SettingsForm(Filters), SettingsForm()
        self.processes, self.seed = WholeBox(), seed_box("Seed of the assembly")
        set_up_choice(self.map, "Map to assemble in")
        set_up_choice(self.preset, "Preset of the full searches")
        for preset in (Preset.FAST, Preset.BALANCED, Preset.EXHAUSTIVE):
            self.preset.addItem(preset.value.capitalize(), preset.value)
        self.processes.setRange(0, 1024)
        self.processes.setSpecialValueText("all cores")
        self.processes.setAccessibleName("Processes")
        self.processes.setToolTip("How many models are tried at a time")
        self._lay_out()
        self.setAcceptDrops(True)
        self.preset.currentIndexChanged.connect(lambda: self.fit_form.show_settings(FitSettings.preset(self.preset.currentData())))
        self.preset.setCurrentIndex(self.preset.findData(Preset.BALANCED.value))
        self.show_recipe(AssembleRecipe(map="", library="", resolution=4.0))
        self.foot.start.clicked.connect(self.ask)
        self.foot.start.setToolTip("Find out which models of the folder belong in the map, how many of each, and where")
        self.foot.cancel.setToolTip("Stop; what stands by then is put together, and the same folder goes on from there")
        self.library.changed.connect(self._suggest_store)
        self.store.changed.connect(self._enable)
        self.map.follow_maps(session, self._subscriptions, self._enable)
        self._resolution.follow(self._subscriptions)
        self.foot.forget_with(session.events, self._subscriptions)
        self._enable()

    @property
    def can_assemble(self) -> bool:
        return self.map.count() > 0 and self.library.path() is not None and self.store.path() is not None

    def jobs(self) -> int | None:
        """How many processes are asked for; None for one a core or GPU."""
        return self.processes.value() or None

    def ask(self) -> None:
        """Report what to assemble; what is no value is refused in a sentence."""
        recipe = None if self.running else self.recipe()
        if recipe is not None:
            self.asked.emit(recipe, self.store.path(), self.jobs())

    def recipe(self) -> AssembleRecipe | None:
        """What `asked` carries; None while something is missing, or, `refused` in a sentence, no value."""
        if not self.can_assemble:
            return None
        try:
            return AssembleRecipe.checked(
                {
                    "map": self.map.currentData(),
                    "library": str(self.library.path()),
                    "resolution": self._resolution.value(),
                    "fixed": str(self.fixed.path() or ""),
                    "cross_links": str(self.links.path() or ""),
                    "filters": Filters.checked(self.filters.changes()),
                    "settings": FitSettings.preset(self.preset.currentData(), **self.fit_form.changes()),
                    "seed": self.seed.value(),
                    **{name: editor.value() or "auto" if name in _WORDS else editor.value() for name, editor in self.editors.items()},
                }
            )
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_recipe(self, recipe: AssembleRecipe) -> None:
        """Set the panel up for what was asked for; the map stays chosen where it is not open."""
        self.map.setCurrentIndex(max(self.map.findData(recipe.map), min(self.map.currentIndex(), 0)))
        self._resolution.show(recipe.resolution)
        for field, text in ((self.library, recipe.library), (self.fixed, recipe.fixed), (self.links, recipe.cross_links)):
            field.set_path(Path(text) if text else None)
        for name, editor in self.editors.items():
            editor.set_value(getattr(recipe, name))
        self.filters.show_settings(Filters())
        self.filters.show_changed(recipe.filters)
        preset, _ = nearest_preset(recipe.settings)
        self.preset.setCurrentIndex(max(self.preset.findData(preset.value), 0))
        self.fit_form.show_changed(recipe.settings)
        self.seed.setValue(recipe.seed)

    def choose_store(self, path: Path) -> None:
        self.store.choose(path)

    def show_progress(self, progress: FitProgress) -> None:
        self.foot.follow(progress)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_library(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_library(event)
        if path is not None:
            event.acceptProposedAction()
            self.library.set_path(path)

    def _lay_out(self) -> None:
        known = QWidget()
        inside = form_of(
            (
                ("Stoichiometry", self.editors["stoichiometry"]),
                ("Symmetry", self.editors["symmetry"]),
                ("Fixed chains", self.fixed),
                ("Cross-links", self.links),
            )
        )
        inside.setContentsMargins(0, 0, 0, 0)
        known.setLayout(inside)
        top = form_of(
            (
                ("Map", self.map),
                ("Resolution", self.resolution),
                ("Models", self.library),
                ("Kept in", self.store),
                ("Preset", self.preset),
                ("Bend, too", self.editors["bend"]),
                ("Copies alike", self.editors["alike"]),
            )
        )
        more = QWidget()
        column = QVBoxLayout(more)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.filters)
        rows = (("Searches of what is left", "searches"), ("Like others below", "like_others"), ("Promising below", "promising"))
        column.addLayout(form_of((text, self.editors[name]) for text, name in rows))
        column.addLayout(form_of((("Processes", self.processes), ("Seed", self.seed))))
        folded = (Fold("Known before", known), Fold("Which models, and how", more), Fold("Fits", self.fit_form))
        lay_out(self, scrolling_column(top, *folded), self.foot)

    def _suggest_store(self) -> None:
        self.store.suggest(self.library.path(), self._session.path)
        self._enable()

    def _enable(self) -> None:
        self.foot.enable(self.can_assemble)
