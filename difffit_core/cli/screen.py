"""`difffit screen`: find which model of a library a density is."""

from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from difffit_core.cli.console import say
from difffit_core.cli.options import OVERWRITE
from difffit_core.cli.recipes import takes
from difffit_core.cli.warm_up import compile_before_workers
from difffit_core.errors import UserError
from difffit_core.screen.recipe import ScreenRecipe

if TYPE_CHECKING:
    from difffit_core.density_map import DensityMap
    from difffit_core.fit.request import CancelFlag
    from difffit_core.output import Claim
    from difffit_core.screen.request import ScreenRequest
    from difffit_core.screen.workers import Workers

STORE = "screen.sqlite"


@takes(ScreenRecipe)
def screen(
    recipe: ScreenRecipe,
    jobs: int | None = typer.Option(
        None, min=1, max=10_000, help="Processes, or jobs asked of SLURM; one for each core or GPU if not given."
    ),
    scheduler: str = typer.Option("", help="Address of a Dask scheduler, or slurm; this machine alone if not given."),
    resume: bool = typer.Option(False, "--resume", help="Go on with what is in the folder; a model that is done is not repeated."),
    out: Path = typer.Option(Path("difffit-screen"), help="Folder for the results; one that holds a screen needs --resume or --overwrite."),
    save: int = typer.Option(5, min=0, max=100_000, help="How many of the best models to write as mmCIF, each in its best place."),
    overwrite: bool = OVERWRITE,
) -> None:
    """Find which model of LIBRARY belongs in MAP, and how sure that is: every model gets a quick search, the promising a full one.

    What is found is kept in the folder as it comes. Ctrl-C stops and writes the ranking up to then; --resume goes on.
    """
    from difffit_core.api.level import settle, with_halves
    from difffit_core.io.maps import read_map
    from difffit_core.output import claim_folder, inputs_of
    from difffit_core.screen.export import NAMES
    from difffit_core.screen.store import check_idle

    if resume and overwrite:
        raise UserError("--resume and --overwrite cannot go together: the one goes on with a screen, the other begins it anew")
    if (out / STORE).exists() and not (resume or overwrite):
        raise UserError(
            f"{out}: there is a screen already; --resume goes on with it, --overwrite begins anew, or --out takes another folder"
        )
    inputs = inputs_of(recipe)
    place = claim_folder(out, command="screen", names=NAMES, inputs=inputs, overwrite=overwrite, store="" if overwrite else STORE)
    if overwrite:
        check_idle(out / STORE)
    library = Path(recipe.library)
    density_map = with_halves(read_map(Path(recipe.map)), recipe)
    paths = _listed(library, density_map)
    is_given = recipe.level is not None
    recipe, evidence = settle(recipe, density_map, None)
    request = recipe.bind(density_map)
    halves = request.density_map.evidence
    told = (*request.density_map.notes, *(halves.warnings if halves else ()), *(() if is_given else evidence))
    finished = _run(place, request, (library, paths), jobs, scheduler, resume, save, told)
    if not finished:
        raise typer.Exit(130)


def _listed(library: Path, density_map: "DensityMap") -> tuple[Path, ...]:
    """The library's models; those that it names by accession are fetched, and what is not to be had is told of and left out."""
    from difffit_core.screen.listing import accessions_in, list_library

    wanted = accessions_in(library)
    if not wanted:
        return list_library(library, screened=density_map)
    from difffit_core.api.progress import cancel_on_interrupt
    from difffit_core.cli.fetch_bar import FetchBar
    from difffit_core.fetch.run import FetchOptions, fetch_entries
    from difffit_core.fetch.sources import access_from

    told = f"fetching the {len(wanted)} models that {library} names by accession, or taking them from the cache"
    say(told, err=True)
    with cancel_on_interrupt() as cancel, FetchBar() as bar:
        found = fetch_entries(list(wanted.values()), None, access_from(), FetchOptions(half_maps=False), bar.show, cancel)
    for sentence in (*(failure for _, failure in found.failures), *found.notes):
        say(sentence, err=True)
    models = [one.path for one in found.files if one.kind in ("prediction", "entry", "assembly")]
    if not models and found.failures:
        raise UserError(f"{library}: none of the {len(wanted)} models that it names by accession could be had: {found.failures[0][1]}")
    return list_library(library, fetched=models, without=frozenset(wanted), screened=density_map)


def _run(
    place: "Claim", request: "ScreenRequest", models: tuple[Path, tuple[Path, ...]], jobs: int | None, scheduler: str, resume: bool,
    save: int, evidence: tuple[str, ...],
) -> bool:  # fmt: skip
    from difffit_core.cli.progress import cancel_on_interrupt
    from difffit_core.cli.screen_output import ScreenBar, print_results
    from difffit_core.output.folders import make_folder
    from difffit_core.screen.export import write_results
    from difffit_core.screen.results import Results
    from difffit_core.screen.run import as_begun, check_density, open_screen, run_screen

    with cancel_on_interrupt() as cancel, ExitStack() as stack:
        check_density(request)
        if not place.overwrite:
            request = as_begun(place.folder / STORE, request)
        workers = stack.enter_context(closing(workers_for(request, jobs, scheduler, cancel)))
        if place.overwrite:
            place.clear()
            place = replace(place, overwrite=False, store=STORE)
        path = place.folder / STORE
        folders = make_folder(place.folder)
        try:
            store = stack.enter_context(open_screen(path, request, models[1], resume=resume, source=models[0]))
            try:
                place.keep()
            except BaseException:
                store.give_up()
                raise
        except UserError:
            stack.close()
            with suppress(OSError):
                for folder in folders:
                    folder.rmdir()
            raise
        with ScreenBar() as bar:
            finished = run_screen(store, workers, request.promising, on_progress=bar.show, cancel=cancel)
        written = write_results(place, store, save)
        results = Results.of(store)
        print_results(results, evidence, written, finished)
        if finished:
            results.check_tried()
    return finished


def workers_for(request: "ScreenRequest", jobs: int | None, scheduler: str, cancel: "CancelFlag") -> "Workers":
    """Who does the work of a screen: this process, several, or those of a cluster."""
    from difffit_core.screen.workers import default_jobs, local_workers

    if scheduler:
        from difffit_core.screen.distributed import connect

        return connect(request, scheduler, jobs)
    if (jobs or default_jobs(request.device)) > 1:
        compile_before_workers()
    return local_workers(request, jobs, cancel)
