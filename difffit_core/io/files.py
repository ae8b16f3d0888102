"""What every reader and writer shares: suffixes, and files that appear whole or not at all."""

import glob
import hashlib
import os
import platform
import re
import secrets
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.packing import PACKED_SUFFIXES
from difffit_core.io.regular import check_regular

_PART = ".part"
_HERE = f"{zlib.crc32(platform.node().encode()):08x}"
_A_DAY_S = 86400.0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}")
_MARKED = re.compile(r"\.{1,2}([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\..")
_NUMBERED = re.compile(r"^(\.pdb)\d+$")
"""Biological assemblies of the PDB, ``1abc.pdb1``."""


def suffix_of(path: Path) -> str:
    """Lower-case suffix that says what is in a file, without that of its packing: ``.mrc`` for ``a.MRC.gz``."""
    name = _unpacked_name(os.path.basename(path))
    return _NUMBERED.sub(r"\1", os.path.splitext(name)[1].lower())


def is_file_name(name: str, suffixes: Sequence[str]) -> bool:
    """Whether what an archive calls a file is the plain name of one of its kind, which may be written into any folder.

    >>> [is_file_name(name, (".map",)) for name in ("emd_1.map.gz", "../emd_1.map", ".bashrc", "x.sh")]
    [True, False, False, False]
    """
    return _NAME.fullmatch(name) is not None and suffix_of(Path(name)) in suffixes


def stem_of(path: Path | str) -> str:
    """File name without `suffix_of` and that of its packing: ``a.b`` for ``a.b.mrc.gz``."""
    return os.path.splitext(_unpacked_name(os.path.basename(path)))[0]


def _unpacked_name(name: str) -> str:
    while os.path.splitext(name)[1].lower() in PACKED_SUFFIXES:
        name = os.path.splitext(name)[0]
    return name


def check_suffix(path: Path, allowed: tuple[str, ...], what: str, to_write: bool = False, packed: bool = True) -> None:
    """Refuse a file whose name does not say that it is a ``what``; what is written is plain or gzipped, or plain if not ``packed``.

    Raises
    ------
    FileFormatError
    """
    path = Path(path)
    packings = (".gz",) if to_write else PACKED_SUFFIXES
    wrong = path.suffix.lower() in PACKED_SUFFIXES and (path.suffix.lower() not in packings or not packed)
    twice = to_write and path.suffix.lower() in PACKED_SUFFIXES and path.with_suffix("").suffix.lower() in PACKED_SUFFIXES
    if suffix_of(path) not in allowed or wrong or twice:
        or_packed = f" (or that with {', '.join(packings)})" if packed else ""
        raise FileFormatError(f"{path}: the name of a {what} must end in {', '.join(allowed)}{or_packed}, got '{path.name}'")


def check_readable(path: Path) -> int:
    """Size in bytes of a file that is there and can be opened.

    Raises
    ------
    UserError
        If it is absent, no regular file, or may not be read.
    FileFormatError
        If it is empty.
    """
    path = Path(path)
    size = check_regular(path)
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error
    if size == 0:
        raise FileFormatError(f"{path}: the file is empty (0 bytes)")
    return size


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; raises `UserError` if it cannot be read."""
    check_regular(path)
    try:
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from error


def sweep(path: Path) -> None:
    """Clear away what writers of ``path`` that were killed have left beside it; what may still be written stays."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_PART}"):
        words = left.name.removesuffix(_PART).rpartition(".")[2].split("-")
        with suppress(OSError):
            dead = len(words) == 3 and words[0] == _HERE and _is_dead(words[1])
            if dead or time.time() - left.stat().st_mtime > _A_DAY_S:
                left.unlink()


def new_mark() -> str:
    """With which the hidden names of files begin that this process has not finished; `sweep_marked` takes away what it leaves if killed."""
    return f".{_HERE}-{os.getpid()}-{secrets.token_hex(4)}."


def sweep_marked(folder: Path) -> None:
    """Clear away what processes that were killed have left unfinished in a folder; what may still be written stays."""
    with suppress(OSError):
        for left in folder.iterdir():
            found = _MARKED.match(left.name)
            with suppress(OSError):
                if found and ((found[1] == _HERE and _is_dead(found[2])) or time.time() - left.stat().st_mtime > _A_DAY_S):
                    left.unlink()


def _is_dead(pid: str) -> bool:
    """Whether a process of this machine is known to have ended."""
    if os.name != "posix" or not pid.isdecimal():  # on Windows os.kill would end it
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _flush_folder(folder: Path) -> None:
    """Have the new name of a file survive a power cut, where folders can be flushed."""
    if os.name == "posix":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


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
    if os.path.exists(path) and not path.is_file():
        raise UserError(f"{path}: cannot be written because it is {'a folder' if path.is_dir() else 'no regular file'}")
    temporary = path.with_name(f".{path.name}.{_HERE}-{os.getpid()}-{secrets.token_hex(4)}{_PART}")
    try:
        yield temporary
        with open(temporary, "rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        temporary.unlink(missing_ok=True)
