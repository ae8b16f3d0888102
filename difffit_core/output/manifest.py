"""`difffit-manifest.json`: what runs wrote into a folder, by name and SHA-256."""

import hashlib
import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from difffit_core.errors import UserError
from difffit_core.io.json_text import read_json
from difffit_core.io.regular import read_text

MANIFEST = "difffit-manifest.json"
_LARGEST = 64 << 20
LIVE = ""
"""Stands for the checksum of a file that goes on changing, as the store of a screen."""


def _plain(name: str) -> str:
    if name in ("", ".", "..") or "\0" in name or Path(name).name != name:
        raise ValueError(f"{name!r} is not the plain name of a file")
    return name


FileName = Annotated[str, AfterValidator(_plain)]


class Run(BaseModel):
    """What one run wrote.

    Attributes
    ----------
    command : of `difffit`, or what the window calls it
    finished : when, UTC
    files : SHA-256 by name; the last one is the one without which the others are no results
    alone : a single file under a name that the user gave, which stands for itself
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str
    finished: str
    files: dict[FileName, str]
    alone: bool = False

    @property
    def last(self) -> str:
        return next(reversed(self.files), "")


class Manifest(BaseModel):
    """All runs whose files lie in a folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    program: str = "difffit"
    runs: tuple[Run, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; an empty one where there is none.

    Raises
    ------
    UserError
        If there is something else under its name.
    """
    path = folder / MANIFEST
    if not os.path.lexists(path):
        return Manifest()
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            raise ValueError
        return Manifest.model_validate(read_json(read_text(path, _LARGEST)))
    except (ValueError, ValidationError, UserError):
        raise UserError(f"{path}: cannot be read as the list of what was written there, so nothing is; choose another folder") from None


def digest(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_unchanged(path: Path, checksum: str) -> bool:
    """Whether what lies there is a file as it was written."""
    try:
        return path.is_file() and (checksum == LIVE or digest(path) == checksum)
    except OSError:
        return False
