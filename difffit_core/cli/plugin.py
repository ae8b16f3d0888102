"""`difffit plugin`: this program's commands in ChimeraX and PyMOL."""

from pathlib import Path
from typing import Literal

import typer

from difffit_core.cli.console import say
from difffit_core.cli.options import OVERWRITE

Host = Literal["chimerax", "pymol"]


def plugin(
    program: Host = typer.Argument(help="For which program."),
    out: Path | None = typer.Option(None, help="The file to write (.py).", show_default="difffit_PROGRAM.py"),
    overwrite: bool = OVERWRITE,
) -> None:
    """Write a file for ChimeraX or PyMOL by which these open what they hold in DiffFit, or have it fitted and take back the result."""
    from difffit_core.handover.plugin import PLUGINS, START, plugin_text
    from difffit_core.io.files import atomic_write
    from difffit_core.output import claim_file

    path = out or Path(PLUGINS[program])
    place = claim_file(path, command="plugin", suffixes=(".py",), what="plugin", overwrite=overwrite)

    def write(to: Path) -> None:
        with atomic_write(to) as temporary:
            temporary.write_text(plugin_text(program), encoding="utf-8")

    place.write(write)
    say(f"wrote {path}; type there: {START[program].format(path.absolute())}")
