"""`difffit split`: cut a model into parts that may move against one another."""

import re
from functools import partial
from pathlib import Path

from difffit_core.cli.options import OVERWRITE, out_folder
from difffit_core.cli.recipes import takes
from difffit_core.split.recipe import SplitRecipe


@takes(SplitRecipe)
def split(recipe: SplitRecipe, out: Path | None = out_folder("difffit-parts"), overwrite: bool = OVERWRITE) -> None:
    """Split MODEL into chains, at residues, or into domains by predicted aligned error or compactness, and write each part as mmCIF.

    difffit compose MAP difffit-parts/*.cif --linked places the parts and puts them together again.
    """
    from difffit_core.cli.console import new_console
    from difffit_core.escaping.file_names import file_names
    from difffit_core.io.models import read_model, write_model
    from difffit_core.output import claim_folder, inputs_of

    model = read_model(Path(recipe.model), recipe.models)
    parts = recipe.parts(model)
    named = zip(file_names((part.name for part in parts), ".cif"), parts, strict=True)
    writers = {name: partial(write_model, model=part.model) for name, part in named}
    names = "|".join(map(re.escape, writers))
    place = claim_folder(out, "difffit-parts", command="split", names=names, inputs=inputs_of(recipe), overwrite=overwrite)
    written = place.write(writers)
    console = new_console()
    console.print(f"{model.name}, {model.residue_count} residues, in {len(parts)} part{'' if len(parts) == 1 else 's'}", style="bold")
    for part, path in zip(parts, written, strict=True):
        console.print(f"  {path.name}: {part.model.residue_count} residues, {part.ranges()}", soft_wrap=True)
    console.print(f"written to {written[-1].parent}", soft_wrap=True)
