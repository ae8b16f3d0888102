"""`difffit pack`: put the maps and models of a project into it."""

from functools import partial
from pathlib import Path

import typer

from difffit_core.cli.console import say
from difffit_core.cli.options import OVERWRITE, project_argument


def pack(
    project_file: Path = project_argument(),
    out: Path = typer.Option(None, help="The packed project; by default PROJECT_packed.difffit beside it."),
    overwrite: bool = OVERWRITE,
) -> None:
    """Write a copy of PROJECT that holds its maps and models itself, to pass on or to keep."""
    from difffit_core.output import Inputs, claim_file
    from difffit_core.project.repack import pack_project
    from difffit_core.project.store import PROJECT_SUFFIX

    target = _target(project_file, out)
    place = claim_file(
        target, command="pack", suffixes=(PROJECT_SUFFIX,), what="project", inputs=Inputs([project_file]), overwrite=overwrite
    )
    place.write(partial(pack_project, project_file))
    say(str(target))


def _target(project_file: Path, out: Path | None) -> Path:
    return out or project_file.with_stem(f"{project_file.stem}_packed")
