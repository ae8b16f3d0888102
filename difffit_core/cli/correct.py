"""`difffit correct`: a copy of a map with its hand or its voxel size put right."""

from pathlib import Path

import typer

from difffit_core.errors import UserError


def correct(
    map_file: Path = typer.Argument(help="A map (.mrc, .map, .ccp4; .gz, .bz2, .xz, .zip).", metavar="MAP"),
    mirror: bool = typer.Option(False, "--mirror", help="Mirror the map: the other hand."),
    voxel_scale: float = typer.Option(1.0, min=0.1, max=10.0, help="Multiply the voxel size by this; the middle of the box stays."),
    out: Path = typer.Option(..., help="The map to write (.mrc, .map, .ccp4; .gz); never MAP itself.", metavar="FILE"),
) -> None:
    """Write a copy of MAP with the other hand, or another voxel size, as difffit fit may have advised. MAP is left as it is."""
    from rich.console import Console

    from difffit_core.fit.hand import mirrored
    from difffit_core.io.maps import read_map, write_map

    if not mirror and voxel_scale == 1.0:
        raise UserError("a correction is needed: --mirror, or --voxel-scale with a factor other than 1")
    if out.exists() and map_file.exists() and out.samefile(map_file):
        raise UserError(f"{out}: out must be another file than the map, got the map itself")
    density_map = read_map(map_file)
    corrected = mirrored(density_map) if mirror else density_map
    if voxel_scale != 1.0:
        corrected = corrected.rescaled(voxel_scale)
    write_map(out, corrected)
    console = Console(highlight=False, markup=False)
    for note in density_map.notes:
        console.print(f"  {note}", style="dim")
    size = " × ".join(f"{length:.5g}" for length in corrected.voxel_size)
    console.print(f"written to {out}: {'mirrored, ' if mirror else ''}voxels of {size} Å", soft_wrap=True)
