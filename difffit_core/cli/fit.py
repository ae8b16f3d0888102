"""`difffit fit`: place a model in a map."""

import shlex
import time
from pathlib import Path

import typer

from difffit_core.cli.level import choose_level, number_or_auto


def fit(
    map_file: Path = typer.Argument(help="A map (.mrc, .map, .ccp4; .gz).", metavar="MAP"),
    model_file: Path = typer.Argument(help="A model (.pdb, .ent, .cif, .mmcif; .gz).", metavar="MODEL"),
    resolution: float = typer.Option(..., help="Resolution of the map in Å."),
    level: str = typer.Option("auto", help="Contour level in the map's units, or auto."),
    chain: str = typer.Option("", help="Chains to fit, separated by commas; all if not given."),
    preset: str = typer.Option("balanced", help="fast, balanced, exhaustive or paper."),
    assignments: list[str] = typer.Option([], "--set", help="Change one setting: NAME=VALUE; see difffit settings.", metavar="NAME=VALUE"),
    seed: int = typer.Option(0, help="Seed of every random draw."),
    device: str = typer.Option("auto", help="auto, cpu, cuda or mps."),
    threads: int | None = typer.Option(None, help="CPU threads; all if not given."),
    out: Path = typer.Option(Path("difffit-out"), help="Folder for the results."),
    save: int = typer.Option(5, min=0, help="How many of the best placements to write as mmCIF."),
) -> None:
    """Find where MODEL sits in MAP, with no starting position, and write placements, models and a project.

    Ctrl-C stops the search and keeps what was found; a second one stops at once.
    """
    start = time.perf_counter()
    from difffit_core.cli.outputs import check_folder, write_results
    from difffit_core.cli.progress import run_with_progress
    from difffit_core.cli.settings import settings_from
    from difffit_core.cli.table import print_results
    from difffit_core.fit.request import FitRequest
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import read_model

    settings = settings_from(preset, assignments)
    wanted_level = number_or_auto(level)
    check_folder(out)
    density_map = read_map(map_file)
    model = read_model(model_file)
    if chain:
        model = model.select_chains([name.strip() for name in chain.split(",")])
    chosen, suggestion = choose_level(density_map, model, wanted_level)
    evidence = suggestion.lines() if suggestion else (f"level {chosen:g} was given",)
    request = FitRequest(density_map, model, resolution, chosen, settings, seed, device, threads)
    read = time.perf_counter() - start

    result = run_with_progress(request)
    command = shlex.join(
        ["difffit", "fit", str(map_file), str(model_file), "--resolution", f"{resolution:g}", "--level", repr(chosen)]
        + (["--chain", chain] if chain else [])
        + ["--preset", preset, *(part for text in assignments for part in ("--set", text)), "--seed", str(seed)]
        + ["--device", result.device]
        + (["--threads", str(threads)] if threads is not None else [])
        + ["--out", str(out)]
    )
    timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - start}
    details = {"preset": preset, "resolution": resolution, "level": chosen, "chains": list(model.chains), "seed": seed}
    written = write_results(out, request, result, timing=timing, details=details, command=command, evidence=evidence, save=save)
    print_results(request, result, timing=timing, evidence=evidence, written=written)
    if result.cancelled:
        raise typer.Exit(130)
