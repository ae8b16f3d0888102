"""`difffit open`: hand over to the window, which the core finds by its entry point and never imports."""

from collections.abc import Sequence
from importlib.metadata import entry_points

import typer

from difffit_core.errors import UserError

GROUP = "difffit.window"


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
    found = next(iter(entry_points(group=GROUP)), None)
    if found is None:
        raise UserError("the window is not installed; install difffit-desktop with its dependencies, or see difffit --help")
    raise typer.Exit(found.load()(list(paths)))
