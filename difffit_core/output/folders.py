"""Folders: whether they can be written, and making them."""

import os
import tempfile
from pathlib import Path

from difffit_core.errors import UserError
from difffit_core.io.regular import check_name


def check_folder(folder: Path) -> None:
    """Refuse a folder that could not be written.

    Raises
    ------
    UserError
        If it is a file, is called like an option, or neither it nor the nearest folder above it can be written.
    """
    check_name(folder)
    if folder.name == str(folder) and folder.name.startswith("--"):
        raise UserError(f"out must be a folder, got {folder}, as an option begins; a folder of that name is {folder.absolute()}")
    try:
        nearest = folder.absolute()
        while not nearest.exists():
            if nearest.is_symlink():
                raise UserError(
                    f"{folder}: out must be a folder that can be written, got a path through the link {nearest}, which leads nowhere"
                )
            nearest = nearest.parent
        if not nearest.is_dir():
            raise UserError(f"{folder}: out must be a folder that can be written, got a path through the file {nearest}")
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise UserError(f"{folder}: out must be a folder that can be written, got: {os.strerror(error.errno or 0)}") from None


def make_folder(folder: Path) -> list[Path]:
    """Make the folder and those above it; return the ones made, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: the folder cannot be made: {os.strerror(error.errno or 0)}") from None
    return missing


def new_aside(folder: Path) -> Path:
    """A new folder ``earlier-N`` in it."""
    number = 1
    while True:
        try:
            (folder / f"earlier-{number}").mkdir()
            return folder / f"earlier-{number}"
        except FileExistsError:
            number += 1
