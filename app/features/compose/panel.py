"""Where models are placed together, and where it is told what a composite is like."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QListWidget,
    QVBoxLayout,
    QWidget,
)

from difffit_app.features.compose.wanted_list import WantedList
from difffit_app.state.composing import Examined
from difffit_app.state.items import OpenFit
from difffit_app.state.session import Session
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.fields import form_of, resolution_box, seed_box, set_up_choice
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.quiet import quietly
from difffit_app.widgets.run_foot import RunFoot
from difffit_app.widgets.run_panel import RunPanel
from difffit_app.widgets.settings_form import SettingsForm, basic_and_others
from difffit_app.widgets.shared_resolution import SharedResolution
from difffit_core.compose.recipe import ComposeRecipe
from difffit_core.compose.settings import ComposeSettings
from difffit_core.errors import UserError
from difffit_core.fit.request import FitProgress
from difffit_core.fit.settings import FitSettings, Preset


class ComposePanel(RunPanel):
    """``asked`` carries a `ComposeRecipe` of the map and the models by their ids; what is set up elsewhere it leaves out."""

    ELSEWHERE = ("level", "models", "device", "threads", "half_maps")
    """Fields that others set: the map, the models' files, and the preferences; half maps, the command line."""

    asked = Signal(object)
    island_chosen = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(RunFoot("Compose", "Progress of the composite"), parent)
        self.map, self.preset = ItemsBox(), QComboBox()
        self.resolution = resolution_box("Resolution of the map to compose in", tracking=False)
        self.seed = seed_box("Seed of the composite")
        self._resolution = SharedResolution(session, self.map, self.resolution)
        self.wanted = WantedList(session)
        self.basic, self.advanced = basic_and_others(ComposeSettings)
        self.fit_form = SettingsForm()
        self.told, self.islands = QLabel(), QListWidget()
        self._scrolling = QTimer(self, singleShot=True, interval=100)  # once the column has grown for what is told
        self._scrolling.timeout.connect(self._go_to_told)
        self._told_wanted = False
        self._set_up()
        self._lay_out()
        self.preset.currentIndexChanged.connect(lambda: self.fit_form.show_settings(FitSettings.preset(self.preset.currentData())))
        self.preset.setCurrentIndex(self.preset.findData(Preset.BALANCED.value))
        self.foot.start.clicked.connect(self.ask)
        self.wanted.changed.connect(self._enable)
        self.islands.currentRowChanged.connect(lambda row: self.island_chosen.emit(row) if row >= 0 else None)
        events = session.events
        self.map.follow_maps(session, self._subscriptions, self._enable)
        self._resolution.follow(self._subscriptions)
        self.foot.forget_with(session.events, self._subscriptions)
        self._subscriptions.add(events.fit_selected, self._follow_fit)
        self.show_examined(None)
        self._enable()

    def shut(self) -> None:
        self._scrolling.stop()
        super().shut()
        self.wanted.shut()

    @property
    def can_compose(self) -> bool:
        return self.map.count() > 0 and bool(self.wanted.chosen())

    def ask(self) -> None:
        """Report what to compose; a setting that is no value is refused in a sentence."""
        recipe = None if self.running else self.recipe()
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
                    "wanted": self.wanted.wanted(),
                    "resolution": self._resolution.value(),
                    "settings": ComposeSettings.checked({**self.basic.changes(), **self.advanced.changes()}),
                    "fit_settings": FitSettings.preset(self.preset.currentData(), **self.fit_form.changes()),
                    "seed": self.seed.value(),
                }
            )
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def show_progress(self, progress: FitProgress) -> None:
        self.foot.follow(progress)

    def show_examined(self, examined: Examined | None) -> None:
        """Tell what the chosen composite is like; None where that is not known."""
        self.told.setText("" if examined is None else "\n".join(examined.lines))
        self.told.setVisible(examined is not None)
        with quietly(self.islands):
            self.islands.clear()
            for text in () if examined is None else examined.islands:
                self.islands.addItem(text)
        self.islands.setVisible(examined is not None and bool(examined.islands))
        if examined is not None and self._told_wanted:
            self._scrolling.start()

    def show_running(self, running: bool) -> None:
        super().show_running(running)
        self._told_wanted = self._told_wanted or running

    def go_to_told(self) -> None:
        """Have what is told of a composite in view once it is there: it was asked for."""
        self._told_wanted = True
        if self.told.text():
            self._scrolling.start()

    def go_to_top(self) -> None:
        """Have the panel in view as it is filled in, from its first field."""
        self._told_wanted = False
        self._scrolling.stop()
        self._area.verticalScrollBar().setValue(0)

    def _go_to_told(self) -> None:
        self._told_wanted = False
        self._area.verticalScrollBar().setValue(self.told.y())  # its first lines say most

    def _set_up(self) -> None:
        for box, name in ((self.map, "Map to compose in"), (self.preset, "Preset of the fits")):
            set_up_choice(box, name)
        for preset in (Preset.FAST, Preset.BALANCED, Preset.EXHAUSTIVE):
            self.preset.addItem(preset.value.capitalize(), preset.value)
        self.foot.start.setToolTip("Place all these models together")
        self.foot.cancel.setToolTip("Stop, and put together what was found (Esc)")
        self.islands.setAccessibleName("Pieces of density that nothing explains")
        self.islands.setToolTip("Choose a piece to go there")
        self.islands.setWordWrap(True)
        self.islands.setMinimumHeight(70)
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _lay_out(self) -> None:
        top = form_of((("Map", self.map), ("Resolution", self.resolution)))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.advanced)
        column.addLayout(form_of((("Seed", self.seed), ("Preset", self.preset))))
        column.addWidget(self.fit_form)
        self._area = scrolling_column(top, self.wanted, self.basic, Fold("Advanced", inner), self.told, self.islands)
        lay_out(self, self._area, self.foot)

    def _follow_fit(self, fit: OpenFit | None) -> None:
        """The resolution of the fit that is looked at is likely that of the map."""
        if fit is not None and not self.running:
            self._resolution.show(fit.record.resolution)

    def _enable(self) -> None:
        self.foot.enable(self.can_compose)
