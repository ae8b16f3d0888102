"""`difffit split`: cut a model into parts that may move against one another."""

from enum import StrEnum
from functools import partial
from pathlib import Path

import typer

from difffit_core.errors import UserError
from difffit_core.recipes.fields import MODEL_HELP


class By(StrEnum):
    """What tells where to cut."""

    CHAIN = "chain"
    PAE = "pae"
    COMPACT = "compact"


def split(
    model_file: Path = typer.Argument(help="A model (.pdb, .ent, .cif, .mmcif; .gz, .bz2, .xz, .zip).", metavar="MODEL"),
    by: By | None = typer.Option(None, help="chain, pae (predicted aligned errors) or compact; pae with --pae, else compact."),
    pae_file: Path | None = typer.Option(
        None, "--pae", help="Predicted aligned errors (.json, .npz, .npy), in any published layout.", metavar="FILE"
    ),
    at: list[str] | None = typer.Option(
        None,
        "--at",
        help="Cut before this residue, as in A:214; again for each cut. Other chains stay whole.",
        metavar="CHAIN:N",
    ),
    cutoff: float = typer.Option(8.0, min=0.1, help="Mean predicted aligned error in Å below which residues belong together."),
    plddt: float = typer.Option(70.0, min=0, max=100, help="Residues of a predicted model with less confidence belong to no part."),
    loose: float = typer.Option(0.07, min=0, max=1, help="Share of its contacts by which a piece may hang on and still come off."),
    smallest: int = typer.Option(30, min=1, help="Residues; smaller parts are left out (with --at, refused)."),
    models: str = typer.Option("", "--model", help=MODEL_HELP, metavar="N|all"),
    out: Path = typer.Option(Path("difffit-parts"), help="Folder for the parts."),
) -> None:
    """Split MODEL into chains, at residues, or into domains by predicted aligned error or compactness, and write each part as mmCIF.

    difffit compose MAP difffit-parts/*.cif --linked places the parts and puts them together again.
    """
    from rich.console import Console

    from difffit_core.cli.outputs import check_folder
    from difffit_core.compose.cuts import Cut, at_cuts
    from difffit_core.compose.pae import read_pae
    from difffit_core.compose.split import by_chain, by_compactness, by_pae
    from difffit_core.io.folder import write_together
    from difffit_core.io.models import read_model, write_model

    way = by or (By.PAE if pae_file else By.COMPACT)
    if (way is By.PAE) != (pae_file is not None):
        raise UserError(f"--by pae and --pae FILE go together, got --by {way}{'' if pae_file else ' without a file'}")
    if at and (by or pae_file):
        raise UserError("--at says where to cut: it must stand without --by and --pae, got both")
    cuts = [Cut.parse(text) for text in at or ()]
    check_folder(out)
    model = read_model(model_file, models)
    if cuts:
        parts = at_cuts(model, cuts, smallest)
    elif way is By.CHAIN:
        parts = by_chain(model)
    elif pae_file is not None:
        parts = by_pae(model, read_pae(pae_file), cutoff, plddt, smallest)
    else:
        parts = by_compactness(model, loose, smallest)
    writers = {f"{part.name.replace(' ', '_')}.cif": partial(write_model, model=part.model) for part in parts}
    written = write_together(out, writers, stale=r"$^")
    console = Console(highlight=False, markup=False)
    console.print(f"{model.name}, {model.residue_count} residues, in {len(parts)} parts", style="bold")
    for part, path in zip(parts, written, strict=True):
        console.print(f"  {path.name}: {part.model.residue_count} residues, {part.ranges()}", soft_wrap=True)
    console.print(f"written to {out}", soft_wrap=True)
