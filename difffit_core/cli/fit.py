"""`difffit fit`: place a model in a map."""

import time
from pathlib import Path
from typing import Any

import typer

from difffit_core.cli.level import choose_level, evidence_of, number_or_auto
from difffit_core.cli.options import MODEL_HELP
from difffit_core.errors import UserError


def fit(
    map_file: Path = typer.Argument(help="A map (.mrc, .map, .ccp4; .gz, .bz2, .xz, .zip).", metavar="MAP"),
    model_file: Path = typer.Argument(help="A model (.pdb, .ent, .cif, .mmcif; .gz, .bz2, .xz, .zip).", metavar="MODEL"),
    resolution: float = typer.Option(..., help="Resolution of the map in Å."),
    level: str = typer.Option("auto", help="Contour level in the map's units, or auto."),
    chain: str = typer.Option("", help="Chains to fit, separated by commas; all if not given."),
    models: str = typer.Option("", "--model", help=MODEL_HELP, metavar="N|all"),
    preset: str = typer.Option("balanced", help="fast, balanced, exhaustive or paper."),
    assignments: list[str] = typer.Option([], "--set", help="Change one setting: NAME=VALUE; see difffit settings.", metavar="NAME=VALUE"),
    seed: int = typer.Option(0, help="Seed of every random draw."),
    device: str = typer.Option("auto", help="auto, cpu, cuda or mps."),
    threads: int | None = typer.Option(None, help="CPU threads; all if not given."),
    out: Path = typer.Option(Path("difffit-out"), help="Folder for the results."),
    start_pose: str = typer.Option(
        "",
        "--start",
        help="Climb from this pose instead of searching: 12 numbers separated by commas, R row by row and then t of x' = R x + t in Å, "
        "or a file with them, or a placements.json, whose best one is taken.",
        metavar="FILE|NUMBERS",
    ),
    in_place: bool = typer.Option(False, "--in-place", help="Climb from where MODEL stands instead of searching."),
    within: str = typer.Option(
        "", help="Search only inside a sphere: its centre and its radius in Å, in the map's frame.", metavar="X,Y,Z,RADIUS"
    ),
    save: int = typer.Option(5, min=0, help="How many of the best placements to write as mmCIF."),
) -> None:
    """Find where MODEL sits in MAP, with no starting position or from one that is given, and write placements, models and a project.

    Ctrl-C stops the search and keeps what was found; a second one stops at once.
    """
    start = time.perf_counter()
    from difffit_core.cli.outputs import check_folder, write_results
    from difffit_core.cli.places import read_pose, read_sphere
    from difffit_core.cli.progress import run_with_progress
    from difffit_core.cli.settings import settings_from
    from difffit_core.cli.table import print_results
    from difffit_core.fit.request import FitRequest
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import check_writable, read_model
    from difffit_core.pose import Pose
    from difffit_core.project.command import fit_command

    settings = settings_from(preset, assignments)
    wanted_level = number_or_auto(level)
    if in_place and start_pose:
        raise UserError(f"a fit starts either in place or from a pose, got --in-place and --start {start_pose}")
    pose = Pose.identity() if in_place else read_pose(start_pose) if start_pose else None
    sphere = read_sphere(within) if within else None
    check_folder(out)
    density_map = read_map(map_file)
    model = read_model(model_file, models)
    check_writable(model)
    if chain:
        model = model.select_chains([name.strip() for name in chain.split(",")])
    chosen, suggestion = choose_level(density_map, model, wanted_level)
    evidence = evidence_of(chosen, suggestion)
    request = FitRequest(density_map, model, resolution, chosen, settings, seed, device, threads, pose, sphere)
    read = time.perf_counter() - start

    result = run_with_progress(request)
    files = [str(map_file), str(model_file)]
    command = fit_command(files, request, device=result.device, preset=preset, assignments=assignments, chain=chain, out=str(out))
    timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - start}
    details: dict[str, Any] = {"preset": preset, "resolution": resolution, "level": chosen, "chains": list(model.chains), "seed": seed}
    if pose is not None:
        details["start"] = {"rotation": pose.rotation.tolist(), "translation": pose.translation.tolist()}
    if sphere is not None:
        details["within"] = {"centre": sphere.centre, "radius": sphere.radius}
    written = write_results(out, request, result, timing=timing, details=details, command=command, evidence=evidence, save=save)
    print_results(request, result, timing=timing, evidence=evidence, written=written)
    if result.cancelled:
        raise typer.Exit(130)
