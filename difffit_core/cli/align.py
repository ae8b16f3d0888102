"""`difffit align`: lay maps onto a map."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import typer

from difffit_core.align.recipe import AlignRecipe
from difffit_core.cli.options import OVERWRITE, out_folder
from difffit_core.cli.recipes import takes
from difffit_core.errors import UserError


@takes(AlignRecipe)
def align(recipe: AlignRecipe, out: Path | None = out_folder("difffit-align"), overwrite: bool = OVERWRITE) -> None:
    """Find where MOVING lies in FIXED, from anywhere, whichever hand it has, and write the move, the moved map and where they differ.

    Writes alignment.json, aligned.mrc (MOVING on FIXED's grid, mirrored first where the hand says so) and difference.mrc (FIXED minus that,
    scaled by frequency). Several maps get a folder each, and one table. Ctrl-C stops the search and keeps what was found.
    """
    start = time.perf_counter()
    from difffit_core.align.run import prepare_fixed, run_align
    from difffit_core.cli.align_output import NAMES, TABLE_NAMES, names_of, print_alignment, print_table, write_alignment, write_table
    from difffit_core.cli.progress import with_progress
    from difffit_core.device import resolve_device
    from difffit_core.io.maps import check_header, read_header, read_map
    from difffit_core.output import claim_folder, inputs_of
    from difffit_core.provenance import provenance

    files = [Path(name) for name in recipe.moving]
    for path in (Path(recipe.fixed), *files):
        check_header(read_header(path))
    for path in files:
        if files.count(path) > 1:
            raise UserError(f"{path}: each moving map must be given once, got it {files.count(path)} times")
    several = len(files) > 1
    claim = partial(claim_folder, command="align", inputs=inputs_of(recipe), overwrite=overwrite)
    place = claim(out, "difffit-align", names=TABLE_NAMES if several else NAMES)
    places = [claim(place.folder / name, names=NAMES) for name in names_of(files)] if several else [place]
    fixed = read_map(Path(recipe.fixed))
    rows: list[dict[str, Any]] = []
    ready = None
    for name, path, own in zip(names_of(files), files, places, strict=True):
        begun = time.perf_counter() if several else start
        one = recipe.changed(moving=(str(path),))
        request = one.bind(fixed, read_map(path))
        read = time.perf_counter() - begun
        if several and ready is None:
            ready = prepare_fixed(request, resolve_device(recipe.device))
        result = with_progress(partial(run_align, request, ready=ready))
        timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - begun}
        command = one.changed(device=result.device).command("--out", str(own.folder))
        document = {
            **result.to_dict(request),
            "timing": {key: round(value, 4) for key, value in timing.items()},
            "command": command,
            "provenance": provenance(one.changed(device=result.device), device=result.device, command=command),
        }
        written = write_alignment(own, request, result, document)
        rows.append({"name": name, "folder": str(written[-1].parent), **document})
        print_alignment(request, result, timing=timing, written=written)
        if result.cancelled:
            break
    if several:
        print_table(fixed, rows, write_table(place, fixed, rows))
    if result.cancelled:
        raise typer.Exit(130)
