"""`difffit refine`: bend a model into a map."""

import time
from pathlib import Path

import typer

from difffit_core.cli.options import OVERWRITE, out_folder
from difffit_core.cli.recipes import takes
from difffit_core.refine.recipe import RefineRecipe


@takes(RefineRecipe)
def refine(recipe: RefineRecipe, out: Path | None = out_folder("difffit-refined"), overwrite: bool = OVERWRITE) -> None:
    """Bend MODEL into MAP, from where it stands if it lies in its density, or else after a fit.

    Pieces that do not fit there are moved about their hinges, then all atoms are bent, as far as density that bending does not see agrees
    better. Writes refined.cif with all that MODEL holds, refined.csv with a line a residue, and refined.json. Ctrl-C keeps what was
    reached; a second one stops at once.
    """
    start = time.perf_counter()
    from difffit_core.api.level import settle, with_halves
    from difffit_core.cli.progress import with_progress
    from difffit_core.cli.refine_table import print_refined
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import check_writable, read_model
    from difffit_core.output import claim_folder, inputs_of
    from difffit_core.provenance import provenance
    from difffit_core.refine.output import NAMES, write_refined
    from difffit_core.refine.predicted import errors_for
    from difffit_core.refine.run import run_refine

    place = claim_folder(out, "difffit-refined", command="refine", names=NAMES, inputs=inputs_of(recipe), overwrite=overwrite)
    density_map = with_halves(read_map(Path(recipe.map)), recipe)
    model = read_model(Path(recipe.model), recipe.models)
    check_writable(model)
    subject = model.select_chains(recipe.chains) if recipe.chains else model
    pae, told = errors_for(subject, recipe.pae)
    recipe, evidence = settle(recipe, density_map, subject)
    request = recipe.bind(density_map, model, pae)
    read = time.perf_counter() - start

    result = with_progress(lambda tell, cancel: run_refine(request, tell, cancel))
    timing = {"read_s": read, **result.timing, "total_s": time.perf_counter() - start}
    command = recipe.command("--out", str(place.folder))
    written = write_refined(
        place,
        request,
        result,
        details={
            "resolution": recipe.resolution,
            "level": request.level,
            "seed": recipe.seed,
            "hold": recipe.hold,
            "rigid": recipe.rigid,
            "apart": recipe.apart,
        },
        timing=timing,
        command=command,
        b_factors=recipe.b_factors,
        notes=told,
        provenance=provenance(recipe, device="cpu", command=command),
    )
    print_refined(request, result, timing=timing, evidence=(*evidence, *told), written=written, b_factors=recipe.b_factors)
    if result.cancelled:
        raise typer.Exit(130)
