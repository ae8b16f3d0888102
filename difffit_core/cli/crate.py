"""`difffit crate`: a folder of results, described for archives."""

import json
from pathlib import Path

import typer

from difffit_core.cli.console import say
from difffit_core.cli.options import OVERWRITE


def crate(
    folder: Path = typer.Argument(help="A folder of results.", metavar="FOLDER"),
    overwrite: bool = OVERWRITE,
) -> None:
    """Describe FOLDER as an RO-Crate, which archives read: write ro-crate-metadata.json into it, of what its results and manifest tell."""
    from difffit_core.crate import CRATE, crate_of
    from difffit_core.io.files import atomic_write
    from difffit_core.output import claim_file

    place = claim_file(folder / CRATE, command="crate", suffixes=(".json",), what="crate", overwrite=overwrite)
    made = crate_of(folder)

    def write(to: Path) -> None:
        with atomic_write(to) as temporary:
            temporary.write_text(json.dumps(made.document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    place.write(write)
    for name in made.changed:
        say(f"{name} is not as it was written, or gone, so that nothing is told of it", err=True)
    say(f"wrote {folder / CRATE}, which tells of {len(made.files)} files; name a licence in it before you publish it")
