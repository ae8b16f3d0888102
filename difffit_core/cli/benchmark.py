"""`difffit benchmark paper`: the published figures, measured here."""

from enum import StrEnum
from functools import partial
from pathlib import Path

import typer

from difffit_core.cli.console import say
from difffit_core.errors import UserError

STORE = "runs.json"
NAMES = r"runs\.json|paper\.(md|svg)"
"""Names of the files of a benchmark."""


class _What(StrEnum):
    PAPER = "paper"


def benchmark(
    what: _What = typer.Argument(help="paper: tables 1 and 3 of the DiffFit paper."),
    out: Path = typer.Option(
        Path("difffit-benchmark"), help="Folder for runs.json, paper.md and paper.svg; what is in it is gone on with."
    ),
    only: str = typer.Option("", help="PDB accessions with commas between them; all 15 if not given."),
    runs: int = typer.Option(5, min=1, max=1000, help="Fits of each, from different random starts."),
    preset: str = typer.Option("paper", help="fast, balanced, exhaustive or paper."),
    device: str = typer.Option("auto", help="auto, cpu, cuda or mps."),
    table: Path | None = typer.Option(None, help="Another table as difffit_core/benchmark/paper.json."),
) -> None:
    """Fetch the paper's maps and models, fit each several times from random starts, and print hits, seconds and RMSD beside the published.

    What is done is kept in the folder, and the same command goes on. Timings are those of this machine.
    """
    from difffit_core import __version__
    from difffit_core.benchmark.paper import markdown, picture, read_table, run_paper
    from difffit_core.io.models import write_text
    from difffit_core.output import claim_folder
    from difffit_core.output.folders import make_folder
    from difffit_core.provenance import library_versions, machine

    del what
    rows = read_table(table)
    if only:
        wanted = [word.strip().upper() for word in only.split(",") if word.strip()]
        strange = [word for word in wanted if word not in {str(row["pdb"]).upper() for row in rows}]
        if strange:
            raise UserError(f"only must name entries of the table ({', '.join(str(row['pdb']) for row in rows)}), got {strange[0]}")
        rows = [row for row in rows if str(row["pdb"]).upper() in wanted]
    place = claim_folder(out, command="benchmark", names=NAMES, store=STORE)
    make_folder(out)
    place.keep()
    done, failures = run_paper(rows, out / STORE, runs, preset, device, lambda line: say(line, err=True))
    devices = ", ".join(dict.fromkeys(one.device for one in done)) or "no device"
    versions = library_versions()
    program = f"difffit {__version__} with the preset {preset}, torch {versions.get('torch', 'absent')}"
    text = markdown(rows, done, failures, f"{machine()}, {devices}, by {program}, {versions['platform']}")
    drawn = picture(rows, done)
    place.write({"paper.svg": partial(write_text, text=drawn), "paper.md": partial(write_text, text=text)})
    say(text)
    say(f"written to {out}: runs.json, paper.md, paper.svg")
    if failures:
        raise typer.Exit(1 if done else 2)
