"""`difffit correct`: the former name of what `difffit map` does, kept for scripts and shown in no help."""

from pathlib import Path

import typer

from difffit_core.cli.console import say
from difffit_core.cli.options import OVERWRITE
from difffit_core.errors import UserError


def correct(
    map_file: Path = typer.Argument(help="A map (.mrc, .map, .ccp4, .rec; .gz, .bz2, .xz, .zip).", metavar="MAP"),
    mirror: bool = typer.Option(False, "--mirror", help="Mirror the map: the other hand."),
    voxel_scale: float = typer.Option(1.0, min=0.1, max=10.0, help="Multiply the voxel size by this; the middle of the box stays."),
    low_pass: float = typer.Option(0.0, min=0.0, max=1000.0, help="Leave out detail finer than this; 0 keeps all.", metavar="Å"),
    out: Path = typer.Option(..., help="The map to write (.mrc, .map, .ccp4, .rec; .gz); never MAP itself.", metavar="FILE"),
    overwrite: bool = OVERWRITE,
) -> None:
    """Do what difffit map does with --low-pass, --mirror and --voxel-scale, in this order; use difffit map instead."""
    from difffit_core.cli.edit_map import write_made
    from difffit_core.correction import Correction
    from difffit_core.map_edit.corrected import steps_of
    from difffit_core.map_edit.recipe import MapRecipe

    correction = Correction(mirror, voxel_scale, low_pass)
    if not correction:
        raise UserError("a correction is needed: --mirror, --voxel-scale with a factor other than 1, or --low-pass")
    recipe = MapRecipe(map=str(map_file), steps=steps_of(correction))
    say(f"difffit correct is now called difffit map: {recipe.command('--out', str(out))}", err=True)
    write_made(recipe, out, overwrite=overwrite)
