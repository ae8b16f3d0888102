"""What commands share: where results go, and the project that stands for a folder of them."""

from pathlib import Path
from typing import Any

import typer


def out_folder(default: str) -> Any:
    """The option ``--out`` of a command whose results are a folder; without it ``default``, or ``default-2`` … where that is in use."""
    return typer.Option(None, "--out", help="Folder for the results.", show_default=f"{default}, or {default}-2 … where that is in use")


OVERWRITE = typer.Option(
    False,
    "--overwrite",
    help="Replace what an earlier run wrote there, as far as the manifest tells of it and nobody has changed it since.",
)
"""The option of every command that writes files."""


def project_argument(text: str = "A project (.difffit), or the folder of results that it lies in.", metavar: str = "PROJECT") -> Any:
    """An argument that names a project, or a folder of results, whose project is taken then."""
    return typer.Argument(help=text, metavar=metavar, callback=_project_in)


def _project_in(path: Path) -> Path:
    inside = path / "project.difffit"
    return inside if path.is_dir() and inside.is_file() else path
