"""`difffit align`: lay maps onto a map."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import typer

from difffit_core.cli.level import number_or_auto
from difffit_core.errors import UserError


def align(
    fixed_file: Path = typer.Argument(help="The map that stays (.mrc, .map, .ccp4; .gz, .bz2, .xz, .zip).", metavar="FIXED"),
    moving_files: list[Path] = typer.Argument(help="The map, or maps, to lay onto it.", metavar="MOVING..."),
    resolution: float = typer.Option(..., help="Resolution of the maps in Å; of the coarser one where they differ."),
    level: str = typer.Option("auto", help="Contour level of FIXED in its units, or auto."),
    moving_level: str = typer.Option("auto", "--moving-level", help="Contour level of every MOVING in its units, or auto."),
    hand: str = typer.Option("both", help="Hand of MOVING to try: both, same or mirrored."),
    preset: str = typer.Option("balanced", help="fast, balanced or exhaustive."),
    points: int = typer.Option(4000, help="Points drawn from MOVING's density, which lead the search."),
    seed: int = typer.Option(0, help="Seed of every random draw."),
    device: str = typer.Option("auto", help="auto, cpu, cuda or mps."),
    threads: int | None = typer.Option(None, help="CPU threads; all if not given."),
    out: Path = typer.Option(Path("difffit-align"), help="Folder for the results."),
) -> None:
    """Find where MOVING lies in FIXED, from anywhere, whichever hand it has, and write the move, the moved map and where they differ.

    Writes alignment.json, aligned.mrc (MOVING on FIXED's grid, mirrored first where the hand says so) and difference.mrc (FIXED minus that,
    scaled by frequency). Several maps get a folder each, and one table. Ctrl-C stops the search and keeps what was found.
    """
    start = time.perf_counter()
    from difffit_core.align.recipe import AlignRecipe
    from difffit_core.align.run import prepare_fixed, run_align
    from difffit_core.cli.align_output import names_of, print_alignment, print_table, write_alignment, write_table
    from difffit_core.cli.outputs import check_folder
    from difffit_core.cli.progress import with_progress
    from difffit_core.device import resolve_device
    from difffit_core.io.maps import check_header, read_header, read_map

    recipe = AlignRecipe.checked(
        {
            "resolution": resolution,
            "level": number_or_auto(level),
            "moving_level": number_or_auto(moving_level),
            "hand": hand,
            "preset": preset,
            "points": points,
            "seed": seed,
            "device": device,
            "threads": threads,
        }
    )
    check_folder(out)
    for path in (fixed_file, *moving_files):
        check_header(read_header(path))
    twice = {str(path) for path in moving_files if moving_files.count(path) > 1}
    if twice:
        raise UserError(
            f"{sorted(twice)[0]}: each moving map must be given once, got it {moving_files.count(Path(sorted(twice)[0]))} times"
        )
    fixed = read_map(fixed_file)
    rows: list[dict[str, Any]] = []
    ready = None
    for name, path in zip(names_of(moving_files), moving_files, strict=True):
        begun = start if len(moving_files) == 1 else time.perf_counter()
        request = recipe.bind(fixed, read_map(path))
        read = time.perf_counter() - begun
        if len(moving_files) > 1 and ready is None:
            ready = prepare_fixed(request, resolve_device(device))
        result = with_progress(partial(run_align, request, ready=ready))
        folder = out if len(moving_files) == 1 else out / name
        timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - begun}
        command = recipe.command(str(fixed_file), str(path), str(folder))
        document = {**result.to_dict(request), "timing": {key: round(value, 4) for key, value in timing.items()}, "command": command}
        written = write_alignment(folder, result, document)
        rows.append({"name": name, "folder": str(folder), **document})
        print_alignment(request, result, timing=timing, written=written)
        if result.cancelled:
            break
    if len(moving_files) > 1:
        print_table(fixed, rows, write_table(out, fixed, rows))
    if result.cancelled:
        raise typer.Exit(130)
