"""Where half maps are named, and reading them is followed."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from difffit_app.state.session import Session
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.fields import form_of, resolution_box, seed_box, set_up_choice
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.path_field import PathField
from difffit_app.widgets.run_foot import RunFoot
from difffit_app.widgets.run_panel import RunPanel
from difffit_app.widgets.settings_form import make_editor
from difffit_app.widgets.shared_resolution import SharedResolution
from difffit_core.errors import UserError
from difffit_core.halves.recipe import HalvesRecipe


class HalvesPanel(RunPanel):
    """``asked`` carries a `HalvesRecipe`, and the id of the map that they are halves of, or None."""

    ELSEWHERE = ("level",)
    """A field that is left as it is."""

    asked = Signal(object, object)
    map_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(RunFoot("Read Half Maps", "Progress of reading half maps"), parent)
        self.map, self.resolution, self.seed = ItemsBox(), resolution_box("Stated resolution"), seed_box("Seed of random phases")
        self._resolution = SharedResolution(session, self.map, self.resolution)
        self.first = PathField("First half map", "A reconstruction from one half of the data", "half map 1")
        self.second = PathField("Second half map", "A reconstruction from the other half", "half map 2")
        self.mask_file = PathField("Mask", "Values from 0 to 1 on the same grid; drawn round the density if none", "drawn round it")
        self.local = make_editor("local", HalvesRecipe.model_fields["local"])
        set_up_choice(self.map, "Map that they are halves of")
        self.map.addItem("None: the two alone", None)
        self.local.set_value(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form_of((("Mask", self.mask_file), ("Seed", self.seed))))
        rows = (
            ("Map", self.map),
            ("Half map 1", self.first),
            ("Half map 2", self.second),
            ("Stated", self.resolution),
            ("By place", self.local),
        )
        lay_out(self, scrolling_column(form_of(rows), Fold("More", inner)), self.foot)
        self.foot.start.setToolTip("Tell resolution and noise by what the half maps share and what they do not")
        self.foot.cancel.setToolTip("Stop")
        self.foot.start.clicked.connect(self.ask)
        self.map.currentIndexChanged.connect(self._follow)
        for field in (self.first, self.second):
            field.changed.connect(self._enable)
        self.map.follow_maps(session, self._subscriptions, self._follow)
        self._resolution.follow(self._subscriptions)
        self._enable()

    @property
    def can_read(self) -> bool:
        return self.first.path() is not None and self.second.path() is not None

    def ask(self) -> None:
        """Report what to read; what is no value is refused in a sentence."""
        recipe = None if self.running else self.recipe()
        if recipe is not None:
            self.asked.emit(recipe, self.map.currentData())

    def recipe(self) -> HalvesRecipe | None:
        """What `asked` carries; None while a file is missing, or, `refused` in a sentence, something is no value."""
        if not self.can_read:
            return None
        given = {
            "first": str(self.first.path()),
            "second": str(self.second.path()),
            "resolution": self._resolution.value(),
            "mask": str(self.mask_file.path() or ""),
            "local": self.local.value(),
            "seed": self.seed.value(),
        }
        try:
            return HalvesRecipe.checked(given)
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_recipe(self, recipe: HalvesRecipe) -> None:
        """Set the panel up for what was asked for."""
        self.show_files(Path(recipe.first), Path(recipe.second))
        if recipe.resolution is not None:
            self._resolution.show(recipe.resolution)
        self.mask_file.set_path(Path(recipe.mask) if recipe.mask else None)
        self.local.set_value(recipe.local)
        self.seed.setValue(recipe.seed)

    def show_files(self, first: Path | None, second: Path | None) -> None:
        """Name the half maps."""
        self.first.set_path(first)
        self.second.set_path(second)

    def show_progress(self, told: tuple[str, float]) -> None:
        self.foot.show_progress(told[1], told[0])

    def _follow(self) -> None:
        self.map_chosen.emit(self.map.currentData())
        self._enable()

    def _enable(self) -> None:
        self.foot.enable(self.can_read)
