"""`difffit info` and `difffit validate`: what is in a file, and what spoils a fit."""

from enum import StrEnum
from pathlib import Path

import typer

from difffit_core.cli.console import say
from difffit_core.cli.options import project_argument

_COLOURS = {"error": "bold red", "warning": "yellow", "note": "cyan", "ok": "green"}


class _Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def info(
    file: Path = project_argument("A map, a model, predicted aligned errors (.json, .npz, .npy), a project, or its folder.", "FILE"),
) -> None:
    """Print what is in a file."""
    from rich.text import Text

    from difffit_core.cli.console import new_console
    from difffit_core.io.describe import describe_file
    from difffit_core.io.files import suffix_of
    from difffit_core.io.models import MODEL_SUFFIXES
    from difffit_core.pae.describe import PAE_SUFFIXES, describe_errors_beside, describe_pae
    from difffit_core.project.describe import describe_project
    from difffit_core.project.store import PROJECT_SUFFIX

    if file.suffix.lower() == PROJECT_SUFFIX:
        rows = describe_project(file)
    elif suffix_of(file) in PAE_SUFFIXES:
        rows = describe_pae(file)
    else:
        rows = describe_file(file)
        if suffix_of(file) in MODEL_SUFFIXES:
            rows += describe_errors_beside(file)
    console = new_console()
    width = max(len(label) for label, _ in rows) + 2
    for label, value in rows:
        console.print(Text(label.ljust(width), style="bold").append(value, style="not bold"), soft_wrap=True)


def validate(
    map_file: Path = project_argument("A map (.mrc, .map, .ccp4, .rec; .gz, .bz2, .xz, .zip), a project (.difffit), or its folder.", "MAP"),
    model_file: Path = typer.Argument(None, help="A model (.pdb, .ent, .cif, .mmcif; .gz, .bz2, .xz, .zip).", metavar="[MODEL]"),
    resolution: float = typer.Option(None, help="Resolution of the map in Å."),
    level: float = typer.Option(None, help="Contour level in the map's units."),
    output: _Format = typer.Option(_Format.TEXT, "--format", help="Text, or JSON for other programs."),
) -> None:
    """Examine a map, and a model against it, for what spoils a fit; or a project, for what it lacks.

    Ends with status 1 where there is an error.
    """
    import json
    from dataclasses import asdict

    from rich.table import Table
    from rich.text import Text

    from difffit_core.cli.console import new_console
    from difffit_core.doctor import examine, examine_project
    from difffit_core.project.store import PROJECT_SUFFIX

    if map_file.suffix.lower() == PROJECT_SUFFIX:
        findings = examine_project(map_file)
    else:
        findings = examine(map_file, model_file, resolution, level)
    if output is _Format.JSON:
        say(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
        for finding in findings:
            table.add_row(
                Text(finding.severity, style=_COLOURS[finding.severity]), Text(finding.topic, style="bold"), Text(finding.sentence)
            )
        new_console().print(table)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)
