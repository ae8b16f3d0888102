"""`screen`: which model of a library a density is."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from difffit_core.api.bar import Bar
from difffit_core.api.in_notebook import InNotebook
from difffit_core.api.level import Level, number_of, resolution_of, settle, with_pair_of
from difffit_core.api.progress import time_left, with_bar
from difffit_core.api.reading import FilePath, MapLike, as_map, as_path, tell
from difffit_core.api.table import Table
from difffit_core.fit.request import CancelFlag
from difffit_core.fit.settings import FitSettings
from difffit_core.screen.request import ScreenProgress


@dataclass(frozen=True, eq=False)
class Screen(InNotebook):
    """What a screen has found by now; all of it is kept in ``path``."""

    path: Path

    def table(self) -> Table:
        """A row a model, best first: rank, name, part, residues, local correlation, z, p, q, and whether it is significant."""
        from difffit_core.screen.results import Results
        from difffit_core.screen.store import ScreenStore

        with ScreenStore.open(self.path, to_read=True) as store:
            ranking = Results.of(store).ranking
        scores = zip(ranking.rows, ranking.z_scores, ranking.p_values, ranking.q_values, ranking.significant, ranking.verdicts, strict=True)
        return Table(
            {
                "rank": rank,
                "model": Path(row.path).name,
                "part": row.part,
                "residues": row.residues,
                "local_correlation": row.correlation,
                "z_score": float(z),
                "p_value": float(p),
                "q_value": float(q),
                "significant": bool(significant),
                "verdict": str(verdict),
            }
            for rank, (row, z, p, q, significant, verdict) in enumerate(scores, start=1)
        )

    def write(self, folder: FilePath, save: int = 5, overwrite: bool = False) -> list[Path]:
        """Write the ranking as JSON and CSV, a report, and the best ``save`` models in their places; give the paths.

        ``overwrite`` replaces what was written there before, unless it was changed since.

        Raises
        ------
        UserError
            If the folder is in use, or something cannot be written.
        """
        from difffit_core.output import claim_folder
        from difffit_core.screen.export import NAMES, write_results
        from difffit_core.screen.store import ScreenStore

        place = claim_folder(Path(folder), command="screen", names=NAMES, overwrite=overwrite)
        with ScreenStore.open(self.path, to_read=True) as store:
            return write_results(place, store, save)

    def __repr__(self) -> str:
        table = self.table()
        return f"<Screen in {self.path.name}: {sum(row['significant'] for row in table)} of {len(table)} models significant>"


def screen(
    density_map: MapLike,
    library: FilePath,
    *,
    resolution: float | None = None,
    out: FilePath,
    level: Level = "auto",
    half_maps: tuple[MapLike, MapLike] | None = None,
    jobs: int = 1,
    resume: bool = False,
    filters: Mapping[str, Any] | None = None,
    preset: str = "balanced",
    promising: float = 0.02,
    seed: int = 0,
    device: str = "auto",
    progress: bool | Callable[[ScreenProgress], None] | None = False,
    **settings: Any,
) -> Screen:
    """Find which model of a library belongs in a map: every model gets a quick search, the promising a full one.

    Parameters
    ----------
    density_map : as it was read, or its file
    library : a folder of models, or a text file with a path a line
    resolution, level, seed, device : as for `fit`
    half_maps : the map's two half maps, as they were read, or their files: its noise is taken from them rather than guessed
    out : the file in which all is kept as it is found
    jobs : processes; more than 1 needs a script that begins its work under ``if __name__ == "__main__"``
    resume : go on with what is in ``out``
    filters : of `Filters`: min_residues, max_residues, min_plddt, split, models
    preset, **settings : of the full search, and what is to differ from it
    promising : models whose p-value after the first pass is below this get the full search
    progress : True for a bar, on which Ctrl-C keeps what was found, or a function that is told of each `ScreenProgress`

    Raises
    ------
    UserError
        If something is not allowed, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> library = df.split(df.example_model(), by="chain")
    >>> paths = [part.write(f"library/{part.name}.cif") for part in library]
    >>> s = df.screen(df.example_map(), "library", resolution=4, out="s.sqlite", promising=0, preset="fast", starts=60)
    >>> [name for name in s.table().columns if name.endswith("value")]
    ['p_value', 'q_value']
    >>> len(s.table())
    5
    """
    from difffit_core.screen.filters import Filters
    from difffit_core.screen.listing import list_library
    from difffit_core.screen.recipe import ScreenRecipe
    from difffit_core.screen.run import as_begun, open_screen, run_screen
    from difffit_core.screen.workers import local_workers, number_of_jobs

    store_path, source = as_path(out, "out"), as_path(library, "library", "the name of a folder or file")
    read = as_map(density_map)
    resolution = resolution_of(resolution, read)
    read = with_pair_of(read, half_maps, resolution)
    paths = list_library(source, screened=read)
    recipe = ScreenRecipe.checked(
        {
            "map": str(read.path or "MAP"), "library": str(source), "resolution": resolution, "level": number_of(level),
            "half_maps": read.half_maps, "seed": seed,
            "settings": FitSettings.preset(preset, **settings), "filters": Filters.checked(filters or {}), "promising": promising,
            "device": device,
        }
    )  # fmt: skip
    recipe, _ = settle(recipe, read, None)
    request = as_begun(store_path, recipe.bind(read)) if resume else recipe.bind(read)
    number_of_jobs(jobs, recipe.device)  # before there is a store

    def run(told: Callable[[ScreenProgress], None] | None, cancel: CancelFlag | None) -> bool:
        with (
            open_screen(store_path, request, paths, resume=resume, source=source) as store,
            closing(local_workers(request, jobs, cancel)) as workers,
        ):
            return run_screen(store, workers, request.promising, on_progress=told, cancel=cancel)

    if not with_bar(run, _show, progress):
        tell(["stopped early: this is what was found by then; resume=True goes on"])
    return Screen(store_path)


def _show(bar: Bar, progress: ScreenProgress) -> None:
    share = progress.done / max(progress.total, 1)
    more = f"{progress.done} of {progress.total}" + (f", {progress.failed} failed" if progress.failed else "")
    bar.show(progress.stage, share, time_left(progress.remaining_s), more)
