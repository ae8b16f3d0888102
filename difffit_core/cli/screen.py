"""`difffit screen`: find which model of a library a density is."""

import shutil
from contextlib import ExitStack, closing
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from difffit_core.cli.level import choose_level, number_or_auto
from difffit_core.errors import UserError
from difffit_core.recipes.fields import MODEL_HELP

if TYPE_CHECKING:
    from difffit_core.fit.request import CancelFlag
    from difffit_core.screen.request import ScreenRequest
    from difffit_core.screen.workers import Workers

STORE = "screen.sqlite"


class _Split(StrEnum):
    NONE = "none"
    CHAIN = "chain"
    DOMAIN = "domain"


def screen(
    map_file: Path = typer.Argument(help="A map (.mrc, .map, .ccp4; .gz, .bz2, .xz, .zip).", metavar="MAP"),
    library: Path = typer.Argument(help="A folder of models, or a text file with a path a line.", metavar="LIBRARY"),
    resolution: float = typer.Option(..., help="Resolution of the map in Å."),
    level: str = typer.Option("auto", help="Contour level in the map's units, or auto."),
    jobs: int | None = typer.Option(None, min=1, help="Processes, or jobs asked of SLURM; one for each core or GPU if not given."),
    scheduler: str = typer.Option("", help="Address of a Dask scheduler, or slurm; this machine alone if not given."),
    resume: bool = typer.Option(False, "--resume", help="Go on with what is in the folder; a model that is done is not repeated."),
    min_residues: int = typer.Option(0, min=0, help="Leave out models with fewer residues."),
    max_residues: int = typer.Option(0, min=0, help="Leave out models with more residues; 0 for no bound."),
    min_plddt: float = typer.Option(0.0, help="Of predicted models, take no residues below this confidence."),
    split: _Split = typer.Option(
        _Split.NONE,
        help="Try whole files: none; every chain on its own: chain; or every domain, by the PAE beside the file or by compactness: domain.",
    ),
    models: str = typer.Option("", "--model", help=MODEL_HELP + " Files that hold one are tried as they are.", metavar="N|all"),
    preset: str = typer.Option("balanced", help="Of the full search: fast, balanced, exhaustive or paper."),
    assignments: list[str] = typer.Option(
        [], "--set", help="Change one setting of the full search: NAME=VALUE; see difffit settings.", metavar="NAME=VALUE"
    ),
    promising: float = typer.Option(0.02, help="Search in full what has a p-value below this after the first pass; 1 for all, 0 for none."),
    seed: int = typer.Option(0, help="Seed of every random draw."),
    device: str = typer.Option("auto", help="auto, cpu, cuda or mps."),
    out: Path = typer.Option(Path("difffit-screen"), help="Folder for the results."),
    save: int = typer.Option(5, min=0, help="How many of the best models to write as mmCIF, each in its best place."),
) -> None:
    """Find which model of LIBRARY belongs in MAP, and how sure that is: every model gets a quick search, the promising a full one.

    What is found is kept in the folder as it comes. Ctrl-C stops and writes the ranking up to then; --resume goes on.
    """
    from difffit_core.cli.outputs import check_folder
    from difffit_core.fit.setting_words import settings_from
    from difffit_core.io.maps import read_map
    from difffit_core.screen.listing import Filters, list_library
    from difffit_core.screen.request import ScreenRequest

    settings = settings_from(preset, assignments)
    filters = Filters(min_residues, max_residues, min_plddt, split.value, models)
    wanted_level = number_or_auto(level)
    check_folder(out)
    if (out / STORE).exists() and not resume:
        raise UserError(f"{out}: there is a screen already; --resume goes on with it, or --out takes another folder")
    paths = list_library(library)
    density_map = read_map(map_file)
    chosen, suggestion = choose_level(density_map, None, wanted_level)
    request = ScreenRequest(density_map, resolution, chosen, settings, filters, promising, seed, device)
    evidence = (*request.density_map.notes, *(suggestion.lines() if suggestion else ()))
    finished = _run(out, request, (library, paths), jobs, scheduler, resume, save, evidence)
    if not finished:
        raise typer.Exit(130)


def _run(
    out: Path, request: "ScreenRequest", models: tuple[Path, tuple[Path, ...]], jobs: int | None, scheduler: str, resume: bool, save: int,
    evidence: tuple[str, ...],
) -> bool:  # fmt: skip
    from difffit_core.cli.progress import cancel_on_interrupt
    from difffit_core.cli.screen_output import ScreenBar, print_results
    from difffit_core.screen.export import Results, write_results
    from difffit_core.screen.run import open_screen, run_screen

    made = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    with cancel_on_interrupt() as cancel, ExitStack() as stack:
        try:
            store = stack.enter_context(open_screen(out / STORE, request, models[1], resume=resume, source=models[0]))
            workers = stack.enter_context(closing(_workers(request, jobs, scheduler, cancel)))
        except UserError:
            stack.close()
            if made:
                shutil.rmtree(out)
            raise
        with ScreenBar() as bar:
            finished = run_screen(store, workers, request.promising, on_progress=bar.show, cancel=cancel)
        written = write_results(out, store, save)
        print_results(Results.of(store), evidence, written, finished)
    return finished


def _workers(request: "ScreenRequest", jobs: int | None, scheduler: str, cancel: "CancelFlag") -> "Workers":
    from difffit_core.screen.workers import LocalProcesses, ThisProcess, default_jobs

    if scheduler:
        from difffit_core.screen.distributed import connect

        return connect(request, scheduler, jobs)
    count = jobs or default_jobs(request.device)
    return LocalProcesses(request, count) if count > 1 else ThisProcess(request, cancel=cancel)
