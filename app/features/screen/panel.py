"""Where the screen of a library is set up, started, followed and stopped."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from difffit_app.state.screening import ScreeningState, ScreenNews
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.styles import MapStyle
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.dropping import dropped_library
from difffit_app.widgets.exact_value import ExactValue
from difffit_app.widgets.fields import form_of, resolution_box, seed_box, set_up_choice
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.number_box import DecimalBox, WholeBox
from difffit_app.widgets.path_field import PathField
from difffit_app.widgets.progress_line import ProgressLine
from difffit_app.widgets.shared_resolution import SharedResolution
from difffit_app.widgets.status_line import StatusLine
from difffit_app.widgets.store_field import StoreField
from difffit_core.errors import UserError
from difffit_core.fit.setting_words import nearest_preset
from difffit_core.fit.settings import FitSettings, Preset
from difffit_core.screen.filters import Filters
from difffit_core.screen.recipe import ScreenRecipe

STORE_SUFFIX = ".sqlite"
_SPLITS = (
    ("none", "Whole files", "Each file is one model"),
    ("chain", "Chains", "Every chain of a file is a model of its own"),
    ("domain", "Domains", "Every domain of a file is a model of its own, by the PAE file beside it or, without one, by compactness"),
)
_PRESET_HELP = {
    Preset.FAST: "Of the full search that the promising models get: quick",
    Preset.BALANCED: "Of the full search that the promising models get: the default",
    Preset.EXHAUSTIVE: "Of the full search that the promising models get: for hard maps",
    Preset.PAPER: "Of the full search that the promising models get: as in the DiffFit paper",
}


class ScreenPanel(QWidget):
    """``start_asked`` carries a `ScreenRecipe` of the map by its id, the file to keep it in, and processes (None for all cores)."""

    ELSEWHERE = ("level", "device", "promising", "half_maps")
    """Fields that others set: the map and the preferences; and those that are left as they are."""

    start_asked = Signal(object, object, object)
    refused = Signal(str)
    stop_asked = Signal()
    resume_asked = Signal(object)
    add_asked = Signal()
    library_asked = Signal()
    store_asked = Signal()
    screen_dropped = Signal(object)

    def __init__(self, session: Session, view_state: ViewState, screening: ScreeningState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._view_state, self._screening = session, view_state, screening
        self.map, self.split, self.preset = ItemsBox(), QComboBox(), QComboBox()
        self.level, self.of_several = QLabel("–"), QLineEdit()
        self.resolution, self.plddt = resolution_box("Resolution of the map to screen"), DecimalBox()
        self._resolution, self._plddt = SharedResolution(session, self.map, self.resolution), ExactValue(self.plddt)
        self.at_least, self.at_most, self.processes = WholeBox(), WholeBox(), WholeBox()
        self.seed = seed_box("Seed of the screen")
        self.library = PathField("Library", "A folder of models, or a text file with a path a line; or drop one here", "folder of models")
        self.store = StoreField(
            "File of the screen", "Where everything that is found is kept as it comes", "_screen", STORE_SUFFIX, "screen.sqlite"
        )
        self.start, self.stop = QPushButton("Start"), QPushButton("Stop")
        self.resume, self.add = QPushButton("Resume"), QPushButton("Add Models …")
        self.bar, self.status = ProgressLine("Progress of the screen"), StatusLine()
        self._set_up()
        self._lay_out()
        self.setAcceptDrops(True)

        self.start.clicked.connect(self.ask)
        self.stop.clicked.connect(self.stop_asked)
        self.resume.clicked.connect(lambda: self.resume_asked.emit(self.jobs()))
        self.add.clicked.connect(self.add_asked)
        self.library.asked.connect(self.library_asked)
        self.store.asked.connect(self.store_asked)
        self.library.changed.connect(self._suggest_store)
        self.store.changed.connect(self._enable)
        self.map.currentIndexChanged.connect(self._show_level)
        self._subscriptions = Subscriptions()
        self.map.follow_maps(session, self._subscriptions, self._on_maps)
        self._resolution.follow(self._subscriptions)
        for signal, slot in (
            (view_state.map_style_changed, self._on_style),
            (screening.running_changed, self._on_running),
            (screening.told, self._tell),
            (screening.screen_changed, lambda _: self._enable()),
        ):
            self._subscriptions.add(signal, slot)
        self._enable()

    def shut(self) -> None:
        self._subscriptions.end()

    @property
    def can_start(self) -> bool:
        return self.map.count() > 0 and self.library.path() is not None and self.store.path() is not None and not self._screening.running

    def jobs(self) -> int | None:
        """How many processes are asked for; None for one a core or GPU."""
        return self.processes.value() or None

    def ask(self) -> None:
        """Report what to screen; a file that was suggested and has come to be meanwhile is left alone."""
        store = self.store.path()
        if not self.store.own and store is not None and os.path.exists(store):
            self._suggest_store()
        recipe = self.recipe() if self.can_start else None
        if recipe is not None:
            self.start_asked.emit(recipe, self.store.path(), self.jobs())

    def recipe(self) -> ScreenRecipe | None:
        """What is set up; None, `refused` in a sentence, where that is no value."""
        filters = {
            "min_residues": self.at_least.value(),
            "max_residues": self.at_most.value(),
            "min_plddt": self._plddt.value(),
            "split": self.split.currentData(),
            "models": self.of_several.text().replace(" ", ""),
        }
        try:
            return ScreenRecipe.checked(
                {
                    "map": self.map.currentData(),
                    "library": str(self.library.path() or ""),
                    "resolution": self._resolution.value(),
                    "filters": Filters.checked(filters),
                    "settings": FitSettings.preset(self.preset.currentData()),
                    "seed": self.seed.value(),
                }
            )
        except UserError as error:
            self.refused.emit(str(error))
            return None

    def choose_library(self, path: Path) -> None:
        """Take a folder, or a list, of models."""
        self.library.set_path(path)

    def choose_store(self, path: Path) -> None:
        """Keep the screen there; its suffix is added to a name without it."""
        self.store.choose(path if path.suffix else path.with_suffix(STORE_SUFFIX))

    def show_set_up(self, map_id: str | None, record: Mapping[str, Any], libraries: Sequence[str], store: Path) -> None:
        """Show how a screen was set up, so that it can be repeated with changes."""
        if map_id is not None:
            self.map.setCurrentIndex(self.map.findData(map_id))
        self._resolution.show(record["resolution"])
        if record["seed"] <= self.seed.maximum():
            self.seed.setValue(record["seed"])
        filters = record["filters"]
        self.at_least.setValue(filters["min_residues"])
        self.at_most.setValue(filters["max_residues"])
        self._plddt.show(filters["min_plddt"])
        self.split.setCurrentIndex(self.split.findData(filters["split"]))
        self.of_several.setText(filters.get("models", ""))
        with suppress(UserError):  # of another version of the program; the preset stays as it is then
            self.preset.setCurrentIndex(self.preset.findData(nearest_preset(FitSettings.checked(dict(record["settings"])))[0].value))
        if libraries:
            self.library.set_path(Path(libraries[0]))
        self.store.choose(store, own=False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_library(event, (STORE_SUFFIX,)) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_library(event, (STORE_SUFFIX,))
        if path is None:
            return
        event.acceptProposedAction()
        if path.suffix == STORE_SUFFIX:
            self.screen_dropped.emit(path)
        else:
            self.choose_library(path)

    def _set_up(self) -> None:
        for box, name in (
            (self.map, "Map to screen"),
            (self.split, "What of a file is a model"),
            (self.preset, "Preset of the full search"),
        ):
            set_up_choice(box, name)
        for value, text, tip in _SPLITS:
            self.split.addItem(text, value)
            self.split.setItemData(self.split.count() - 1, tip, 3)
        for preset in (Preset.FAST, Preset.BALANCED, Preset.EXHAUSTIVE, Preset.PAPER):
            self.preset.addItem(preset.value.capitalize(), preset.value)
            self.preset.setItemData(self.preset.count() - 1, _PRESET_HELP[preset], 3)
        self.preset.setCurrentIndex(self.preset.findData(Preset.BALANCED.value))
        self.preset.setToolTip("Every model gets a quick first pass; those that look promising get the full search of this preset")
        self.of_several.setPlaceholderText("first or all, as the atoms say")
        self.of_several.setAccessibleName("Which of several models in a file")
        self.of_several.setToolTip(
            "Of files that hold several models: a number, several with commas between them, or all; if empty, the first of alternatives, "
            "and all parts of an assembly"
        )
        self.level.setObjectName("dim")
        self.level.setToolTip("As it is set in the Map panel when the screen starts")
        for spin, name, words, tip in (
            (self.at_least, "Residues at least", "any", "Models with fewer residues are left out"),
            (self.at_most, "Residues at most", "any", "Models with more residues are left out"),
            (self.processes, "Processes", "all cores", "How many models are tried at a time"),
        ):
            spin.setRange(0, 100_000 if spin is not self.processes else 1024)
            spin.setSpecialValueText(words)
            spin.setAccessibleName(name)
            spin.setToolTip(tip)
        self.plddt.setRange(0, 100)
        self.plddt.setDecimals(0)
        self.plddt.setSingleStep(10)
        self.plddt.setSpecialValueText("any")
        self.plddt.setAccessibleName("Least pLDDT")
        self.plddt.setToolTip("Residues of predicted models below this take no part; leave it at any for experimental models")
        self.start.setObjectName("primary")
        self.start.setToolTip("Try every model of the library in the map")
        self.stop.setToolTip("Stop; what is found is kept, and Resume goes on")
        self.resume.setToolTip("Go on with the screen that is open, as it was set up")
        self.add.setToolTip("Have more models tried in the screen that is open")

    def _lay_out(self) -> None:
        residues = QHBoxLayout()
        residues.addWidget(self.at_least, 1)
        residues.addWidget(QLabel("to"))
        residues.addWidget(self.at_most, 1)
        rows: tuple[tuple[str, QWidget | QLayout], ...] = (
            ("Map", self.map),
            ("Level", self.level),
            ("Resolution", self.resolution),
            ("Library", self.library),
            ("Kept in", self.store),
            ("Models", self.split),
            ("Of several", self.of_several),
            ("Residues", residues),
            ("pLDDT from", self.plddt),
            ("Preset", self.preset),
            ("Processes", self.processes),
            ("Seed", self.seed),
        )
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 6, 10, 10)
        foot.addWidget(self.status)
        foot.addWidget(self.bar)
        for pair in ((self.start, self.stop), (self.resume, self.add)):
            row = QHBoxLayout()
            for button in pair:
                row.addWidget(button, 1)
            foot.addLayout(row)
        lay_out(self, scrolling_column(form_of(rows)), foot)

    def _on_maps(self) -> None:
        self._show_level()
        self._enable()

    def _show_level(self) -> None:
        style = self._view_state.maps.get(self.map.currentData())
        self.level.setText("–" if style is None else f"{style.level:.4g}, as in the Map panel")

    def _on_style(self, identifier: str, _: MapStyle) -> None:
        if identifier == self.map.currentData():
            self._show_level()

    def _suggest_store(self) -> None:
        self.store.suggest(self.library.path(), self._session.path)
        self._enable()

    def _on_running(self, _: bool) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(0)
        self._enable()

    def _tell(self, news: ScreenNews) -> None:
        progress = news.progress
        if progress is not None:
            self.bar.setValue(round(1000 * progress.done / max(progress.total, 1)))
        if progress is not None or news.words or news.table is None:
            self.status.setText(in_words(news))

    def _enable(self) -> None:
        running, there = self._screening.running, self._screening.screen is not None
        self.start.setEnabled(self.can_start)
        self.stop.setEnabled(running)
        self.resume.setEnabled(there and not running)
        self.add.setEnabled(there and not running)
        self.bar.setVisible(running)


def in_words(news: ScreenNews) -> str:
    """How far a screen is: ``first pass: 120 of 311  ·  2 failed  ·  466 a minute  ·  25 s left``."""
    progress = news.progress
    if progress is None:
        return news.words
    parts = [f"{progress.stage}: {progress.done:,} of {progress.total:,}"]
    parts += [f"{progress.failed:,} failed"] if progress.failed else []
    parts += [f"{progress.left_out:,} left out"] if progress.left_out else []
    parts += [f"{news.per_minute:,.0f} a minute"] if news.per_minute is not None else []
    if progress.remaining_s is not None and progress.done < progress.total:
        seconds = progress.remaining_s
        parts.append(
            f"{seconds:.0f} s left"
            if seconds < 90
            else f"{seconds / 60:.0f} min left"
            if seconds < 7200
            else f"{seconds / 3600:.0f} h left"
        )
    return "  ·  ".join(parts)
