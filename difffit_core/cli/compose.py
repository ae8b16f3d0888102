"""`difffit compose`: place several models, or several copies, together."""

import time
from pathlib import Path

import typer

from difffit_core.cli.options import OVERWRITE, out_folder
from difffit_core.cli.recipes import takes
from difffit_core.compose.recipe import ComposeRecipe


@takes(ComposeRecipe)
def compose(recipe: ComposeRecipe, out: Path | None = out_folder("difffit-composite"), overwrite: bool = OVERWRITE) -> None:
    """Place several models, or several copies of one, together in MAP: no overlaps, the most density explained.

    Writes the composite as mmCIF, what no model explains as a map, a project and composite.json. A MODEL may be a map, as a subtomogram
    average: its copies are written as maps, and no project. Ctrl-C puts together what was found; a second one stops at once.
    """
    start = time.perf_counter()
    from difffit_core.align.body import read_model_or_map
    from difffit_core.api.level import settle, with_halves
    from difffit_core.cli.compose_table import print_composite
    from difffit_core.cli.progress import with_progress
    from difffit_core.compose.output.document import composite_document
    from difffit_core.compose.output.export import NAMES, write_composite
    from difffit_core.compose.run import run_compose
    from difffit_core.fit.setting_words import nearest_preset
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import check_writable
    from difffit_core.output import claim_folder, inputs_of
    from difffit_core.provenance import provenance

    place = claim_folder(out, "difffit-composite", command="compose", names=NAMES, inputs=inputs_of(recipe), overwrite=overwrite)
    density_map = with_halves(read_map(Path(recipe.map)), recipe)
    models = {one.model: read_model_or_map(Path(one.model), recipe.models, recipe.resolution) for one in recipe.wanted}
    for model in models.values():
        if model.body is None:
            check_writable(model)
    recipe, evidence = settle(recipe, density_map, max(models.values(), key=lambda model: model.residue_count))
    request = recipe.bind(density_map, [models[one.model] for one in recipe.wanted])
    read = time.perf_counter() - start

    result = with_progress(lambda tell, cancel: run_compose(request, tell, cancel))
    timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - start}
    command = recipe.changed(device=result.device).command("--out", str(place.folder))
    preset = nearest_preset(recipe.fit_settings)[0].value
    details = {"preset": preset, "resolution": recipe.resolution, "level": request.level, "seed": recipe.seed, "command": command}
    origin = provenance(recipe.changed(device=result.device), device=result.device, command=command)
    document = {**composite_document(request, result, details, timing), "provenance": origin}
    written = write_composite(place, request, result, document, command=command, evidence=evidence)
    print_composite(request, result, timing=timing, evidence=evidence, written=written)
    if result.cancelled:
        raise typer.Exit(130)
