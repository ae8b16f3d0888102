"""`difffit assemble`: which models of a folder belong in a map, how many, and where."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from difffit_core.assemble.recipe import AssembleRecipe
from difffit_core.cli.console import say
from difffit_core.cli.options import OVERWRITE
from difffit_core.cli.recipes import takes
from difffit_core.errors import UserError

if TYPE_CHECKING:
    from difffit_core.output import Claim

STORE = "screen.sqlite"


@takes(AssembleRecipe)
def assemble(
    recipe: AssembleRecipe,
    jobs: int | None = typer.Option(None, min=1, max=10_000, help="Processes of the screens; one for each core or GPU if not given."),
    resume: bool = typer.Option(False, "--resume", help="Go on with what is in the folder; a model that is done is not tried again."),
    out: Path = typer.Option(Path("difffit-assembly"), help="Folder for the results; one in use needs --resume or --overwrite."),
    overwrite: bool = OVERWRITE,
) -> None:
    """Find out which models of FOLDER belong in MAP, how many of each, and where; strangers among them are not placed.

    Writes what `difffit compose` does, in composite.json the models that would fit nearly as well at each place, and with --bend
    bent.cif. What the screens find
    is kept as it comes. Ctrl-C puts together what was found; --resume goes on.
    """
    start = time.perf_counter()
    from difffit_core.api.level import settle, with_halves
    from difffit_core.assemble.bending import as_bent
    from difffit_core.assemble.document import assembly_document
    from difffit_core.assemble.known import check_known
    from difffit_core.assemble.pieces import as_files
    from difffit_core.assemble.priors import read_priors
    from difffit_core.assemble.run import run_assemble
    from difffit_core.cli.assemble_table import print_assembly
    from difffit_core.cli.progress import with_progress
    from difffit_core.cli.screen import workers_for
    from difffit_core.compose.output.export import NAMES, placed_structure, write_composite
    from difffit_core.io.maps import read_map
    from difffit_core.output import claim_folder, inputs_of
    from difffit_core.screen.listing import list_library
    from difffit_core.screen.run import check_density
    from difffit_core.screen.workers import number_of_jobs

    if resume and overwrite:
        raise UserError("--resume and --overwrite cannot go together: the one goes on with an assembly, the other begins it anew")
    if (out / STORE).exists() and not (resume or overwrite):
        raise UserError(
            f"{out}: there is a screen already; --resume goes on with it, --overwrite begins anew, or --out takes another folder"
        )
    inputs = inputs_of(recipe)
    place = claim_folder(out, command="assemble", names=NAMES, inputs=inputs, overwrite=overwrite, store="" if overwrite else STORE)
    density_map = with_halves(read_map(Path(recipe.map)), recipe)
    library = list_library(Path(recipe.library), screened=density_map)
    priors = read_priors(recipe.fixed, recipe.cross_links)
    recipe, evidence = settle(recipe, density_map, None)
    request = check_known(recipe.bind(density_map, priors), library)
    check_density(request.screen(request.density_map))
    number_of_jobs(jobs, recipe.device)
    place, made = _begin(place)
    with _leaving_nothing(place, made):
        result = with_progress(
            lambda tell, cancel: run_assemble(
                request, library, place.folder, lambda screen: workers_for(screen, jobs, "", cancel), tell, cancel
            )
        )
    timing = {**result.timing, "total_s": time.perf_counter() - start}
    command = recipe.command("--out", str(place.folder))
    asked, composite = result.request, result.composite
    if result.cancelled and not composite.copies:
        for note in result.notes:
            say(note, err=True)
        say(f"what was found is kept in {place.folder}, and --resume goes on with it", err=True)
        raise typer.Exit(130)
    details = {"resolution": recipe.resolution, "level": request.level, "seed": recipe.seed, "command": command}
    document = assembly_document(request, result, details, timing)
    bent = placed_structure(*as_bent(asked, composite, result.bent)) if result.bent else None
    kept = as_files(asked, result.entries, request.filters, place.folder / "models")
    written = write_composite(place, asked, composite, document, command=command, evidence=evidence, bent=bent, in_project=kept)
    print_assembly(result, timing=timing, evidence=evidence, written=written)
    if result.cancelled or composite.cancelled:
        raise typer.Exit(130)


@contextmanager
def _leaving_nothing(place: "Claim", made: Sequence[Path]) -> Iterator[None]:
    """Where not even the first screen could be begun, as on a full disk, the manifest and the folders of this run go again."""
    try:
        yield
    except BaseException:
        with suppress(OSError, UserError):
            place.forget()
            for folder in made:
                folder.rmdir()
        raise


def _begin(place: "Claim") -> "tuple[Claim, list[Path]]":
    """The claim, and the folders that were made for it: an earlier run's results and screens gone where they are to be replaced."""
    from difffit_core.output.folders import make_folder
    from difffit_core.screen.store import check_idle

    stores = [one for one in (place.folder / STORE, *place.folder.glob("screen-*.sqlite")) if one.exists()]
    if place.overwrite:
        for one in stores:
            check_idle(one)
        place.clear()
        for one in stores:
            one.unlink(missing_ok=True)
        place = replace(place, overwrite=False, store=STORE)
    made = make_folder(place.folder)
    place.keep()
    return place, made
