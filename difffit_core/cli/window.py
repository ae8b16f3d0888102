"""`difffit open`: hand over to the window."""

from collections.abc import Sequence
from pathlib import Path

import typer

from difffit_core.cli.entry_points import find_window
from difffit_core.errors import UserError


def open_files(
    files: list[str] = typer.Argument(None, help="Maps, models and projects to open.", metavar="[FILES]..."),
    script: Path | None = typer.Option(
        None, "--script", help="Then do what a script says, as typed in the window: commands (.dfc), or Python (.py).", metavar="FILE"
    ),
) -> None:
    """Open the window, with maps, models or a project in it."""
    open_window(files or [], script)


def open_window(paths: Sequence[str], script: Path | None = None) -> None:
    """Open the window and stay until it is closed.

    Raises
    ------
    UserError
        If no window is installed, or there is no such script.
    """
    if script is not None and not script.is_file():
        raise UserError(f"{script}: no such file")
    raise typer.Exit(find_window("open")(list(paths), script))
