"""`difffit pack`: put the maps and models of a project into it."""

from pathlib import Path

import typer


def pack(
    project_file: Path = typer.Argument(help="A project (.difffit).", metavar="PROJECT"),
    out: Path = typer.Option(None, help="The packed project; by default PROJECT_packed.difffit beside it."),
) -> None:
    """Write a copy of PROJECT that holds its maps and models itself, to pass on or to keep."""
    from difffit_core.project.repack import pack_project

    target = _target(project_file, out)
    pack_project(project_file, target)
    typer.echo(str(target))


def _target(project_file: Path, out: Path | None) -> Path:
    return out or project_file.with_stem(f"{project_file.stem}_packed")
