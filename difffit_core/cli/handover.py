"""`difffit handover`: what the next program wants of a result."""

from pathlib import Path

from difffit_core.cli.options import OVERWRITE, out_folder
from difffit_core.cli.recipes import takes
from difffit_core.handover.recipe import HandoverRecipe

DEFAULT = "difffit-handover"


@takes(HandoverRecipe)
def handover(recipe: HandoverRecipe, out: Path | None = out_folder(DEFAULT), overwrite: bool = OVERWRITE) -> None:
    """Write what the next program wants of a result: model, map cut to it, restraints by a reference, and a script for each program.

    ISOLDE, Coot, Phenix, ServalCat and CryoBoltz go on refining, ChimeraX, PyMOL and Mol* show it. README.txt says how to start each.
    """
    from difffit_core.cli.console import new_console
    from difffit_core.handover.asked import hand_over, project_in
    from difffit_core.handover.programs import PROGRAMS
    from difffit_core.handover.run import NAMES
    from difffit_core.output import claim_folder, inputs_of

    if not recipe.model:
        recipe = recipe.changed(source=str(project_in(Path(recipe.source))))
    place = claim_folder(out, DEFAULT, command="handover", names=NAMES, inputs=inputs_of(recipe), overwrite=overwrite)
    done = hand_over(recipe, place, recipe.command("--out", str(place.folder)))
    console = new_console()
    console.print(f"hands over {done.name}", soft_wrap=True, markup=False)
    for note in done.notes:
        console.print(f"  {note}", style="dim", soft_wrap=True, markup=False)
    for name in recipe.programs:
        console.print(f"{PROGRAMS[name].title}: {PROGRAMS[name].command}", soft_wrap=True, markup=False)
    console.print(f"written to {done.folder}: {', '.join(path.name for path in done.files)}", soft_wrap=True, markup=False)
