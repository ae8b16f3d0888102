"""Maps and models inside a project file, to pass on or to keep: ``inputs/<id>/<name>``.

A member is found by the id of its input and unpacked under a name made here, so that no path in a project decides where something is
written; and it is taken only if it has the recorded size and checksum.
"""

import hashlib
import re
import time
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO

from difffit_core.errors import UserError
from difffit_core.io.files import atomic_write
from difffit_core.project.schema import InputFile, Project

_CHUNK = 1 << 20
_LONGEST_NAME = 100
_A_MONTH_S = 30 * 86400.0
_DAMAGE = (KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


def pack_inputs(archive: zipfile.ZipFile, project: Project, files: Mapping[str, Path]) -> None:
    """Put files, by the ids of inputs, into the zip of a project.

    Raises
    ------
    UserError
        If one cannot be read, or is no longer the recorded file.
    """
    for entry in project.inputs:
        if entry.id not in files:
            continue
        path = files[entry.id]
        info = zipfile.ZipInfo(_member(entry), (1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o644 << 16
        info.compress_type = zipfile.ZIP_STORED if path.suffix.lower() == ".gz" else zipfile.ZIP_DEFLATED
        try:
            with open(path, "rb") as source, archive.open(info, "w", force_zip64=True) as target:
                is_whole = _copy(source, target, entry)
        except (FileNotFoundError, PermissionError) as error:
            raise UserError(f"{path}: cannot be read, and so not be packed ({error.strerror or error})") from error
        if not is_whole:
            raise UserError(f"{path}: has changed since it was read, so that it cannot be packed into the project")


def packed_inputs(project_path: Path, project: Project) -> set[str]:
    """Ids of the inputs that a project file holds."""
    with zipfile.ZipFile(project_path) as archive:
        names = set(archive.namelist())
    return {entry.id for entry in project.inputs if _member(entry) in names}


def unpack_input(project_path: Path, entry: InputFile, folder: Path) -> Path | None:
    """The file of a packed input below ``folder``, unpacked unless it is there already; None if the project does not hold it whole.

    Raises
    ------
    UserError
        If it cannot be written.
    """
    place = folder / entry.sha256[:16] / _name(entry)
    if place.is_file() and place.stat().st_size == entry.size and _is(entry, place):
        place.touch()
        return place
    try:
        with zipfile.ZipFile(project_path) as archive, archive.open(_member(entry)) as source:
            place.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(place) as temporary, open(temporary, "wb") as target:
                if not _copy(source, target, entry):
                    raise EOFError
    except _DAMAGE:
        return None
    except OSError as error:
        raise UserError(f"{place}: cannot be written ({error.strerror or error})") from error
    return place


def prune(folder: Path) -> None:
    """Clear away what was unpacked below ``folder`` and not used for a month."""
    for place in folder.glob("*/*"):
        with suppress(OSError):
            if time.time() - place.stat().st_mtime > _A_MONTH_S:
                place.unlink()
                place.parent.rmdir()


def _copy(source: IO[bytes], target: IO[bytes], entry: InputFile) -> bool:
    """Copy no more than was recorded; whether it was just that."""
    digest, left = hashlib.sha256(), entry.size
    while left > 0 and (chunk := source.read(min(_CHUNK, left))):
        digest.update(chunk)
        target.write(chunk)
        left -= len(chunk)
    return left == 0 and not source.read(1) and digest.hexdigest() == entry.sha256


def _is(entry: InputFile, path: Path) -> bool:
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == entry.sha256


def _member(entry: InputFile) -> str:
    return f"inputs/{entry.id}/{_name(entry)}"


def _name(entry: InputFile) -> str:
    """The file's own name, of harmless characters; its end says what it is."""
    name = PurePosixPath(entry.path.replace("\\", "/")).name
    return re.sub(r"[^\w.+-]", "_", name, flags=re.ASCII)[-_LONGEST_NAME:].lstrip(".") or "file"
