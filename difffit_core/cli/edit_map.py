"""`difffit map`: a working map, made of a map in steps."""

from functools import partial
from pathlib import Path

import typer

from difffit_core.cli.options import OVERWRITE
from difffit_core.cli.recipes import takes
from difffit_core.map_edit.recipe import MapRecipe


@takes(MapRecipe)
def make_map(
    recipe: MapRecipe,
    out: Path = typer.Option(..., help="The map to write (.mrc, .map, .ccp4, .rec; .gz); never MAP itself.", metavar="FILE"),
    overwrite: bool = OVERWRITE,
) -> None:
    """Make a working map of MAP: zoned round a model, cropped, low-passed, sharpened, resampled, mirrored, or of another voxel size.

    Every option is a step, and they are done in the order in which they stand: difffit map emd.map --zone model.cif --within 8 --crop-level
    auto --margin 10 --low-pass 6 --out part.mrc. MAP is left as it is. What is written says its resolution, so that fits need not be told.
    """
    write_made(recipe, out, overwrite=overwrite)


def write_made(recipe: MapRecipe, out: Path, *, overwrite: bool) -> None:
    """Make a working map, write it, and print what was done."""
    from difffit_core.cli.console import new_console
    from difffit_core.io.maps import MAP_SUFFIXES, read_map, write_map
    from difffit_core.io.models import read_model
    from difffit_core.output import claim_file, inputs_of

    place = claim_file(out, command="map", suffixes=MAP_SUFFIXES, what="map", packed=True, inputs=inputs_of(recipe), overwrite=overwrite)
    density_map = read_map(Path(recipe.map))
    models = {(path, which): read_model(Path(path), which) for path, which in recipe.models()}
    made = recipe.make(density_map, models)
    place.write(partial(write_map, density_map=made.density_map))
    console = new_console()
    console.print(density_map.name, style="bold")
    for note in (*density_map.notes, *(note for model in models.values() for note in model.notes)):
        console.print(f"  {note}", style="dim", soft_wrap=True)
    for step in made.recipe.steps:
        console.print(step.done, soft_wrap=True)
    for sentence in made.said:
        console.print(f"Warning: {sentence}", style="yellow", soft_wrap=True)
    console.print(f"written to {out}: {made.described()}", soft_wrap=True)
