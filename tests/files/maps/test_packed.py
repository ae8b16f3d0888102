"""Compression is known by content, whatever the name says; what cannot be unpacked is named."""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

from difffit_core.errors import FileFormatError
from difffit_core.io.describe import describe_file
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model

from .conftest import Example, Make


def zipped(content: bytes, **more: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", b"")
        archive.writestr("folder/emd_1.map", content)
        for name, other in more.items():
            archive.writestr(name.replace("_", "."), other)
        archive.writestr("__MACOSX/folder/._emd_1.map", b"x")
    return stream.getvalue()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda content: gzip.compress(content, 1),
    "gzip in two parts": lambda content: gzip.compress(content[:5000], 1) + gzip.compress(content[5000:], 1),
    "bzip2": bz2.compress,
    "xz": lambda content: lzma.compress(content, preset=0),
    "zip": zipped,
    "gzip in gzip": lambda content: gzip.compress(gzip.compress(content, 1), 1),
    "zip with a gzip": lambda content: zipped(gzip.compress(content, 1)),
    "bzip2 of xz": lambda content: bz2.compress(lzma.compress(content, preset=0)),
}


@pytest.mark.parametrize("name", ["a.mrc", "a.map.gz", "a.map.gz.gz", "a.rec", "a.ccp4.bz2", "a.mrc.xz", "a.mrc.ZIP", "a.mrc.zst"])
@pytest.mark.parametrize("packing", [None, *PACK])
def test_read_by_content(example: Example, make: Make, packing: str | None, name: str) -> None:
    path = make({4: 12}, example.values.astype("f2")[:40], name=name)
    raw = bytearray(path.read_bytes())
    raw[8:12] = raw[36:40] = (40).to_bytes(4, "little")
    path.write_bytes(PACK[packing](bytes(raw)) if packing else raw)
    density = read_map(path)
    np.testing.assert_array_equal(density.values, example.values[:40])
    assert density.name == "a"
    kind = dict(describe_file(path))["kind"]
    assert (f"packed by {packing.split()[0]}" if packing else "CCP4)") in kind


NAMED = {
    "zstandard": b"\x28\xb5\x2f\xfd", "compress": b"\x1f\x9d\x90", "7-zip": b"7z\xbc\xaf\x27\x1c", "rar": b"Rar!\x1a\x07",
    "lz4": b"\x04\x22\x4d\x18",
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("suffix", [".mrc", ".mrc.gz", ".map.zst"])
def test_what_cannot_be_unpacked_is_named(make: Make, name: str, suffix: str) -> None:
    path = make(name=f"a{suffix}")
    path.write_bytes(NAMED[name] + path.read_bytes())
    with pytest.raises(FileFormatError, match=f"must be plain or packed by gzip, bzip2, xz or zip, got {name}.*unpack it first"):
        read_map(path)


@pytest.mark.parametrize(
    ("magic", "name"),
    [
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"II*\0", "TIFF"),
        (b"MTZ \x15", "structure factors"),
        (b"%PDF-1.4\n\xff", "PDF document"),
        (b"version https://git-lfs.github.com", "Git LFS"),
        (b"<!DOCTYPE html>", "web page"),
    ],
)
def test_other_formats_are_named(make: Make, magic: bytes, name: str) -> None:
    path = make()
    path.write_bytes(magic + path.read_bytes()[len(magic) :])
    with pytest.raises(FileFormatError, match=f"must be a binary MRC/CCP4 map, got .*{name}"):
        read_map(path)


def test_archives_of_several_files_are_named(example: Example, make: Make) -> None:
    path = make(name="a.mrc")
    content = path.read_bytes()
    for packed, words in (
        (zipped(content, b_map=content), r"got 2 \(folder/emd_1.map, b.map\)"),
        (zipped(b"")[:60], "damaged"),
        (zipped(content)[:-40], "damaged"),
    ):
        path.write_bytes(packed)
        with pytest.raises(FileFormatError, match=words):
            read_map(path)


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_cut_short(make: Make, packing: str, keep: float) -> None:
    path = make(name="a.mrc")
    packed = PACK[packing](path.read_bytes())
    path.write_bytes(packed[: int(keep * len(packed))])
    with pytest.raises(FileFormatError, match=r"damaged|truncated"):
        read_map(path)


@pytest.mark.parametrize("packing", ["bzip2", "xz", "zip"])
def test_bomb_is_not_unpacked_into_memory(make: Make, packing: str) -> None:
    """A few hundred bytes that claim a cube of 20 GB, and hold less."""
    path = make({1: 4000, 2: 4000, 3: 400, 8: 4000, 9: 4000, 10: 400})
    path.write_bytes(PACK[packing](path.read_bytes()[:1024] + b"\0" * 50_000_000))
    with pytest.raises(FileFormatError, match=r"need .* bytes, got at most 50001024 unpacked"):
        read_map(path)


@pytest.mark.parametrize("packing", PACK)
def test_models_too(repository: object, make: Make, packing: str) -> None:
    path = make(name="a.pdb.gz")
    line = "ATOM  {0:5d}  CA  ALA A{0:4d}    {0:8.3f}{0:8.3f}{0:8.3f}  1.00 20.00           C\n"
    path.write_bytes(PACK[packing]("".join(line.format(number) for number in range(1, 400)).encode()))
    assert len(read_model(path)) == 399


@pytest.mark.parametrize("suffix", [".bz2", ".xz", ".zip", ".zst"])
def test_written_is_gzip_or_nothing(example: Example, make: Make, suffix: str) -> None:
    path = make(name="a.pdb")
    path.write_text("ATOM      1  CA  ALA A   1       1.000   1.000   1.000  1.00 20.00           C\n")
    with pytest.raises(FileFormatError, match=r"or that with \.gz"):
        write_map(path.with_name(f"b.mrc{suffix}"), example.density)
    with pytest.raises(FileFormatError, match=r"or that with \.gz"):
        write_model(path.with_name(f"b.cif{suffix}"), read_model(path))


def test_archive_whose_member_has_no_name(make: Make) -> None:
    """The zip module itself stumbles over it."""
    path = make(name="a.mrc")
    packed = bytearray(zipped(b"x"))
    place = packed.rindex(b"folder/emd_1.map") - 18
    packed[place : place + 2] = b"\0\0"
    path.write_bytes(packed)
    with pytest.raises(FileFormatError):
        read_map(path)
