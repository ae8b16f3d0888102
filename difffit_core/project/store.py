"""Writing and opening project files.

``name.difffit`` is a zip of ``project.json`` (`schema.Project`), ``fits/<id>.npz`` (`arrays.FitArrays`), ``refinements/<id>.npz``
(`refinements.BentArrays`), and perhaps the inputs (`packing`). There is no pickle in it, and no path in it decides where something is
written. It is written beside its place and moved there whole.
"""

import zipfile
import zlib
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError
from pydantic_core import from_json

from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.files import atomic_write, check_readable, sweep
from difffit_core.project.arrays import FitArrays
from difffit_core.project.bounds import check_lists, check_size, without_collecting
from difffit_core.project.migrations import migrated
from difffit_core.project.packing import pack_inputs
from difffit_core.project.refinements import BentArrays
from difffit_core.project.schema import SCHEMA_VERSION, FitRecord, Project

PROJECT_SUFFIX = ".difffit"
_JSON = "project.json"
_LARGEST_MEMBER = 1 << 28
_PLAUSIBLE, _MOST_RATIO = 1 << 22, 400
_SAME_TURN, _SAME_MOVE = 1e-4, 1e-2
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
)


def save_project(
    path: Path,
    project: Project,
    arrays: Mapping[str, FitArrays],
    packed: Mapping[str, Path] | None = None,
    bent: Mapping[str, BentArrays] | None = None,
) -> None:
    """Write a project; the file appears whole or not at all, and the same project gives the same bytes.

    Parameters
    ----------
    path : where to
    project : what goes into ``project.json``
    arrays : by id of the fit, one for every fit
    packed : by id of the input, where the files are that it shall hold itself
    bent : by id of the refinement, one for every refinement

    Raises
    ------
    UserError
        If the file cannot be written, one to pack is no longer the recorded one, or the project is larger than any that is opened.
    ValueError
        If the arrays are not those of the project's fits.
    """
    for fit in project.fits:
        _check_arrays(fit, arrays.get(fit.id))
    if len(arrays) != len(project.fits):
        raise ValueError(f"arrays must be those of {[fit.id for fit in project.fits]}, got {sorted(arrays)}")
    bent = bent or {}
    if bent.keys() != {one.id for one in project.refinements}:
        raise ValueError(f"bent must be of {[one.id for one in project.refinements]}, got {sorted(bent)}")
    path = Path(path)
    sweep(path)
    text = project.model_dump_json(indent=1).encode()
    check_size(path, text)
    with atomic_write(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, _JSON, text)
        for fit in project.fits:
            _put(archive, _member(fit.id), arrays[fit.id].to_bytes())
        for one in project.refinements:
            _put(archive, _bent_member(one.id), bent[one.id].to_bytes())
        pack_inputs(archive, project, packed or {})


def open_project(path: Path) -> tuple[Project, dict[str, FitArrays]]:
    """Read a project, and the arrays of its fits by id.

    Raises
    ------
    UserError
        If the file is absent or may not be read.
    FileFormatError
        If it is no project, is truncated or damaged, or was written by a newer program.
    """
    path = Path(path)
    check_readable(path)
    try:
        with zipfile.ZipFile(path) as archive, without_collecting():
            project = _parse(path, _get(path, archive, _JSON))
            arrays = {fit.id: _read_arrays(path, fit, _get(path, archive, _member(fit.id))) for fit in project.fits}
    except _ZIP_ERRORS as error:
        raise FileFormatError(f"{path}: cannot be read as a project, the file is damaged or is something else ({error})") from error
    return project, arrays


def open_bent(path: Path, project: Project) -> dict[str, BentArrays]:
    """The arrays of the refinements, by id, of a project that was read from ``path``; raises as `open_project` does."""
    if not project.refinements:
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            content = {one.id: _get(path, archive, _bent_member(one.id)) for one in project.refinements}
    except _ZIP_ERRORS as error:
        raise FileFormatError(f"{path}: cannot be read as a project, the file is damaged or is something else ({error})") from error
    found: dict[str, BentArrays] = {}
    for identifier, member in content.items():
        try:
            found[identifier] = BentArrays.from_bytes(member)
        except ValueError as error:
            raise FileFormatError(f"{path}: {_bent_member(identifier)} is damaged: {error}") from error
    return found


def _bent_member(identifier: str) -> str:
    return f"refinements/{identifier}.npz"


def _member(identifier: str) -> str:
    return f"fits/{identifier}.npz"


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, zipfile.ZIP_DEFLATED)


def _get(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise FileFormatError(f"{path}: a project must hold {name}, got a zip file without it") from None
    if info.file_size > _LARGEST_MEMBER:
        raise FileFormatError(f"{path}: {name} must unpack to at most {_LARGEST_MEMBER >> 20} MiB, got {info.file_size >> 20} MiB")
    if name == _JSON and info.file_size > _PLAUSIBLE and info.file_size > _MOST_RATIO * max(info.compress_size, 1):
        raise FileFormatError(f"{path}: {name} must unpack to at most {_MOST_RATIO} times its size, got {info.file_size >> 20} MiB")
    with archive.open(info) as stream:
        return stream.read(_LARGEST_MEMBER)


def _parse(path: Path, content: bytes) -> Project:
    check_size(path, content)
    try:
        data = from_json(content)
        check_lists(data)
    except (ValueError, RecursionError) as error:
        raise FileFormatError(f"{path}: {_JSON} cannot be read as JSON ({error})") from error
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise FileFormatError(f"{path}: schema_version must be a whole number from 1 to {SCHEMA_VERSION}, got {version!r}")
    if version > SCHEMA_VERSION:
        program = str(data.get("program_version", "of unknown version"))[:40]
        raise FileFormatError(
            f"{path}: written by a newer DiffFit Desktop ({program}) as schema {version}, and this one reads schema 1 to {SCHEMA_VERSION}; "
            "please update the program"
        )
    try:
        return _validate(path, migrated(data, version, SCHEMA_VERSION))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise FileFormatError(f"{path}: {_JSON} is damaged: {reason}, got schema {version}") from error


def _validate(path: Path, data: dict[str, Any]) -> Project:
    try:
        return Project.model_validate(data)
    except UserError as error:
        raise FileFormatError(f"{path}: {_JSON} is damaged: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "project"
        got = repr(first["input"])
        raise FileFormatError(f"{path}: {_JSON} is damaged: {where}: {first['msg']}, got {got[:60]}") from error


def _read_arrays(path: Path, fit: FitRecord, content: bytes) -> FitArrays:
    try:
        arrays = FitArrays.from_bytes(content)
        _check_arrays(fit, arrays)
    except ValueError as error:
        raise FileFormatError(f"{path}: {_member(fit.id)} is damaged: {error}") from error
    return arrays


def _check_arrays(fit: FitRecord, arrays: FitArrays | None) -> None:
    if arrays is None or len(arrays.rotations) != len(fit.placements):
        count = None if arrays is None else len(arrays.rotations)
        raise ValueError(f"fit {fit.id} has {len(fit.placements)} placements, got arrays of {count}")
    if not fit.placements:
        return
    turns = np.fromiter(chain.from_iterable(chain.from_iterable(one.rotation for one in fit.placements)), float).reshape(-1, 3, 3)
    moves = np.fromiter(chain.from_iterable(one.translation for one in fit.placements), float).reshape(-1, 3)
    far = (np.abs(turns - arrays.rotations).max(axis=(1, 2)) > _SAME_TURN) | (np.abs(moves - arrays.translations).max(axis=1) > _SAME_MOVE)
    if far.any():
        raise ValueError(f"fit {fit.id}: the pose of rank {fit.placements[int(far.argmax())].rank} is another in the arrays")
