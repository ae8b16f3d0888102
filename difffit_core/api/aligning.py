"""`align`: one map onto another."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from difffit_core.align.hand import HandChoice
from difffit_core.align.recipe import AlignRecipe
from difffit_core.align.request import AlignRequest, AlignResult
from difffit_core.api.in_notebook import InNotebook
from difffit_core.api.level import Level, number_of, resolution_of
from difffit_core.api.progress import ProgressChoice, follow, tell_if_stopped
from difffit_core.api.reading import FilePath, MapLike, as_map, tell
from difffit_core.api.table import Table, placements_table
from difffit_core.api.writing import write_file
from difffit_core.density_map import DensityMap
from difffit_core.fit.settings import FitSettings
from difffit_core.placement import Placement
from difffit_core.pose import Pose


@dataclass(frozen=True, eq=False)
class Alignment(InNotebook, Sequence[Placement]):
    """Where a map lies in another: placements, best first.

    ``recipe`` says what was asked for, ``request`` holds the two maps with their levels, ``result`` all that came of it.

    Examples
    --------
    >>> import difffit_core as df
    >>> a = df.align(df.example_map(), df.example_map(), resolution=4, preset="fast", hand="same")
    >>> a.hand, round(a.correlation, 2)
    ('same', 1.0)
    """

    recipe: AlignRecipe
    request: AlignRequest
    result: AlignResult

    @property
    def pose(self) -> Pose:
        """The move of the moving map (mirrored first, if ``hand`` says so) into the fixed map's frame, in Å."""
        return self.result.best.pose

    @property
    def hand(self) -> str:
        """Of the moving map beside the fixed one: same or mirrored; ``result.hand_known`` says whether that is sure."""
        return self.result.hand

    @property
    def verdict(self) -> str:
        """What the scores say of the best place."""
        return self.result.best.verdict

    @property
    def p_value(self) -> float:
        """Chance that a map which has nothing to do with the fixed one fits as well."""
        return self.result.best.p_value

    @property
    def correlation(self) -> float:
        """Of the two maps at the best place, about the mean, where either has density."""
        return self.result.comparison.correlation

    @property
    def aligned(self) -> DensityMap:
        """The moving map on the fixed map's grid."""
        return self.result.comparison.aligned

    @property
    def difference(self) -> DensityMap:
        """Fixed minus moving, the latter scaled by frequency."""
        return self.result.comparison.difference

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be known before it is trusted."""
        return tuple(one.message for one in self.result.warnings)

    def table(self) -> Table:
        """A row a placement: rank, hits, scores, verdict; the pose is left to ``[i].pose``."""
        return placements_table(self.result.placements)

    def write(self, path: FilePath) -> Path:
        """Write the moving map on the fixed map's grid, and give the path.

        Raises
        ------
        UserError
            If it cannot be written, has another suffix than a map's, or is one of the two maps.
        """
        from difffit_core.io.maps import MAP_SUFFIXES, write_map

        read = (self.request.fixed.path, self.request.moving.path)
        return write_file(path, MAP_SUFFIXES, "map", lambda to: write_map(to, self.aligned), read)

    def command(self) -> str:
        """The command line that repeats it."""
        return self.recipe.command()

    def __len__(self) -> int:
        return len(self.result.placements)

    def __getitem__(self, index: Any) -> Any:
        return self.result.placements[index]

    def __repr__(self) -> str:
        names = f"{self.request.moving.name} onto {self.request.fixed.name}"
        return f"<Alignment of {names}: hand {self.hand}, correlation {self.correlation:.3f}, {self.verdict}>"

    def _told(self) -> tuple[str, ...]:
        return self.warnings


def align(
    fixed: MapLike,
    moving: MapLike,
    *,
    resolution: float | None = None,
    level: Level = "auto",
    moving_level: Level = "auto",
    hand: HandChoice = "both",
    points: int = 4000,
    preset: str = "balanced",
    seed: int = 0,
    device: str = "auto",
    threads: int | None = None,
    progress: ProgressChoice = False,
    **settings: Any,
) -> Alignment:
    """Find where a map lies in another, with no starting position, and of which hand it is.

    Parameters
    ----------
    fixed, moving : as they were read, or their files
    resolution : of the maps, in Å; of the coarser one where they differ; may be left out for maps that were fetched with their entries
    level, moving_level : contour level of each in its own units; "auto" for the suggested one
    hand : of the moving map: same, mirrored, or both to try either
    points : drawn from the smaller map's density, which lead the search
    preset : fast, balanced, exhaustive or paper
    seed : of every random draw; the same on the same device gives the same placements
    device : auto, cpu, cuda or mps
    threads : CPU threads; all if None
    progress : True for a bar, or a function that is told of each `FitProgress`
    **settings : any of `FitSettings` that is to differ from the preset

    Raises
    ------
    UserError
        If something is not allowed, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> a = df.align(df.example_map(), df.example_map(), resolution=4, preset="fast", hand="same")
    >>> a.verdict
    <Verdict.UNIQUE: 'unique'>
    >>> a.write("aligned.mrc").name
    'aligned.mrc'
    """
    from difffit_core.align.run import run_align

    maps = as_map(fixed, "fixed"), as_map(moving, "moving")
    resolution = resolution_of(resolution, *maps)
    recipe = AlignRecipe.checked(
        {
            "fixed": str(maps[0].path or "FIXED"), "moving": (str(maps[1].path or "MOVING"),), "resolution": resolution,
            "level": number_of(level), "moving_level": number_of(moving_level), "hand": hand, "points": points,
            "settings": FitSettings.preset(preset, **settings), "seed": seed, "device": device, "threads": threads,
        }
    )  # fmt: skip
    request = recipe.bind(*maps)
    result = follow(lambda told, cancel: run_align(request, told, cancel), progress)
    tell_if_stopped(result)
    tell([one.message for one in result.warnings])
    return Alignment(recipe, request, result)
