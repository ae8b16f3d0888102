"""What features offer one another, as protocols: features do not import one another, and `application` hands each what it asks for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from psygnal import SignalInstance as Event
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction

from difffit_app.state.selection import Selection
from difffit_app.state.subjects import Subject as Pointed
from difffit_core.fit.recipe import FitRecipe
from difffit_core.project.composites import CompositeRecord
from difffit_core.split.recipe import SplitRecipe

Subject = tuple[str, str, tuple[str, ...], float]
"""What is to be fitted: map id, model id, chains, and resolution in Å."""

SubjectOf = Callable[[], Subject | None]
"""What is set up to be fitted; None while something of it is missing."""

ResolutionOf = Callable[[CompositeRecord], float | None]
"""Resolution in Å of what a composite was fitted at; None where that is not known."""


class FitSetUp(Protocol):
    """Where a fit is set up."""

    @property
    def set_up_changed(self) -> SignalInstance: ...

    def subject(self) -> Subject | None: ...

    def recipe(self) -> FitRecipe | None:
        """All that is set up; None while something is missing, or, told in a sentence, no value."""

    def ask(self) -> None:
        """Begin the fit, as a press of its button would."""

    def map_id(self) -> str | None:
        """The map that is chosen there."""

    def choose_map(self, identifier: str) -> None: ...

    def choose_model(self, identifier: str, chains: Sequence[str]) -> None:
        """Have these chains of a model fitted; all of them where there are none."""

    def show_searched(self, text: str) -> None:
        """What of the map a fit would look in, if not all."""


class ChosenRows(Protocol):
    """The table of placements."""

    def chosen_ranks(self) -> list[int]:
        """Ranks of the selected rows, from top to bottom."""

    def offer(self, accept: QAction) -> None:
        """Put the action that accepts what is selected on a button."""


class OpenFiles(Protocol):
    """Who opens and closes maps, models and projects."""

    @property
    def opened(self) -> Event: ...

    also_opens: dict[str, Callable[[Path], None]]

    def open_paths(self, paths: Sequence[Path]) -> None: ...

    def recover(self, path: Path, origin: Path | None, on_shown: Callable[[], None]) -> None:
        """Open what was kept of a project that lay at ``origin``."""

    def rename(self, identifier: str, name: str) -> None: ...

    def remove(self, identifier: str) -> None: ...

    def close_all(self) -> None: ...

    def show_models(self, identifier: str, which: str) -> None:
        """Have other models of its file in place of one."""

    def choose_models(self, identifier: str) -> None:
        """Ask which of the models of a file to read."""


class Selects(Protocol):
    """Who selects parts of models; see `state.subjects`."""

    def pick(self, subject: Pointed | None, *, add: bool = False) -> None:
        """Select a model, a chain or a residue alone; with ``add``, too, or not any more."""

    def hide_subject(self, subject: Pointed) -> None:
        """Draw a chain or a residue no more."""

    def colour(self, colour: str, subject: Pointed | None = None) -> None:
        """Give a chain or a residue a colour of its own."""

    def select(self, selection: Selection) -> None:
        """Have these residues selected."""

    def draw_residues(self, residues: Mapping[str, Iterable[int]], shown: bool) -> None:
        """Draw these of models, or not."""

    def colour_residues(self, colour: str, residues: Mapping[str, Iterable[int]]) -> None:
        """Give these a colour of their own."""


class Styles(Protocol):
    """Who says how maps and models are drawn."""

    def change_map(self, identifier: str, **changes: object) -> None: ...

    def change_model(self, identifier: str, **changes: object) -> None: ...

    def set_level(self, identifier: str, level: float) -> None:
        """A contour level, kept within the map's values."""

    def suggest_level(self, identifier: str) -> None:
        """The level that was suggested when the map was read."""


class RunsScripts(Protocol):
    """Who runs scripts, line by line."""

    kinds: dict[str, Callable[[Path], None]]
    """What runs files, by their suffix."""
    waits: list[Callable[[], bool]]
    """What a next line has to wait for, while it holds."""

    def run_line(self, line: str, ended: Callable[[str], object]) -> None:
        """Do one command, and say when what it began is done, or, in a sentence, why it was not."""

    def wake(self) -> None:
        """Something that was waited for may be done."""


class Splits(Protocol):
    """Who splits models into files, which are opened."""

    def start(self, asked: SplitRecipe, folder: Path) -> None:
        """Split a model, by its id."""


class Slices(Protocol):
    """Who cuts through maps."""

    def step_slice(self, by: int) -> None: ...

    def centre_slices(self, identifier: str, point: Sequence[float]) -> None: ...
