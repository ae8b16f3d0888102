"""Where it is set up which maps to lay onto which, and where that is followed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from difffit_app.state.items import OpenMap
from difffit_app.state.names import names_of_items
from difffit_app.state.session import Session
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.exact_value import ExactValue
from difffit_app.widgets.fields import form_of, resolution_box, seed_box, set_up_choice
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.quiet import quietly
from difffit_app.widgets.run_foot import RunFoot
from difffit_app.widgets.run_panel import RunPanel
from difffit_app.widgets.settings_form import SettingsForm, make_editor
from difffit_core.align.recipe import AlignRecipe
from difffit_core.errors import UserError
from difffit_core.fit.request import FitProgress
from difffit_core.fit.setting_words import nearest_preset
from difffit_core.fit.settings import FitSettings, Preset

_ID = Qt.ItemDataRole.UserRole
_ROWS = 3


class AlignPanel(RunPanel):
    """``asked`` carries an `AlignRecipe` of the maps by their ids; what is set up elsewhere it leaves out."""

    ELSEWHERE = ("level", "moving_level", "device", "threads")
    """Fields that others set: the maps' own levels, and the preferences."""

    asked = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(RunFoot("Align", "Progress of the alignment"), parent)
        self._session = session
        self.map, self.moving, self.preset = ItemsBox(), QListWidget(), QComboBox()
        self.resolution, self.seed = resolution_box("Resolution to align at"), seed_box("Seed of the alignment")
        self._resolution = ExactValue(self.resolution)
        self.hand, self.points = (make_editor(name, AlignRecipe.model_fields[name]) for name in ("hand", "points"))
        self.fit_form = SettingsForm()
        self._set_up()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form_of((("Points", self.points), ("Seed", self.seed))))
        column.addWidget(self.fit_form)
        rows = (("Onto", self.map), ("Move", self.moving), ("Resolution", self.resolution), ("Hand", self.hand), ("Preset", self.preset))
        lay_out(self, scrolling_column(form_of(rows), Fold("Advanced", inner)), self.foot)
        self.preset.currentIndexChanged.connect(lambda: self.fit_form.show_settings(FitSettings.preset(self.preset.currentData())))
        self.preset.setCurrentIndex(self.preset.findData(Preset.BALANCED.value))
        for name, editor in (("hand", self.hand), ("points", self.points)):
            editor.set_value(AlignRecipe.model_fields[name].default)
        self.foot.start.clicked.connect(self.ask)
        self.map.currentIndexChanged.connect(self._list)
        self.moving.itemChanged.connect(lambda _: self._enable())
        events = session.events
        self.map.follow_maps(session, self._subscriptions, self._list)
        self._subscriptions.add(events.renamed, lambda *_: self._list())
        self._list()

    @property
    def can_align(self) -> bool:
        return self.map.count() > 1 and bool(self.chosen())

    def chosen(self) -> tuple[str, ...]:
        """Ids of the maps that are to be moved."""
        rows = [self.moving.item(row) for row in range(self.moving.count())]
        return tuple(row.data(_ID) for row in rows if row.checkState() == Qt.CheckState.Checked)

    def propose(self, moving: str) -> None:
        """Have one map moved onto another one: not onto itself."""
        others = [name for name in self._session.maps if name != moving]
        if others and self.map.currentData() == moving:
            self.map.setCurrentIndex(self.map.findData(others[0]))
        self._list(frozenset({moving}))

    def ask(self) -> None:
        """Report what to align; a setting that is no value is refused in a sentence."""
        recipe = None if self.running else self.recipe()
        if recipe is not None:
            self.asked.emit(recipe)

    def recipe(self) -> AlignRecipe | None:
        """What `asked` carries; None while something is missing, or, `refused` in a sentence, no value."""
        if not self.can_align:
            return None
        try:
            return AlignRecipe.checked(
                {
                    "fixed": self.map.currentData(),
                    "moving": self.chosen(),
                    "resolution": self._resolution.value(),
                    "hand": self.hand.value(),
                    "points": self.points.value(),
                    "settings": FitSettings.preset(self.preset.currentData(), **self.fit_form.changes()),
                    "seed": self.seed.value(),
                }
            )
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_recipe(self, recipe: AlignRecipe) -> None:
        """Set the panel up for what was asked for."""
        self.map.setCurrentIndex(self.map.findData(recipe.fixed))
        self._list(frozenset(recipe.moving))
        self._resolution.show(recipe.resolution)
        self.hand.set_value(recipe.hand)
        self.points.set_value(recipe.points)
        preset, _ = nearest_preset(recipe.settings)
        self.preset.setCurrentIndex(max(self.preset.findData(preset.value), 0))
        self.fit_form.show_changed(recipe.settings)
        self.seed.setValue(recipe.seed)

    def show_progress(self, progress: FitProgress) -> None:
        self.foot.follow(progress)

    def _set_up(self) -> None:
        set_up_choice(self.map, "Map that stays")
        set_up_choice(self.preset, "Preset of the search")
        for preset in (Preset.FAST, Preset.BALANCED, Preset.EXHAUSTIVE):
            self.preset.addItem(preset.value.capitalize(), preset.value)
        self.moving.setAccessibleName("Maps to lay onto it")
        self.moving.setToolTip("Tick the maps to lay onto the other, each from anywhere and of either hand")
        self.moving.setFixedHeight(_ROWS * (self.moving.fontMetrics().height() + 8))
        self.map.setToolTip("The map that stays where it is")
        self.foot.start.setToolTip("Find where the ticked maps lie in the other, and of which hand they are")
        self.foot.cancel.setToolTip("Stop, and keep the best place found until then (Esc)")

    def _list(self, ticked: object = None) -> None:
        """The other maps, those ticked that were; where none was, one alone is."""
        before = ticked if isinstance(ticked, frozenset) else frozenset(self.chosen())
        others = [item for item in self._session.maps.values() if item.id != self.map.currentData()]
        if not any(item.id in before for item in others) and others:
            before = frozenset({others[-1].id})
        with quietly(self.moving):
            self.moving.clear()
            names = names_of_items(self._session, self._session.maps)
            for item in others:
                self.moving.addItem(_row(item, names[item.id], item.id in before))
        self._follow_resolution()
        self._enable()

    def _follow_resolution(self) -> None:
        """Of the coarser map, where the maps say it."""
        known = [self._session.resolution(name) for name in (self.map.currentData(), *self.chosen()) if name in self._session.maps]
        values = [one.value for one in known if one is not None]
        if values and not self.resolution.hasFocus():
            self._resolution.show(max(values))

    def _enable(self) -> None:
        self.foot.enable(self.can_align)


def _row(item: OpenMap, name: str, ticked: bool) -> QListWidgetItem:
    row = QListWidgetItem(name)
    row.setData(_ID, item.id)
    row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    row.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    return row
