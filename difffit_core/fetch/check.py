"""Whether what came is what was asked for, and whole."""

import gzip
import json
import re
import tarfile
import zlib
from pathlib import Path

import gemmi

from difffit_core.errors import UserError
from difffit_core.fetch.failures import FetchError
from difffit_core.io.files import suffix_of
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.io.maps import check_header, read_header

_CHUNK = 1 << 20
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
            while block := source.read(_CHUNK):
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
            json.loads((gzip.decompress if name.endswith(".gz") else bytes)(path.read_bytes()))
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
                pass
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FetchError(f"{name} came damaged or cut short ({error})") from error


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
    with open(path, "rb") as stream:
        packed = stream.read(2) == _GZIP
    text = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
    try:
        document = gemmi.cif.read_string(text)
    except (ValueError, RuntimeError) as error:
        raise FetchError(f"{name}: what came is no mmCIF, or cut short ({error})") from error
    if len(document) == 0 or not document[0].find_values("_atom_site.Cartn_x"):
        raise FetchError(f"{name}: what came holds no atoms")
