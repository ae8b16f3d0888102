"""What every reader and writer shares: suffixes, compression, and files that appear whole or not at all."""

import gzip
import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from difffit_core.errors import FileFormatError, UserError

MAX_DEFLATE_RATIO = 1032
"""Deflate cannot expand a byte into more (zlib's documented limit), so a claim beyond it is false before a byte is unpacked."""

READ_ERRORS = (OSError, EOFError, zlib.error)
"""What reading a damaged plain or gzipped file raises (`gzip.BadGzipFile` is an OSError)."""


def suffix_of(path: Path) -> str:
    """Lower-case suffix that says what is in a file, without a trailing ``.gz``: ``.mrc`` for ``a.MRC.gz``."""
    path = Path(path)
    return Path(path.stem if path.suffix.lower() == ".gz" else path.name).suffix.lower()


def stem_of(path: Path) -> str:
    """File name without `suffix_of` and ``.gz``: ``a.b`` for ``a.b.mrc.gz``."""
    path = Path(path)
    return Path(path.stem if path.suffix.lower() == ".gz" else path.name).stem


def check_suffix(path: Path, allowed: tuple[str, ...], what: str) -> None:
    """Refuse a file whose name does not say that it is a ``what``.

    Raises
    ------
    FileFormatError
    """
    if suffix_of(path) not in allowed:
        raise FileFormatError(f"{path}: the name of a {what} must end in {', '.join(allowed)} (or that with .gz), got '{Path(path).name}'")


def check_readable(path: Path) -> int:
    """Size in bytes of a file that is there and can be opened.

    Raises
    ------
    UserError
        If it is absent, a folder, or may not be read.
    FileFormatError
        If it is empty.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise UserError(f"{path}: must be a file, got a folder")
        if not path.exists():
            raise UserError(f"{path}: no such file")
        with open(path, "rb"):
            size = path.stat().st_size
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error
    if size == 0:
        raise FileFormatError(f"{path}: the file is empty (0 bytes)")
    return size


def is_gzipped(path: Path) -> bool:
    """Whether the content (not the name) is gzip."""
    with open(path, "rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def open_binary(path: Path) -> IO[bytes]:
    """Open for reading, unpacking where the content is gzip, whatever the name says."""
    return cast(IO[bytes], gzip.open(path, "rb")) if is_gzipped(path) else open(path, "rb")


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder; what is written there becomes ``path`` in one step, or nothing does.

    Raises
    ------
    UserError
        If the folder is absent or cannot be written, or the disk is full.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise UserError(f"{path}: cannot be written because the folder {path.parent} does not exist")
    if path.is_dir():
        raise UserError(f"{path}: cannot be written because it is a folder")
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield temporary
        with open(temporary, "rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        temporary.unlink(missing_ok=True)
