"""Whether what came is what was asked for, and whole."""

import gzip
import re
import tarfile
import zlib
from pathlib import Path

import gemmi

from difffit_core.errors import UserError
from difffit_core.fetch.failures import FetchError
from difffit_core.io.files import suffix_of
from difffit_core.io.json_text import MATRIX, read_json
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.io.maps import check_header, read_header

_CHUNK = 1 << 20
_LARGEST_MAP, _LARGEST_TEXT = 64 << 30, 1 << 30
"""Bytes that a file unpacks to: those of a map of 2500 voxels along each side, and twice the largest entry of the PDB."""
_GZIP = b"\x1f\x8b"
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,200})", re.IGNORECASE)


def normalise(path: Path, name: str) -> None:
    """Pack or unpack a download as its ``name`` says: servers differ in whether they send .gz files packed.

    Raises
    ------
    FetchError
        If it is packed, and damaged.
    """
    with open(path, "rb") as stream:
        packed = stream.read(2) == _GZIP
    wanted = name.endswith(".gz")
    if packed == wanted or _page(path):
        return
    other = path.with_name(path.name + ".again")
    try:
        with (
            gzip.open(path, "rb") if packed else open(path, "rb") as source,
            open(other, "wb") if packed else gzip.open(other, "wb", compresslevel=5) as target,
        ):
            size = 0
            while block := source.read(_CHUNK):
                size += len(block)
                _check_size(size, name)
                target.write(block)
        other.replace(path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FetchError(f"{name} came damaged ({error})") from error
    finally:
        other.unlink(missing_ok=True)


def check(path: Path, name: str) -> None:
    """Refuse what is not a whole file of the kind that ``name`` says; ``path`` may be called otherwise.

    Raises
    ------
    FetchError
    """
    page = _page(path)
    if page:
        raise FetchError(f"{name}: a web page came instead{page}")
    if path.stat().st_size == 0:
        raise FetchError(f"{name}: nothing came (0 bytes)")
    if name.endswith(".gz"):
        _check_gzip(path, name)
    suffix = suffix_of(Path(name))
    try:
        if suffix in MAP_SUFFIXES:
            _check_map(path, name)
        elif suffix in (".cif", ".mmcif"):
            _check_cif(path, name)
        elif suffix == ".json":
            read_json(_content(path, name), MATRIX)
        elif suffix == ".tar" and not tarfile.is_tarfile(path):
            raise FetchError(f"{name}: what came is no tar archive")
    except UserError as error:
        raise FetchError(str(error).replace(str(path), name)) from error
    except ValueError as error:
        raise FetchError(f"{name}: what came cannot be read ({error})") from error


def _page(path: Path) -> str:
    """The title of a web page in brackets; empty if it is none."""
    with open(path, "rb") as stream:
        head = stream.read(4096)
    if not re.match(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html|<head)", head, re.IGNORECASE):
        return ""
    title = _TITLE.search(head)
    return f' ("{title[1].decode("utf-8", "replace").strip()}")' if title else " (HTML)"


def _check_gzip(path: Path, name: str) -> None:
    """Unpack all of it: the checksum at its end tells whether it is whole."""
    try:
        with gzip.open(path, "rb") as stream:
            while stream.read(_CHUNK):
                _check_size(stream.tell(), name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FetchError(f"{name} came damaged or cut short ({error})") from error


def _check_size(size: int, name: str) -> None:
    most = _LARGEST_MAP if suffix_of(Path(name)) in MAP_SUFFIXES else _LARGEST_TEXT
    if size > most:
        raise FetchError(f"{name} unpacks to more than {most >> 30} GiB, which no such file holds")


def _content(path: Path, name: str) -> bytes:
    """All of a text, unpacked."""
    with open(path, "rb") as stream:
        packed = stream.read(2) == _GZIP
    with gzip.open(path, "rb") if packed else open(path, "rb") as stream:
        content = bytearray()  # not one read of that many bytes, which would take the room for them
        while block := stream.read(_CHUNK):
            content += block
            _check_size(len(content), name)
    return bytes(content)


def _check_map(path: Path, name: str) -> None:
    there = path.with_name(f"check-{name}")
    path.rename(there)
    try:
        check_header(read_header(there))
    except UserError as error:
        raise FetchError(str(error).replace(str(there), name)) from error
    finally:
        there.rename(path)


def _check_cif(path: Path, name: str) -> None:
    try:
        document = gemmi.cif.read_string(_content(path, name))
    except (ValueError, RuntimeError) as error:
        raise FetchError(f"{name}: what came is no mmCIF, or cut short ({error})") from error
    if len(document) == 0 or not document[0].find_values("_atom_site.Cartn_x"):
        raise FetchError(f"{name}: what came holds no atoms")
