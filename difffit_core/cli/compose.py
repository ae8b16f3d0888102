"""`difffit compose`: place several models, or several copies, together."""

import time
from pathlib import Path

import typer

from difffit_core.cli.level import choose_level, evidence_of, number_or_auto
from difffit_core.errors import UserError
from difffit_core.recipes.fields import MODEL_HELP


def compose(
    map_file: Path = typer.Argument(help="A map (.mrc, .map, .ccp4; .gz, .bz2, .xz, .zip).", metavar="MAP"),
    models: list[str] = typer.Argument(
        help="Models (.pdb, .ent, .cif, .mmcif; packed or not), each with at most how many copies; without a number, as many as there are.",
        metavar="MODEL[:COPIES]...",
    ),
    resolution: float = typer.Option(..., help="Resolution of the map in Å."),
    level: str = typer.Option("auto", help="Contour level in the map's units, or auto."),
    symmetry: str = typer.Option("auto", help="auto: found and completed; none; or Cn or Dn, which is imposed."),
    impose: bool = typer.Option(False, "--impose", help="Move copies to the exact places of the symmetry that is found."),
    accept: str = typer.Option("significant", help="Placements to take: significant, or any while copies are wanted."),
    linked: bool = typer.Option(
        False, "--linked", help="Models are parts of the same chains, as difffit split makes them: linkers hold them together."
    ),
    method: str = typer.Option("together", help="together: chosen and refined at once; or rounds: fit, accept, zero out, fit the rest."),
    rounds: int = typer.Option(3, help="Most searches of what is left of the map, of each model."),
    zero_out: str = typer.Option("covered", help="How rounds zero out: threshold (the paper's), covered or soft."),
    threshold: float = typer.Option(0.0, help="Of the scaled simulated map, for zeroing out by threshold."),
    per_round: int = typer.Option(0, help="Most placements of each model that a round accepts; 0 for all."),
    most_overlap: float = typer.Option(0.1, help="Share of the smaller of two placements that may lie in the other."),
    comparable: float = typer.Option(
        0.8, help="Share of the best copy's correlation below which a clearly weaker one is no copy, where copies are not counted."
    ),
    refine: bool = typer.Option(True, help="Refine all placements together once they are chosen."),
    enough: float = typer.Option(0.98, help="Rounds end once this share of the density is explained."),
    which: str = typer.Option("", "--model", help=MODEL_HELP, metavar="N|all"),
    preset: str = typer.Option("balanced", help="fast, balanced, exhaustive or paper."),
    assignments: list[str] = typer.Option([], "--set", help="Change one setting: NAME=VALUE; see difffit settings.", metavar="NAME=VALUE"),
    seed: int = typer.Option(0, help="Seed of every random draw."),
    device: str = typer.Option("auto", help="auto, cpu, cuda or mps."),
    threads: int | None = typer.Option(None, help="CPU threads; all if not given."),
    out: Path = typer.Option(Path("difffit-composite"), help="Folder for the results."),
) -> None:
    """Place several models, or several copies of one, together in MAP: no overlaps, the most density explained.

    Writes the composite as mmCIF, what no model explains as a map, a project and composite.json. Ctrl-C puts together what was found; a
    second one stops at once.
    """
    start = time.perf_counter()
    from difffit_core.cli.compose_table import print_composite
    from difffit_core.cli.outputs import check_folder
    from difffit_core.cli.progress import with_progress
    from difffit_core.compose.command import compose_command
    from difffit_core.compose.document import composite_document
    from difffit_core.compose.export import write_composite
    from difffit_core.compose.request import ComposeRequest, Wanted
    from difffit_core.compose.run import run_compose
    from difffit_core.compose.settings import ComposeSettings
    from difffit_core.fit.setting_words import settings_from
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import check_writable, read_model

    fit_settings = settings_from(preset, assignments)
    settings = ComposeSettings.checked(
        {
            "symmetry": symmetry, "impose": impose, "accept": accept, "rounds": rounds, "method": method, "zero_out": zero_out,
            "threshold": threshold, "linked": linked, "per_round": per_round, "enough": enough,
            "most_overlap": most_overlap, "comparable": comparable, "refine": refine,
        }
    )  # fmt: skip
    wanted_level = number_or_auto(level)
    asked = [_model_and_copies(text) for text in models]
    check_folder(out)
    density_map = read_map(map_file)
    wanted = tuple(Wanted(read_model(path, which), 1 if linked and copies is None else copies) for path, copies in asked)
    for one in wanted:
        check_writable(one.model)
    largest = max((one.model for one in wanted), key=lambda model: model.residue_count)
    chosen, suggestion = choose_level(density_map, largest, wanted_level)
    evidence = evidence_of(chosen, suggestion)
    request = ComposeRequest(density_map, wanted, resolution, chosen, settings, fit_settings, seed, device, threads)
    read = time.perf_counter() - start

    result = with_progress(lambda tell, cancel: run_compose(request, tell, cancel))
    timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - start}
    command = compose_command(request, [str(map_file), *models], device=result.device, preset=preset, changes=assignments, out=str(out))
    details = {"preset": preset, "resolution": resolution, "level": chosen, "seed": seed, "command": command}
    document = composite_document(request, result, details, timing)
    written = write_composite(out, request, result, document, command=command, evidence=evidence)
    print_composite(request, result, timing=timing, evidence=evidence, written=written)
    if result.cancelled:
        raise typer.Exit(130)


def _model_and_copies(text: str) -> tuple[Path, int | None]:
    """``MODEL`` or ``MODEL:COPIES``; a file whose own name ends so is taken whole."""
    path, colon, copies = text.rpartition(":")
    if not colon or not copies.isdecimal() or Path(text).exists():
        return Path(text), None
    if int(copies) < 1:
        raise UserError(f"{path}: copies must be at least 1, got {copies}")
    return Path(path), int(copies)
