"""What workers do for a screen: run it, read it, and read a model of it with its placements."""

import gc
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.state.items import OpenFit, OpenMap, OpenModel
from difffit_app.state.project.reading import read_open_model
from difffit_app.state.screening import OpenScreen, ScreenNews, ScreenTable
from difffit_app.workers.lane import Context
from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.output import Claim
from difffit_core.pose import Pose
from difffit_core.screen.filters import Filters

if TYPE_CHECKING:
    from difffit_core.screen.recipe import ScreenRecipe
    from difffit_core.screen.request import ScreenProgress
    from difffit_core.screen.rows import ScreenRow
    from difffit_core.screen.store import ScreenStore

_LOOK_S, _SHARE = 1.0, 20
"""A running screen is looked into so often, or more seldom where that takes more than so small a share of the time."""
_LATELY_S = 30.0


@dataclass(frozen=True, eq=False)
class ScreenRun:
    """What to screen, with what and where it is kept; ``resume`` goes on with what is there, with the models of ``libraries`` added."""

    recipe: "ScreenRecipe"
    store: Path
    density: DensityMap
    libraries: tuple[Path, ...]
    jobs: int | None
    resume: bool

    @classmethod
    def going_on(cls, screen: OpenScreen, density: DensityMap, libraries: Sequence[Path], jobs: int | None, device: str) -> "ScreenRun":
        """The screen that its file remembers; `UserError` if it is of another version of the program."""
        from difffit_core.screen.record import recipe_of

        return cls(recipe_of(screen.record, screen.details, device=device), screen.path, density, tuple(libraries), jobs, True)


@dataclass(frozen=True, eq=False)
class Ended:
    """How a screen stands once it ended, or was stopped."""

    screen: OpenScreen
    table: ScreenTable
    finished: bool


def run(order: ScreenRun, context: Context) -> Ended:
    """Screen in processes of its own until all is done or it is stopped."""
    from difffit_core.screen.listing import list_library
    from difffit_core.screen.run import open_screen, run_screen
    from difffit_core.screen.workers import LocalProcesses, default_jobs

    request = order.recipe.bind(order.density)
    libraries = [(library, list_library(library, screened=order.density)) for library in order.libraries]
    with open_screen(order.store, request, (), resume=order.resume) as store:
        for library, paths in libraries:
            store.add(paths)
            store.note_library(library.absolute())
        screen = _described(store)
        watch = _Watch(store, context, screen)
        watch.look()
        with closing(LocalProcesses(request, order.jobs or default_jobs(order.recipe.device))) as workers:
            finished = run_screen(store, workers, request.promising, watch.count, watch.tell, context.cancel)
        return Ended(screen, _table(store), finished)


@dataclass
class _Watch:
    """Reports how far a screen is, and at times what it found."""

    store: "ScreenStore"
    context: Context
    screen: OpenScreen
    _ended: deque[float] = field(default_factory=deque)
    _next: float = 0.0

    def count(self, _: object) -> None:
        self._ended.append(time.monotonic())

    def look(self) -> ScreenTable:
        start = time.monotonic()
        table = _table(self.store)
        now = time.monotonic()
        self._next = now + max(_LOOK_S, _SHARE * (now - start))
        if not self._ended:
            self.context.report((self.screen, ScreenNews(table=table)))
        return table

    def tell(self, progress: "ScreenProgress") -> None:
        now = time.monotonic()
        while self._ended and now - self._ended[0] > _LATELY_S:
            self._ended.popleft()
        span = now - self._ended[0] if len(self._ended) > 1 else 0.0
        rate = 60 * (len(self._ended) - 1) / span if span > 1 else None
        table = self.look() if now >= self._next and self._ended else None
        self.context.report((self.screen, ScreenNews(progress, rate, table)))


def read_screen(path: Path) -> tuple[OpenScreen, ScreenTable]:
    """A screen as it stands, whoever works on it."""
    from difffit_core.screen.store import ScreenStore

    with ScreenStore.open(path, to_read=True) as store:
        return _described(store), _table(store)


def _described(store: "ScreenStore") -> OpenScreen:
    return OpenScreen(store.path, store.record, store.details)


def _table(store: "ScreenStore") -> ScreenTable:
    from difffit_core.screen.ranking import rank

    with _without_collecting():
        rows = store.rows()
        return ScreenTable.of(rows, rank(rows))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Where many objects are made Python looks for garbage among all there are, which holds up the window for a third of a second."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, eq=False)
class Hit:
    """A model of a screen as a fit of it; ``model`` is None where it is open already."""

    model: OpenModel | None
    fit: OpenFit


def read_hit(screen: OpenScreen, row: "ScreenRow", map_id: str, open_models: Mapping[tuple[Path, str], str], command: str) -> Hit:
    """The model of a row with the placements that the screen found, as a fit under no id yet.

    A piece of a file (a domain, or what is left of a predicted model without its uncertain residues) is written beside the screen as a file
    of its own, so that a project can refer to it. ``open_models`` are ids by the file and which of its models was read.
    """
    from difffit_core.screen.record import screened_fit
    from difffit_core.screen.store import ScreenStore

    tried, file = _tried(screen, row)
    with ScreenStore.open(screen.path, to_read=True) as store:
        placements = store.placements(row.id)
    which = tried.models if file == Path(row.path) else ""
    known = open_models.get((file.absolute(), which))
    model = None if known is not None else read_open_model(file, "", _name(row, file), models=which)
    record, arrays = screened_fit(
        "fit", map_id, known or "model", tried, screen.record, placements, device="auto", screen=screen.path.name, command=command
    )
    return Hit(model, OpenFit.of(record, arrays))


def read_best(screen: OpenScreen, row: "ScreenRow") -> tuple[OpenModel, Pose]:
    """The model of a row as it was tried, ready to be drawn, and its best place."""
    from difffit_app.geometry.build import build_model_mesh
    from difffit_core.screen.listing import read_row
    from difffit_core.screen.store import ScreenStore

    model = read_row(row, Filters.checked(screen.record["filters"]), screen.record["resolution"])
    with ScreenStore.open(screen.path, to_read=True) as store:
        pose = store.best_pose(row.id)
    return OpenModel("", row.name, model, build_model_mesh(model)), pose


def export(screen: OpenScreen, place: Claim, save: int) -> list[Path]:
    """Write the results into a folder that was claimed."""
    from difffit_core.screen.export import write_results
    from difffit_core.screen.store import ScreenStore

    with ScreenStore.open(screen.path, to_read=True) as store:
        return write_results(place, store, save)


def command_of(screen: OpenScreen, jobs: int | None, device: str) -> str:
    """What repeats a screen without the window."""
    from difffit_core.screen.record import command_lines

    lines = command_lines(screen.record, screen.details, screen.path.with_suffix(""), jobs, device)
    return " && ".join(lines)


def _tried(screen: OpenScreen, row: "ScreenRow") -> tuple[AtomicModel, Path]:
    """What was tried, and the file that holds it or, if it is cut in another way than by chains, is made to."""
    from difffit_core.screen.content import check_content
    from difffit_core.screen.pieces import as_file

    filters, folder = Filters.checked(screen.record["filters"]), screen.path.with_suffix(".models")
    check_content(Path(row.path), row.content)
    return as_file(Path(row.path), row.part, filters, screen.record["resolution"], folder, row.name, row.id)


def _name(row: "ScreenRow", file: Path) -> str:
    return file.name if file == Path(row.path) else row.name


def map_of(screen: OpenScreen | None, maps: Iterable[OpenMap]) -> OpenMap | None:
    """The map that a screen was made with among those that are open, by its file."""
    if screen is None or screen.details["map"] is None:
        return None
    path = Path(screen.details["map"])
    return next((item for item in maps if item.density.path is not None and item.density.path.absolute() == path), None)
