"""`difffit correct`: a copy of a map with its hand, its voxel size or its finest detail put right."""

from functools import partial
from pathlib import Path

import typer

from difffit_core.cli.options import OVERWRITE
from difffit_core.errors import UserError


def correct(
    map_file: Path = typer.Argument(help="A map (.mrc, .map, .ccp4, .rec; .gz, .bz2, .xz, .zip).", metavar="MAP"),
    mirror: bool = typer.Option(False, "--mirror", help="Mirror the map: the other hand."),
    voxel_scale: float = typer.Option(1.0, min=0.1, max=10.0, help="Multiply the voxel size by this; the middle of the box stays."),
    low_pass: float = typer.Option(0.0, min=0.0, help="Leave out detail finer than this; 0 keeps all.", metavar="Å"),
    out: Path = typer.Option(..., help="The map to write (.mrc, .map, .ccp4, .rec; .gz); never MAP itself.", metavar="FILE"),
    overwrite: bool = OVERWRITE,
) -> None:
    """Write a copy of MAP as difffit fit may have advised: the other hand, another voxel size, no detail finer than it can hold.

    MAP is left as it is.
    """
    from difffit_core.cli.console import new_console
    from difffit_core.correction import Correction
    from difffit_core.io.maps import MAP_SUFFIXES, read_map, write_map
    from difffit_core.output import Inputs, claim_file

    correction = Correction(mirror, voxel_scale, low_pass)
    if not correction:
        raise UserError("a correction is needed: --mirror, --voxel-scale with a factor other than 1, or --low-pass")
    place = claim_file(
        out, command="correct", suffixes=MAP_SUFFIXES, what="map", packed=True, inputs=Inputs([map_file]), overwrite=overwrite
    )
    density_map = read_map(map_file)
    finest = 2 * float(density_map.voxel_size.max())
    if low_pass and low_pass <= finest:
        raise UserError(f"{map_file}: --low-pass must be above {finest:.4g} Å, the finest that its voxels can hold, got {low_pass:g}")
    corrected = correction.of(density_map)
    place.write(partial(write_map, density_map=corrected))
    console = new_console()
    for note in density_map.notes:
        console.print(f"  {note}", style="dim")
    size = " × ".join(f"{length:.5g}" for length in corrected.voxel_size)
    done = [*(["mirrored"] if mirror else []), *([f"low-passed to {low_pass:g} Å"] if low_pass else []), f"voxels of {size} Å"]
    console.print(f"written to {out}: {', '.join(done)}", soft_wrap=True)
