"""Compression, known by a file's first bytes and never by its name: read where Python can, named in a sentence where it cannot."""

import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from difffit_core.errors import FileFormatError
from difffit_core.io.regular import check_regular

PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zip", ".zst")
"""Suffixes that say only how a file is packed; what is in it says the one before."""

READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What reading a damaged file raises, plain or packed (`gzip.BadGzipFile` is an OSError, a locked zip archive a RuntimeError)."""

MAX_DEFLATE_RATIO = 1032
"""Deflate cannot expand a byte into more (zlib's documented limit), so a claim beyond it is false before a byte is unpacked."""

_READ = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"PK\x03\x04", "zip"))
_NAMED = (
    (b"\x28\xb5\x2f\xfd", "zstandard", "zstd -d"),
    (b"\x1f\x9d", "compress (.Z)", "uncompress"),
    (b"7z\xbc\xaf\x27\x1c", "7-zip", "7z x"),
    (b"Rar!\x1a\x07", "rar", "unrar"),
    (b"\x04\x22\x4d\x18", "lz4", "lz4 -d"),
    (b"LZIP", "lzip", "lzip -d"),
    (b"PK\x05\x06", "zip", "unzip"),
)
_CHUNK = 1 << 20
_MOST_LAYERS = 3


def packing_of(path: Path) -> str | None:
    """How the content is packed: 'gzip', 'bzip2', 'xz' or 'zip'; None where it is not.

    Raises
    ------
    FileFormatError
        If it is packed in a way that cannot be read here; it says with what to unpack it.
    """
    check_regular(path)
    with open(path, "rb") as stream:
        head = stream.read(8)
    for magic, name in _READ:
        if head.startswith(magic):
            return name
    for magic, name, command in _NAMED:
        if head.startswith(magic):
            raise FileFormatError(
                f"{path}: must be plain or packed by gzip, bzip2, xz or zip, got {name}; unpack it first (for instance with {command})"
            )
    return None


def open_binary(path: Path) -> IO[bytes]:
    """Open for reading, unpacking where the content is packed, whatever the name says; also what was packed twice.

    Raises
    ------
    FileFormatError
        If it is packed in a way that cannot be read here, or an archive of anything but one file.
    """
    packing = packing_of(path)
    stream = _opened(path, packing)
    if packing is None:
        return stream
    layers: list[IO[bytes]] = [stream]
    try:
        while len(layers) <= _MOST_LAYERS and (opener := _inner(layers[-1])) is not None:
            layers.append(opener(layers[-1]))
    except READ_ERRORS:
        for layer in reversed(layers):
            layer.close()
        raise
    return stream if len(layers) == 1 else cast(IO[bytes], io.BufferedReader(_Layers(layers)))


def _inner(stream: IO[bytes]) -> Callable[[IO[bytes]], IO[bytes]] | None:
    """What unpacks the content of a stream, which stays at its begin, once more."""
    head = stream.read(8)
    stream.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return lambda inner: cast(IO[bytes], gzip.GzipFile(fileobj=inner, mode="rb"))
    if head.startswith(b"BZh"):
        return lambda inner: cast(IO[bytes], bz2.BZ2File(inner))
    if head.startswith(b"\xfd7zXZ\0"):
        return lambda inner: cast(IO[bytes], lzma.LZMAFile(inner))
    return None


class _Layers(io.RawIOBase):
    """Streams, each of which unpacks the one before it, closed together."""

    def __init__(self, layers: list[IO[bytes]]) -> None:
        self._layers = layers

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._layers[-1].seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        content = self._layers[-1].read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        for layer in reversed(self._layers):
            layer.close()
        super().close()


def _opened(path: Path, packing: str | None) -> IO[bytes]:
    if packing == "gzip":
        return cast(IO[bytes], gzip.open(path, "rb"))
    if packing == "bzip2":
        return cast(IO[bytes], bz2.open(path, "rb"))
    if packing == "xz":
        return cast(IO[bytes], lzma.open(path, "rb"))
    if packing == "zip":
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.open(_only_member(path, archive))
        except (IndexError, KeyError, ValueError, struct.error) as error:  # what zipfile makes of some damaged archives
            raise zipfile.BadZipFile(f"damaged archive: {error}") from error
    return open(path, "rb")


def _only_member(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [one for one in archive.infolist() if not one.is_dir() and not _of_the_finder(one.filename)]
    if len(members) != 1:
        names = ", ".join(one.filename for one in members[:3]) + (", …" if len(members) > 3 else "")
        raise FileFormatError(
            f"{path}: a zip archive must hold one file, got {len(members)}{f' ({names})' if names else ''}; unpack it first"
        )
    if members[0].flag_bits & 1:
        raise FileFormatError(f"{path}: the zip archive is locked by a password; unpack it first")
    return members[0]


def _of_the_finder(name: str) -> bool:
    """Whether it is what macOS puts beside the files of an archive."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] in (".DS_Store", "Thumbs.db")


def unpacked_size(path: Path, likely: int | None = None) -> int:
    """Bytes that the file holds once unpacked.

    They are counted, without keeping any, unless the file is plain or a gzipped one's own record of them is ``likely``.

    Raises
    ------
    FileFormatError
        If it is damaged.
    """
    packing = packing_of(path)
    if packing is None:
        return path.stat().st_size
    if packing == "gzip" and likely is not None and likely % 2**32 == _recorded_size(path):
        return likely
    return count_unpacked(path)


def count_unpacked(path: Path, most: int | None = None) -> int:
    """Bytes that the file holds once unpacked, counted up to ``most`` without keeping any.

    Raises
    ------
    FileFormatError
        If it is damaged.
    """
    counted = 0
    try:
        with open_binary(path) as stream:
            while (most is None or counted < most) and (chunk := stream.read(_CHUNK)):
                counted += len(chunk)
    except READ_ERRORS as error:
        raise FileFormatError(f"{path}: cannot be read to its end, the file is truncated or damaged ({error})") from error
    return counted


def _recorded_size(path: Path) -> int:
    """What the last four bytes of a gzipped file give as its size, modulo 2^32."""
    with open(path, "rb") as stream:
        stream.seek(max(path.stat().st_size - 4, 0))
        return int.from_bytes(stream.read(4), "little")
