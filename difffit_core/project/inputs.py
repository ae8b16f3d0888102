"""The maps and models that a project refers to: how they are recorded, and how they are found again."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from difffit_core.errors import UserError
from difffit_core.project.schema import InputFile, Project


@dataclass(frozen=True)
class Missing:
    """An input that is in none of the places where it was looked for."""

    input: InputFile
    looked: tuple[Path, ...]

    def __str__(self) -> str:
        places = " or ".join(str(path) for path in self.looked)
        return f"The {self.input.kind} {self.input.name} of this project was not found as {places}."


@dataclass(frozen=True)
class Changed:
    """A file that has the input's name and another content."""

    input: InputFile
    path: Path

    def __str__(self) -> str:
        return f"{self.path} is not the {self.input.kind} this project was made with: its content has changed since."


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; raises `UserError` if it cannot be read."""
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error


def record_input(path: Path, identifier: str, kind: Literal["map", "model"], project_path: Path, name: str | None = None) -> InputFile:
    """Describe an input file for the project that will lie at ``project_path``.

    Raises
    ------
    UserError
        If the input cannot be read.
    """
    digest = checksum(path)
    real = _real(path)
    try:
        relative = Path(os.path.relpath(real, _real(project_path).parent))
    except ValueError:
        relative = real
    return InputFile(id=identifier, kind=kind, name=name or path.name, path=relative.as_posix(), size=real.stat().st_size, sha256=digest)


def locate_inputs(project: Project, project_path: Path) -> dict[str, Path | Missing | Changed]:
    """Where each input lies now, by id: at its relative path, else beside the project under its file name.

    Only a file of the recorded size and checksum is taken; one that has changed is reported, never used in its place.
    """
    return {entry.id: _locate(entry, _real(project_path).parent) for entry in project.inputs}


def _locate(entry: InputFile, folder: Path) -> Path | Missing | Changed:
    relative = PurePosixPath(entry.path)
    places = tuple(dict.fromkeys(Path(os.path.normpath(place)) for place in (folder / relative, folder / relative.name)))
    present = [place for place in places if place.is_file()]
    for place in present:
        if is_input(entry, place):
            return place
    return Changed(entry, present[0]) if present else Missing(entry, places)


def is_input(entry: InputFile, path: Path) -> bool:
    """Whether a file has the recorded size and checksum; raises `UserError` if it cannot be read."""
    return path.stat().st_size == entry.size and checksum(path) == entry.sha256


def _real(path: Path) -> Path:
    """Absolute, with links resolved in the folder but not in the file itself, whose name counts."""
    return Path(path).parent.resolve() / Path(path).name
