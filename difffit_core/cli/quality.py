"""`difffit quality` and `difffit difference`: how well a placed model fits its map, and how far two are apart."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from difffit_core.chain_words import chains_in_words
from difffit_core.cli.options import OVERWRITE
from difffit_core.cli.recipes import takes
from difffit_core.quality.recipe import QualityRecipe

if TYPE_CHECKING:
    from rich.table import Table

    from difffit_core.quality.score import ResidueScores

WORST = 10


@takes(QualityRecipe)
def quality(
    recipe: QualityRecipe,
    out: Path | None = typer.Option(None, help="Write the table of all residues as CSV.", metavar="CSV"),
    overwrite: bool = OVERWRITE,
) -> None:
    """Judge MODEL as it stands in MAP: local correlation and Q-score of each residue, and how much of the density it explains.

    Both scores are higher for a better fit, and 1 at most. Nothing is moved; fit first, and judge what difffit fit wrote.
    """
    from difffit_core.api.level import settle
    from difffit_core.cli.console import new_console
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import read_model
    from difffit_core.output import claim_file, inputs_of
    from difffit_core.quality.score import write_residues_csv

    table = (
        None
        if out is None
        else claim_file(out, command="quality", suffixes=(".csv",), what="table", inputs=inputs_of(recipe), overwrite=overwrite)
    )
    density_map, whole = read_map(Path(recipe.map)), read_model(Path(recipe.model), recipe.models)
    model = whole.select_chains(recipe.chains) if recipe.chains else whole
    recipe, evidence = settle(recipe, density_map, model)
    scores, explained = recipe.bind(density_map, whole).judge()
    if table is not None:
        table.write(partial(write_residues_csv, scores=scores))

    console = new_console()
    console.print(
        f"{model.name}, {model.residue_count} residues of {chains_in_words(model.chains)}, "
        f"in {density_map.name} at {recipe.resolution:g} Å",
        style="bold",
    )
    for note in (*density_map.notes, *model.notes):
        console.print(f"  {note}", style="dim")
    for line in evidence[:1]:
        console.print(f"  {line}", style="dim")
    console.print(_means(scores))
    console.print("the lowest local correlations", style="bold")
    console.print(_worst(scores))
    for line in explained.lines():
        console.print(line)
    if out is not None:
        console.print(f"written to {out}", soft_wrap=True)


def _means(scores: "ResidueScores") -> "Table":
    table = _table("chain", "residues", "local corr.", "Q-score")
    chains = dict.fromkeys(scores.residues.chains.tolist())
    for name, where in [(name, scores.residues.chains == name) for name in chains] + ([("all", None)] if len(chains) > 1 else []):
        count = len(scores.residues) if where is None else int(where.sum())
        table.add_row(name, str(count), f"{scores.mean('local_correlation', where):.3f}", f"{scores.mean('q_score', where):.3f}")
    return table


def _worst(scores: "ResidueScores") -> "Table":
    import numpy as np

    table = _table("chain", "residue", "", "local corr.", "Q-score")
    for i in np.argsort(scores.local_correlation, kind="stable")[:WORST]:
        residues = scores.residues
        numbers = (f"{scores.local_correlation[i]:.3f}", f"{scores.q_score[i]:.3f}")
        table.add_row(str(residues.chains[i]), str(residues.numbers[i]), str(residues.names[i]), *numbers)
    return table


def difference(
    first: Path = typer.Argument(help="A model (.pdb, .ent, .cif, .mmcif; .gz, .bz2, .xz, .zip).", metavar="MODEL_A"),
    second: Path = typer.Argument(help="The same model elsewhere.", metavar="MODEL_B"),
) -> None:
    """Tell how far MODEL_B is from MODEL_A as they stand: RMSD without superposing them, shift, turn, and each chain's displacement."""
    from difffit_core.cli.console import new_console
    from difffit_core.io.models import read_model
    from difffit_core.quality.difference import difference_of_models

    found = difference_of_models(read_model(first), read_model(second))
    console = new_console()
    residues = found.residues
    console.print(f"{len(residues.of_atom)} atoms of {len(residues)} residues in common", style="dim")
    console.print(found.sentence, style="bold")
    rows = [("shift", found.shift, " Å"), ("axis", found.axis, "")]
    for name, vector, unit in rows:
        console.print(f"{name:6}({', '.join(f'{x:.3f}' for x in vector)}){unit}")
    table = _table("chain", "residues", "mean displacement", "largest", "of")
    for name in dict.fromkeys(residues.chains.tolist()):
        where = (residues.chains == name).nonzero()[0]
        moved = found.displacement[where]
        farthest = where[int(moved.argmax())]
        label = f"{residues.names[farthest]} {residues.numbers[farthest]}"
        table.add_row(name, str(len(where)), f"{moved.mean():.2f} Å", f"{moved.max():.2f} Å", label)
    console.print(table)


def _table(*headings: str) -> "Table":
    from rich.table import Table

    table = Table(box=None, padding=(0, 1))
    for heading in headings:
        table.add_column(heading, justify="left" if heading in {"chain", "", "of"} else "right", no_wrap=True)
    return table
