"""`difffit align`: lay maps onto a map."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import typer

from difffit_core.align.recipe import AlignRecipe
from difffit_core.cli.recipes import takes
from difffit_core.errors import UserError


@takes(AlignRecipe)
def align(recipe: AlignRecipe, out: Path = typer.Option(Path("difffit-align"), help="Folder for the results.")) -> None:
    """Find where MOVING lies in FIXED, from anywhere, whichever hand it has, and write the move, the moved map and where they differ.

    Writes alignment.json, aligned.mrc (MOVING on FIXED's grid, mirrored first where the hand says so) and difference.mrc (FIXED minus that,
    scaled by frequency). Several maps get a folder each, and one table. Ctrl-C stops the search and keeps what was found.
    """
    start = time.perf_counter()
    from difffit_core.align.run import prepare_fixed, run_align
    from difffit_core.cli.align_output import names_of, print_alignment, print_table, write_alignment, write_table
    from difffit_core.cli.outputs import check_folder
    from difffit_core.cli.progress import with_progress
    from difffit_core.device import resolve_device
    from difffit_core.io.maps import check_header, read_header, read_map

    check_folder(out)
    files = [Path(name) for name in recipe.moving]
    for path in (Path(recipe.fixed), *files):
        check_header(read_header(path))
    for path in files:
        if files.count(path) > 1:
            raise UserError(f"{path}: each moving map must be given once, got it {files.count(path)} times")
    fixed = read_map(Path(recipe.fixed))
    several = len(files) > 1
    rows: list[dict[str, Any]] = []
    ready = None
    for name, path in zip(names_of(files), files, strict=True):
        begun = time.perf_counter() if several else start
        one = recipe.changed(moving=(str(path),))
        request = one.bind(fixed, read_map(path))
        read = time.perf_counter() - begun
        if several and ready is None:
            ready = prepare_fixed(request, resolve_device(recipe.device))
        result = with_progress(partial(run_align, request, ready=ready))
        folder = out / name if several else out
        timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - begun}
        document = {
            **result.to_dict(request),
            "timing": {key: round(value, 4) for key, value in timing.items()},
            "command": one.changed(device=result.device).command("--out", str(folder)),
        }
        written = write_alignment(folder, result, document)
        rows.append({"name": name, "folder": str(folder), **document})
        print_alignment(request, result, timing=timing, written=written)
        if result.cancelled:
            break
    if several:
        print_table(fixed, rows, write_table(out, fixed, rows))
    if result.cancelled:
        raise typer.Exit(130)
