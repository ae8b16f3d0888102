"""What features offer one another, as protocols: features do not import one another, and `application` hands each what it asks for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from psygnal import SignalInstance as Event
from PySide6.QtCore import SignalInstance
from PySide6.QtGui import QAction

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


class Splits(Protocol):
    """Who splits models into files, which are opened."""

    def start(self, asked: SplitRecipe, folder: Path) -> None:
        """Split a model, by its id."""


class Slices(Protocol):
    """Who cuts through maps."""

    def step_slice(self, by: int) -> None: ...

    def centre_slices(self, identifier: str, point: Sequence[float]) -> None: ...
