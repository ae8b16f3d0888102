"""Where the symmetry of a map is looked for, and told."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from difffit_app.state.session import Session
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.fields import form_of, resolution_box, seed_box, set_up_choice
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.run_foot import RunFoot
from difffit_app.widgets.run_panel import RunPanel
from difffit_app.widgets.shared_resolution import SharedResolution
from difffit_core.align.symmetry_recipe import SymmetryRecipe
from difffit_core.errors import UserError
from difffit_core.fit.request import FitProgress


class SymmetryPanel(RunPanel):
    """``asked`` carries a `SymmetryRecipe` of the map by its id; what is set up elsewhere it leaves out."""

    ELSEWHERE = ("level", "impose", "device", "threads")
    """Fields that others set: the map's own level and the preferences; imposing is a step of its own."""

    asked = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(RunFoot("Find Symmetry", "Progress of the search for symmetry"), parent)
        self.map, self.title, self.told = ItemsBox(), QLabel(), QLabel()
        self.resolution, self.seed = resolution_box("Resolution of the map"), seed_box("Seed of the search for symmetry")
        self._resolution = SharedResolution(session, self.map, self.resolution)
        set_up_choice(self.map, "Map whose symmetry is looked for")
        self.title.setObjectName("sectionTitle")
        for label in (self.title, self.told):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        rows = (("Map", self.map), ("Resolution", self.resolution), ("Seed", self.seed))
        lay_out(self, scrolling_column(form_of(rows), self.title, self.told), self.foot)
        self.foot.start.setToolTip("Lay the map onto itself in every way, and draw the axes of the symmetry it has")
        self.foot.cancel.setToolTip("Stop (nothing is known of a symmetry before the end)")
        self.foot.start.clicked.connect(self.ask)
        self.map.currentIndexChanged.connect(self._enable)
        self.map.follow_maps(session, self._subscriptions, self._enable)
        self._resolution.follow(self._subscriptions)
        self._enable()

    def ask(self) -> None:
        """Report what to look for."""
        recipe = None if self.running else self.recipe()
        if recipe is not None:
            self.asked.emit(recipe)

    def recipe(self) -> SymmetryRecipe | None:
        """What `asked` carries; None while there is no map, or, `refused` in a sentence, something is no value."""
        if self.map.count() == 0:
            return None
        given = {"map": self.map.currentData(), "resolution": self._resolution.value(), "seed": self.seed.value()}
        try:
            return SymmetryRecipe.checked(given)
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_recipe(self, recipe: SymmetryRecipe) -> None:
        """Set the panel up for what was asked for."""
        self.map.setCurrentIndex(self.map.findData(recipe.map))
        self._resolution.show(recipe.resolution)
        self.seed.setValue(recipe.seed)

    def show_progress(self, progress: FitProgress) -> None:
        self.foot.follow(progress)

    def show_found(self, title: str, lines: tuple[str, ...]) -> None:
        """Tell what was found; nothing for nothing."""
        self.title.setText(title)
        self.told.setText("\n".join(lines))

    def _enable(self) -> None:
        self.foot.enable(self.map.count() > 0)
