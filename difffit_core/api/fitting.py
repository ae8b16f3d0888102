"""`fit`: one model in one map."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from difffit_core.api.in_notebook import InNotebook
from difffit_core.api.level import Level, number_of, resolution_of, settle, with_pair_of
from difffit_core.api.progress import ProgressChoice, follow, tell_if_stopped
from difffit_core.api.reading import FilePath, MapLike, ModelLike, as_map, as_model, as_path, as_pose, in_words, tell
from difffit_core.api.table import Table, placements_table
from difffit_core.api.writing import write_file
from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import CancelFlag, FitRequest, FitResult, OnProgress
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.sphere import Sphere
from difffit_core.placement import Placement
from difffit_core.pose import Pose

if TYPE_CHECKING:
    from difffit_core.conventions import Array


@dataclass(frozen=True, eq=False)
class Placed:
    """A model where a fit puts it: ``model`` as its file has it, and the ``placement`` that moves it.

    Examples
    --------
    >>> import difffit_core as df
    >>> r = df.fit(df.example_map(), df.example_model(), resolution=4, chains="D,E", preset="fast", starts=200)
    >>> r.best.verdict
    <Verdict.UNIQUE: 'unique'>
    >>> r.best.coordinates.shape == r.best.model.coordinates.shape
    True
    """

    model: AtomicModel
    placement: Placement

    @property
    def rank(self) -> int:
        """1 is best."""
        return self.placement.rank

    @property
    def pose(self) -> Pose:
        """The move of the file's coordinates into the map's frame, in Å."""
        return self.placement.pose

    @property
    def local_correlation(self) -> float:
        """By which placements are ranked; 1 is perfect."""
        return self.placement.metrics.local_correlation

    @property
    def verdict(self) -> str:
        """What the scores say: unique, ambiguous, weaker, symmetric copy or not significant."""
        return self.placement.verdict

    @property
    def coordinates(self) -> "Array":
        """Of all atoms in the map's frame, (N, 3) in Å."""
        return self.pose.apply(self.model.coordinates)

    def write(self, path: FilePath) -> Path:
        """Write the placed model, as mmCIF or PDB by the name's suffix, and give the path.

        Raises
        ------
        UserError
            If it cannot be written, has another suffix, or is the file the model was read from.
        """
        from difffit_core.io.models import MODEL_SUFFIXES, write_model

        return write_file(path, MODEL_SUFFIXES, "model", lambda to: write_model(to, self.model, self.pose), (self.model.path,))

    def __repr__(self) -> str:
        return f"<Placed {self.model.name}, rank {self.rank}: local correlation {self.local_correlation:.3f}, {self.verdict}>"


@dataclass(frozen=True, eq=False)
class Fit(InNotebook, Sequence[Placed]):
    """What a fit found: its placements, best first.

    ``recipe`` is what was asked for, ``request`` that with the map and the model, ``result`` all that came of it, ``evidence`` what speaks
    for the contour level.

    Examples
    --------
    >>> import difffit_core as df
    >>> r = df.fit(df.example_map(), df.example_model(), resolution=4, chains="D,E", preset="fast", starts=200)
    >>> r[0].rank, len(r[:2])
    (1, 2)
    >>> r.table()[0]["rank"]
    1
    """

    recipe: FitRecipe
    request: FitRequest
    result: FitResult
    evidence: tuple[str, ...]

    @property
    def best(self) -> Placed:
        """The first of them; `IndexError` if nothing was found."""
        return self[0]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be known before it is trusted."""
        return tuple(one.message for one in self.result.warnings)

    def table(self) -> Table:
        """A row a placement, as placements.csv has them: rank, hits, scores, verdict; the pose is left to ``[i].pose``."""
        return placements_table(self.result.placements)

    def save_project(self, path: FilePath) -> Path:
        """Write a project that the window opens and `difffit replay` computes again; the map and the model must have been read from files.

        Raises
        ------
        UserError
            If it cannot be written.
        """
        from difffit_core.project.build import write_fit_project

        request, result, path = self.request, self.result, as_path(path, "path")
        write_fit_project(path, request=request, result=result, command=self.command(), evidence=self.evidence)
        return path

    def command(self) -> str:
        """The command line that repeats it."""
        return self.recipe.changed(device=self.result.device).command()

    def __len__(self) -> int:
        return len(self.result.placements)

    @overload
    def __getitem__(self, index: int) -> Placed: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Placed, ...]: ...

    def __getitem__(self, index: int | slice) -> Placed | tuple[Placed, ...]:
        if isinstance(index, slice):
            return tuple(Placed(self.request.model, one) for one in self.result.placements[index])
        return Placed(self.request.model, self.result.placements[index])

    def __repr__(self) -> str:
        best = f"; best: local correlation {self.best.local_correlation:.3f}, {self.best.verdict}" if len(self) else ""
        count = f"{len(self)} placement{'' if len(self) == 1 else 's'}{', stopped early' if self.result.cancelled else ''}"
        return f"<Fit of {self.request.model.name} in {self.request.density_map.name}: {count}{best}>"

    def _told(self) -> tuple[str, ...]:
        return self.warnings


def fit(
    density_map: MapLike,
    model: ModelLike,
    *,
    resolution: float | None = None,
    level: Level = "auto",
    half_maps: tuple[MapLike, MapLike] | None = None,
    chains: str | Sequence[str] = (),
    preset: str = "balanced",
    seed: int = 0,
    device: str = "auto",
    threads: int | None = None,
    start: Pose | None = None,
    within: Sphere | tuple[tuple[float, float, float], float] | None = None,
    symmetry: str = "auto",
    progress: ProgressChoice = False,
    **settings: Any,
) -> Fit:
    """Find where a model sits in a map, with no starting position or from one that is given.

    Parameters
    ----------
    density_map, model : as they were read, or their files
    resolution : of the map, in Å; may be left out for a map that was fetched with its entry
    level : contour level in the map's units; "auto" for the one that the map and the model suggest
    half_maps : the map's two half maps, as they were read, or their files: its noise is taken from them rather than guessed
    chains : of the model, to be fitted: names, or a text of names with commas between them; all if there are none
    preset : fast, balanced, exhaustive or paper
    seed : of every random draw; the same on the same device gives the same placements
    device : auto, cpu, cuda or mps
    threads : CPU threads; all if None
    start : climb from this pose instead of searching
    within : search only inside this sphere: its centre (x, y, z) and its radius, in Å
    symmetry : what tells copies of one answer: auto, that the map looks alike round them; map, the symmetry of the map itself, by which all
        copies of a significant placement are looked for; a point group that the map has; none
    progress : True for a bar, or a function that is told of each `FitProgress`
    **settings : any of `FitSettings` that is to differ from the preset

    Raises
    ------
    UserError
        If something is not allowed, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> m, x = df.read_map(df.example_map()), df.read_model(df.example_model(), chains="D,E")
    >>> r = df.fit(m, x, resolution=4, preset="fast", starts=200)
    >>> print(r.table()[0]["verdict"])
    unique
    >>> r.best.write("fitted.cif").name
    'fitted.cif'
    """
    from difffit_core.align.of_map import in_symmetry
    from difffit_core.fit.run import run_fit

    read, subject = as_map(density_map), as_model(model, chains)
    resolution = resolution_of(resolution, read)
    read = with_pair_of(read, half_maps, resolution)
    recipe = FitRecipe.checked(
        {
            "map": str(read.path or "MAP"), "model": str(subject.path or "MODEL"), "models": subject.models, "chains": subject.chains,
            "resolution": resolution, "level": number_of(level),
            "half_maps": read.half_maps, "settings": FitSettings.preset(preset, **settings), "seed": seed,
            "device": device, "threads": threads, "start": as_pose(start, "start"), "region": _sphere(within),
            "symmetry": symmetry,
        }
    )  # fmt: skip
    recipe, evidence = settle(recipe, read, subject)
    asked = recipe.bind(read, subject)

    def run(told: OnProgress | None, cancel: CancelFlag | None) -> tuple[FitRequest, FitResult]:
        request = in_symmetry(asked, told, cancel)
        return request, run_fit(request, told, cancel)

    request, result = follow(run, progress)
    if request.of_map is not None:
        evidence = (*evidence, request.of_map.say)
    tell_if_stopped(result)
    tell([one.message for one in result.warnings])
    return Fit(recipe, request, result, evidence)


def _sphere(within: Any) -> Sphere | None:
    if within is None or isinstance(within, Sphere):
        return within
    if isinstance(within, tuple | list) and len(within) == len(("centre", "radius")):
        return Sphere(*within)
    raise UserError(f"within must be a centre (x, y, z) and a radius, both in Å, got {in_words(within)}")
