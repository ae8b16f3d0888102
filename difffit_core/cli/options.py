"""Options that commands share: where results go."""

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
