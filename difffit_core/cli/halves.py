"""`difffit halves`: what two half maps say."""

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_core.cli.options import OVERWRITE, out_folder
from difffit_core.cli.recipes import takes
from difffit_core.escaping.tables import TableWriter
from difffit_core.halves.recipe import HalvesRecipe

if TYPE_CHECKING:
    from difffit_core.halves.curves import Curves


NAMES = r"(mask|noise|local_resolution)\.mrc|fsc\.csv|halves\.json"
"""Names of the files."""


@takes(HalvesRecipe)
def halves(recipe: HalvesRecipe, out: Path | None = out_folder("difffit-halves"), overwrite: bool = OVERWRITE) -> None:
    """Read resolution and noise from two half maps: the FSC without and with a mask, and both by place.

    Two maps that are no halves of one (another box or hand, shifted, one file twice, of different things) are refused. Writes halves.json,
    fsc.csv, mask.mrc, noise.mrc (σ by place) and local_resolution.mrc.
    """
    start = time.perf_counter()
    import numpy as np

    from difffit_core.cli.console import new_console
    from difffit_core.density_map import DensityMap
    from difffit_core.halves.pair import read_pair
    from difffit_core.halves.run import run_halves
    from difffit_core.io.maps import read_map, write_map
    from difffit_core.io.tables import write_json_atomic
    from difffit_core.output import claim_folder, inputs_of

    place = claim_folder(out, "difffit-halves", command="halves", names=NAMES, inputs=inputs_of(recipe), overwrite=overwrite)
    pair = read_pair(Path(recipe.first), Path(recipe.second))
    mask = read_map(Path(recipe.mask)) if recipe.mask else None
    found = run_halves(pair, recipe.resolution, mask, recipe.level, recipe.seed, by_place=recipe.local)
    document = {
        "schema": 1,
        "half_maps": [recipe.first, recipe.second],
        "settings": recipe.model_dump(mode="json", exclude={"first", "second"}),
        **found.to_dict(),
        "command": recipe.command("--out", str(place.folder)),
    }
    grid = pair.mean
    drawn = DensityMap(found.mask.astype(np.float32), grid.voxel_size, grid.origin, f"mask of {grid.name}")
    writers = {
        "fsc.csv": partial(_write_curves, curves=found.curves),
        "mask.mrc": partial(write_map, density_map=drawn),
        "noise.mrc": partial(write_map, density_map=found.noise.map()),
    }
    if found.local is not None:
        writers["local_resolution.mrc"] = partial(write_map, density_map=found.local)
    written = place.write({**writers, "halves.json": partial(write_json_atomic, data=document)})
    console = new_console()
    console.print(f"half maps {pair.first.name} and {pair.second.name}", style="bold")
    for note in document["notes"]:
        console.print(f"  {note}", style="dim", soft_wrap=True)
    for line in found.lines():
        console.print(line, soft_wrap=True)
    for warning in found.warnings:
        console.print(f"Warning: {warning}", style="yellow", soft_wrap=True)
    console.print(f"{time.perf_counter() - start:.1f} s in all", style="dim")
    console.print(f"written to {written[-1].parent}: " + ", ".join(path.name for path in written), soft_wrap=True)


def _write_curves(path: Path, curves: "Curves") -> None:
    from difffit_core.io.files import atomic_write

    columns = (curves.unmasked, curves.masked, curves.randomised, curves.corrected)
    with atomic_write(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as stream:
        writer = TableWriter(stream)
        writer.writerow(("frequency", "resolution", "unmasked", "masked", "randomised", "corrected", "coefficients"))
        for i, frequency in enumerate(curves.unmasked.frequency.tolist()):
            values = [f"{one.correlation[i]:.6f}" for one in columns]
            period = f"{1 / frequency:.4f}" if frequency else ""
            writer.writerow((f"{frequency:.7f}", period, *values, round(float(curves.unmasked.coefficients[i]))))
