"""What the archive says about a map, kept in a small file beside it: ``emd_21897.entry.json`` for ``emd_21897.map.gz``."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from difffit_core.errors import UserError
from difffit_core.io.files import atomic_write, is_file_name, stem_of
from difffit_core.io.json_text import read_json
from difffit_core.io.map_header import HEADER_BYTES, MAP_SUFFIXES
from difffit_core.io.packing import READ_ERRORS, open_binary
from difffit_core.io.regular import read_text
from difffit_core.map_entry import MapEntry

ENTRY_SUFFIX = ".entry.json"
_FORMAT = "difffit map entry 1"
_LONGEST = 1 << 20
_OWN = "sha256"
"""Of all else in it: another shows that somebody has changed it since."""


def entry_path(map_path: Path) -> Path:
    """Where the file about a map lies."""
    return map_path.with_name(stem_of(map_path) + ENTRY_SUFFIX)


def write_entry(map_path: Path, entry: MapEntry, source: str) -> Path:
    """Write what the archive says about a map that is there; ``source`` is where it was read.

    Raises
    ------
    UserError
        If it cannot be written, or another file is in its place.
    """
    path = entry_path(map_path)
    if path.exists() and not _is_ours(path):
        raise UserError(f"{path}: what the archive says of the map is to be written there, but another file is; move it away")
    document = {
        "format": _FORMAT, "accession": entry.accession, "title": entry.title, "resolution": entry.resolution, "level": entry.level,
        "half_maps": list(entry.half_maps), "models": list(entry.models), "source": source, "header_sha256": _fingerprint(map_path),
    }  # fmt: skip
    with atomic_write(path) as temporary:
        temporary.write_text(json.dumps({**document, _OWN: _digest(document)}, indent=1) + "\n", encoding="utf-8")
    return path


def is_edited(map_path: Path) -> bool:
    """Whether what lies beside a map as its entry was changed after `write_entry` wrote it; of versions that kept no digest, none was."""
    path = entry_path(map_path)
    try:
        document = read_json(read_text(path, _LONGEST))
        told = document.pop(_OWN, None)
    except (OSError, ValueError, AttributeError, UserError):
        return os.path.isfile(path) and _is_ours(path)
    return told is not None and told != _digest(document)


def read_entry(map_path: Path) -> tuple[MapEntry | None, str]:
    """The entry of a map, and what is to be said of it; None and nothing where no such file lies beside the map.

    It counts only for the very map that it was written for, packed or not, and not for another of the same name.
    """
    path = entry_path(map_path)
    if not path.is_file():
        return None, ""
    try:
        document = read_json(read_text(path, _LONGEST))
        if document["format"] != _FORMAT:
            raise ValueError(f"format must be '{_FORMAT}', got '{document['format']}'")
        entry, mark = _entry(document), document["header_sha256"]
    except (OSError, ValueError, KeyError, TypeError, UserError) as error:
        return None, f"{path.name} beside the map is not used, as it cannot be read ({str(error) or type(error).__name__})"
    if mark != _fingerprint(map_path):
        return None, f"{path.name} beside the map is not used, as it was written for another map of that name (the headers differ)"
    return entry, entry.sentence()


def _digest(document: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _is_ours(path: Path) -> bool:
    try:
        return _FORMAT in read_text(path, _LONGEST)
    except UserError:
        return False


def _entry(document: dict[str, Any]) -> MapEntry:
    def number(name: str, least: float) -> float | None:
        value = document[name]
        if value is not None and not (isinstance(value, int | float) and least <= value < 1e30):
            raise ValueError(f"{name} must be a number, got {value}")
        return None if value is None else float(value)

    halves = tuple(map(str, document["half_maps"]))
    if not all(is_file_name(half, MAP_SUFFIXES) for half in halves):
        raise ValueError("half_maps must be names of maps in this folder")
    return MapEntry(
        str(document["accession"]), str(document["title"]), number("resolution", 0.0), number("level", -1e30),
        halves, tuple(map(str, document["models"])),
    )  # fmt: skip


def _fingerprint(map_path: Path) -> str:
    try:
        with open_binary(map_path) as stream:
            return hashlib.sha256(stream.read(HEADER_BYTES)).hexdigest()
    except READ_ERRORS:
        return ""
