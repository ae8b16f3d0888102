"""`difffit fit`: place a model in a map."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import typer

from difffit_core.cli.options import OVERWRITE, out_folder
from difffit_core.cli.recipes import takes
from difffit_core.fit.recipe import FitRecipe


@takes(FitRecipe)
def fit(
    recipe: FitRecipe,
    out: Path | None = out_folder("difffit-out"),
    save: int = typer.Option(5, min=0, max=100_000, help="How many of the best placements to write as mmCIF."),
    overwrite: bool = OVERWRITE,
) -> None:
    """Find where MODEL sits in MAP, with no starting position or from one that is given, and write placements, models and a project.

    Ctrl-C stops the search and keeps what was found; a second one stops at once.
    """
    start = time.perf_counter()
    from difffit_core.align.of_map import in_symmetry
    from difffit_core.api.level import settle, with_halves
    from difffit_core.cli.outputs import NAMES, write_results
    from difffit_core.cli.progress import run_with_progress, with_progress
    from difffit_core.cli.table import print_results
    from difffit_core.fit.setting_words import nearest_preset
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import check_writable, read_model
    from difffit_core.output import claim_folder, inputs_of
    from difffit_core.provenance import provenance

    place = claim_folder(out, "difffit-out", command="fit", names=NAMES, inputs=inputs_of(recipe), overwrite=overwrite)
    density_map = with_halves(read_map(Path(recipe.map)), recipe)
    model = read_model(Path(recipe.model), recipe.models)
    check_writable(model)
    subject = model.select_chains(recipe.chains) if recipe.chains else model
    recipe, evidence = settle(recipe, density_map, subject)
    read = time.perf_counter() - start
    request = with_progress(partial(in_symmetry, recipe.bind(density_map, model)))
    if request.of_map is not None:
        evidence = (*evidence, request.of_map.say)

    result = run_with_progress(request)
    recipe = recipe.changed(device=result.device)
    timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - start}
    details: dict[str, Any] = {
        "preset": nearest_preset(recipe.settings)[0].value, "resolution": recipe.resolution, "level": recipe.level,
        "chains": list(request.model.chains), "seed": recipe.seed,
    }  # fmt: skip
    if recipe.start is not None:
        details["start"] = {"rotation": recipe.start.rotation.tolist(), "translation": recipe.start.translation.tolist()}
    if request.of_map is not None and request.of_map.standing is not None:
        details["symmetry"] = str(request.of_map.standing)
    if recipe.region is not None:
        details["within"] = {"centre": recipe.region.centre, "radius": recipe.region.radius}
    command = recipe.command("--out", str(place.folder))
    origin = provenance(recipe, device=result.device, command=command)
    written = write_results(
        place, request, result, timing=timing, details=details, command=command, evidence=evidence, save=save, provenance=origin
    )
    print_results(request, result, timing=timing, evidence=evidence, written=written)
    if result.cancelled:
        raise typer.Exit(130)
