"""The maps and models that a project refers to: how they are recorded, and how they are found again."""

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, Self

from difffit_core.io.files import checksum
from difffit_core.project.packing import unpack_input
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


@dataclass(frozen=True)
class Stamp:
    """A file as it was when it was read: what a project tells by whether it is still the same."""

    path: Path
    size: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Self:
        """Of a file as it is now; raises `UserError` if it cannot be read."""
        digest = checksum(path)
        return cls(_real(path), path.stat().st_size, digest)

    def record(
        self, identifier: str, kind: Literal["map", "model"], project_path: Path, name: str | None = None, models: str = ""
    ) -> InputFile:
        """Describe the file for the project that will lie at ``project_path``; ``models`` are those that were read of it."""
        return InputFile(
            id=identifier,
            kind=kind,
            name=name or self.path.name,
            path=_relative(self.path, project_path),
            size=self.size,
            sha256=self.sha256,
            models=models,
        )


def record_input(
    path: Path, identifier: str, kind: Literal["map", "model"], project_path: Path, name: str | None = None, models: str = ""
) -> InputFile:
    """Describe an input file, as it is now, for the project that will lie at ``project_path``; ``models`` are those that were read of it.

    Raises
    ------
    UserError
        If the input cannot be read.
    """
    return Stamp.of(path).record(identifier, kind, project_path, name, models)


def absolute_input(entry: InputFile, project_path: Path) -> InputFile:
    """An input of a project with its path made absolute, for when it has to be named from elsewhere."""
    place = Path(os.path.normpath(_real(project_path).parent / entry.path))
    return entry.model_copy(update={"path": place.as_posix()})


def relative_input(entry: InputFile, project_path: Path) -> InputFile:
    """The inverse, for the project that will lie at ``project_path``."""
    return entry.model_copy(update={"path": _relative(Path(entry.path), project_path)})


def _relative(path: Path, project_path: Path) -> str:
    try:
        return Path(os.path.relpath(path, _real(project_path).parent)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def locate_inputs(project: Project, project_path: Path, unpack_to: Path | None = None) -> dict[str, Path | Missing | Changed]:
    """Where each input lies now, by id: at its relative path, beside the project under its file name, or packed into it.

    Only a file of the recorded size and checksum is taken; one that has changed is reported, never used in its place. What is found only
    in the project is unpacked below ``unpack_to``, if that is given.

    Raises
    ------
    UserError
        If a file cannot be read, or not be unpacked.
    """
    found = {entry.id: _locate(entry, _real(project_path).parent) for entry in project.inputs}
    for entry in project.inputs:
        if unpack_to is not None and not isinstance(found[entry.id], Path):
            found[entry.id] = unpack_input(project_path, entry, unpack_to) or found[entry.id]
    return found


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
