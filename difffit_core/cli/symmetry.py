"""`difffit symmetry`: the symmetry of a map."""

import time
from functools import partial
from pathlib import Path

from difffit_core.align.symmetry_recipe import SymmetryRecipe
from difffit_core.cli.options import OVERWRITE, out_folder
from difffit_core.cli.recipes import takes


@takes(SymmetryRecipe)
def symmetry(recipe: SymmetryRecipe, out: Path | None = out_folder("difffit-symmetry"), overwrite: bool = OVERWRITE) -> None:
    """Find the symmetry of MAP from the map alone: Cn, Dn, T, O or I with its axes, or a helix with its rise and twist.

    The map is laid onto itself in every way. Writes symmetry.json and, with --impose, symmetrised.mrc.
    """
    start = time.perf_counter()
    from difffit_core.align.impose import imposed
    from difffit_core.align.symmetry import find_symmetry
    from difffit_core.api.level import choose_level, evidence_of
    from difffit_core.api.progress import with_progress
    from difffit_core.cli.console import new_console
    from difffit_core.io.maps import read_map, write_map
    from difffit_core.io.tables import write_json_atomic
    from difffit_core.output import claim_folder, inputs_of
    from difffit_core.target import Target

    names = r"symmetrised\.mrc|symmetry\.json"
    place = claim_folder(out, "difffit-symmetry", command="symmetry", names=names, inputs=inputs_of(recipe), overwrite=overwrite)
    density_map = read_map(Path(recipe.map))
    level, suggestion = choose_level(density_map, None, recipe.level)
    found = with_progress(partial(find_symmetry, Target(density_map, recipe.resolution, level), recipe.seed, recipe.device, recipe.threads))
    document = {
        "schema": 1,
        "map": recipe.map,
        "settings": {**recipe.model_dump(mode="json", exclude={"map"}), "level": level},
        **found.to_dict(),
        "notes": list(density_map.notes),
        "command": recipe.changed(level=level).command("--out", str(place.folder)),
    }
    writers = {"symmetry.json": partial(write_json_atomic, data=document)}
    if recipe.impose:
        writers = {"symmetrised.mrc": partial(write_map, density_map=imposed(density_map, found)), **writers}
    written = place.write(writers)
    console = new_console()
    console.print(f"{density_map.name}: {found.helix or found.group.name}", style="bold")
    for line in (*density_map.notes, *evidence_of(level, suggestion)):
        console.print(f"  {line}", style="dim")
    for line in found.lines():
        console.print(line, soft_wrap=True)
    for warning in found.warnings:
        console.print(f"Warning: {warning}", style="yellow", soft_wrap=True)
    console.print(f"{time.perf_counter() - start:.1f} s in all on {found.device}", style="dim")
    console.print(f"written to {written[-1].parent}: " + ", ".join(path.name for path in written), soft_wrap=True)
