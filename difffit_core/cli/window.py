"""`difffit open`: hand over to the window."""

from collections.abc import Sequence

import typer

from difffit_core.cli.entry_points import find_window


def open_files(files: list[str] = typer.Argument(None, help="Maps, models and projects to open.", metavar="[FILES]...")) -> None:
    """Open the window, with maps, models or a project in it."""
    open_window(files or [])


def open_window(paths: Sequence[str]) -> None:
    """Open the window and stay until it is closed.

    Raises
    ------
    UserError
        If no window is installed.
    """
    raise typer.Exit(find_window("open")(list(paths)))
