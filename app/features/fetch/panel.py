"""Where it is said what to fetch, and where that is followed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.fields import form_of
from difffit_app.widgets.fold import Fold
from difffit_app.widgets.path_field import PathField
from difffit_app.widgets.run_foot import RunFoot
from difffit_app.widgets.run_panel import RunPanel
from difffit_app.widgets.settings_form import make_editor
from difffit_core.errors import UserError
from difffit_core.fetch.accession import Accession, Archive
from difffit_core.fetch.recipe import FetchRecipe

if TYPE_CHECKING:
    from difffit_core.fetch.run import FetchProgress

_KINDS = {Archive.EMDB: "map", Archive.PDB: "entry", Archive.ALPHAFOLD: "prediction"}


class FetchPanel(RunPanel):
    """``asked`` carries a `FetchRecipe`; where the files go to is `folder`, which is asked for by ``folder_asked``."""

    ELSEWHERE = ("mirrors", "only_mirrors")
    """Fields that the environment sets, for all fetches."""

    asked = Signal(object)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(RunFoot("Fetch", "Progress of the download"), parent)
        self.entries, self.read = QLineEdit(), QLabel()
        self.entries.setAccessibleName("Accessions")
        self.entries.setPlaceholderText("EMD-21897  6WTI  AF-P12345-F1")
        self.entries.setToolTip("Maps of EMDB, entries and assemblies of the PDB, predictions of AlphaFold DB, in any usual spelling")
        self.read.setObjectName("dim")
        self.read.setWordWrap(True)
        self.half_maps, self.pae, self.again, self.proxy = (
            make_editor(name, FetchRecipe.model_fields[name]) for name in ("half_maps", "pae", "again", "proxy")
        )
        self.folder = PathField("Folder", "Where copies of the files are put; none if empty", "the cache alone")
        self._most = 0.0
        top = form_of((("Accessions", self.entries), ("", self.read), ("Half maps", self.half_maps), ("PAE", self.pae)))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form_of((("Folder", self.folder), ("Fetch anew", self.again), ("Proxy", self.proxy))))
        lay_out(self, scrolling_column(top, Fold("More", inner)), self.foot)
        self.show_recipe(FetchRecipe())
        self.entries.textChanged.connect(self._enable)
        self.entries.returnPressed.connect(self.ask)
        self.foot.start.clicked.connect(self.ask)
        self.foot.start.setToolTip("Fetch them, and open maps and models")
        self.foot.cancel.setToolTip("Stop; what came in part is gone on with the next time")
        self._enable()

    @property
    def can_fetch(self) -> bool:
        """Whether accessions stand there, and nothing else."""
        return bool(self._accessions()[0])

    def ask(self) -> None:
        """Report what to fetch; what is no accession is refused in a sentence."""
        if self.running:
            return
        _, problem = self._accessions()
        if problem:
            self.refused.emit(problem)
        elif self.can_fetch:
            self.asked.emit(self.recipe())

    def recipe(self) -> FetchRecipe:
        """What `asked` carries, with the accessions as they are written in full."""
        return FetchRecipe(
            entries=tuple(str(one) for one in self._accessions()[0]),
            half_maps=self.half_maps.value(),
            pae=self.pae.value(),
            again=self.again.value(),
            proxy=self.proxy.value(),
        )

    def show_recipe(self, recipe: FetchRecipe) -> None:
        """Set the panel up for what was asked for."""
        self.entries.setText(" ".join(recipe.entries))
        for name in ("half_maps", "pae", "again", "proxy"):
            getattr(self, name).set_value(getattr(recipe, name))
        self._enable()

    def show_running(self, running: bool) -> None:
        self._most = 0.0
        self.foot.show_running(running)
        self._enable()

    def show_progress(self, progress: "FetchProgress") -> None:
        part = progress.have / progress.total if progress.total else 0.0
        self._most = max(self._most, min((progress.done + part) / max(progress.count, 1), 1.0))
        size = f"{progress.have / 1e6:.1f}" + (f" of {progress.total / 1e6:.1f} MB" if progress.total else " MB")
        parts = [progress.name, size] if progress.name else [f"{progress.received / 1e6:.1f} MB"]
        self.foot.show_progress(self._most, *parts, f"{progress.done} of {progress.count} entries")

    def _accessions(self) -> tuple[tuple[Accession, ...], str]:
        """What stands there, or none and why."""
        try:
            return FetchRecipe(entries=(self.entries.text(),)).accessions(), ""
        except UserError as error:
            return (), str(error)

    def _enable(self) -> None:
        found, problem = self._accessions()
        self.read.setText(problem or "  ·  ".join(_named(one) for one in found) or "From EMDB, the PDB and AlphaFold DB")
        self.foot.enable(bool(found))
        self.changed.emit()


def _named(one: Accession) -> str:
    """``map EMD-21897``, ``assembly 1 of 6WTI``."""
    if one.archive is Archive.PDB and one.part:
        return f"assembly {one.part} of {one.name}"
    return f"{_KINDS[one.archive]} {one}"
