"""Any words in the header, any length and any packing: a map or one sentence, and little memory."""

import bz2
import gzip
import io
import lzma
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from difffit_core.doctor import examine
from difffit_core.errors import UserError
from difffit_core.io.describe import describe_file
from difffit_core.io.maps import read_map
from difffit_core.pae.matrix import read_pae

FUZZ = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
OVERHEAD = 12 << 20
BYTES = {0: "u1", 1: "i2", 2: "f4", 6: "u2", 12: "f2", 101: "u1"}

INTEGERS = st.one_of(
    st.integers(-3, 12),
    st.sampled_from([-(2**31), 2**31 - 1, 0x20202020, -858993460, 80, 1024, 20140, 256, 65536, 1146047817, 0x2050414D]),
    st.integers(-(2**31), 2**31 - 1),
)
FLOATS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 90.0, 180.0, 1e-40, 1e38, float("nan"), float("inf"), float("-inf")]),
    st.floats(width=32),
)
WORD = st.one_of(INTEGERS.map(lambda value: struct.pack("<i", value)), FLOATS.map(lambda value: struct.pack("<f", value)))
WORDS = st.dictionaries(st.integers(1, 56), WORD, max_size=6)
LABEL = st.one_of(
    st.just(b""),
    st.binary(max_size=80),
    st.lists(FLOATS, max_size=5).map(lambda xs: ("Chimera rotation: " + " ".join(map(str, xs))).encode()[:80]),
)


def zipped(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.mrc", content)
    return stream.getvalue()


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda content: content,
    "gzip": lambda content: gzip.compress(content, 1, mtime=0),
    "bzip2": bz2.compress,
    "xz": lambda content: lzma.compress(content, preset=0),
    "zip": zipped,
}


@cache
def map_bytes(mode: int, order: str) -> bytes:
    """A map of 9 x 8 x 7 voxels."""
    words = np.zeros(256, f"{order}i4")
    words[:10] = 9, 8, 7, mode, 0, 0, 0, 9, 8, 7
    words[16:19] = 1, 2, 3
    words.view(f"{order}f4")[10:16] = 9, 8, 7, 90, 90, 90
    raw = bytearray(words.tobytes())
    raw[208:216] = b"MAP " + (b"DD\0\0" if order == "<" else b"\x11\x11\0\0")
    values = (
        np.random.default_rng(0).normal(scale=30, size=(7, 8, 5 if mode == 101 else 9)).astype("i1" if mode in (0, 101) else BYTES[mode])
    )
    return bytes(raw) + values.astype(values.dtype.newbyteorder(order)).tobytes()


def result_or_sentence(read: Callable[[Path], object], path: Path, allowed: int) -> None:
    tracemalloc.start()
    sentence = f"{path}: "
    try:
        read(path)
    except UserError as error:
        sentence = str(error)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert str(path) in sentence
    assert "\n" not in sentence
    assert peak <= 4 * allowed + OVERHEAD


@pytest.mark.parametrize("mode", BYTES)
@pytest.mark.parametrize("order", ["<", ">"])
@given(words=WORDS, label=LABEL, before=st.integers(0, 300), more=st.integers(-600, 600), packing=st.sampled_from(list(PACKINGS)))
@FUZZ
def test_any_words(
    tmp_path: Path, mode: int, order: str, words: dict[int, bytes], label: bytes, before: int, more: int, packing: str
) -> None:
    whole = map_bytes(mode, order)
    raw = bytearray(whole[:1024])
    for word, value in words.items():
        raw[4 * word - 4 : 4 * word] = value if order == "<" else value[::-1]
    raw[224 : 224 + len(label)] = label
    content = bytes(raw) + b"X,Y,Z ".ljust(80)[: before % 81] * (before // 81) + whole[1024:]
    content = content + bytes(more) if more > 0 else content[: len(content) + more]
    path = tmp_path / "a.mrc"
    path.write_bytes(PACKINGS[packing](content))
    result_or_sentence(read_map, path, len(content))
    if more % 5 == 0:
        result_or_sentence(describe_file, path, len(content))
        examine(path, resolution=4, level=1)


@pytest.mark.parametrize("packing", list(PACKINGS))
@given(
    where=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=4),
    keep=st.one_of(st.just(1.0), st.floats(0, 1)),
)
@FUZZ
def test_damaged_packings(tmp_path: Path, packing: str, where: list[tuple[float, int]], keep: float) -> None:
    whole = map_bytes(2, "<")
    damaged = bytearray(PACKINGS[packing](whole))
    for place, bit in where:
        damaged[int(place * len(damaged))] ^= 1 << bit
    path = tmp_path / "a.mrc"
    path.write_bytes(damaged[: int(keep * len(damaged))])
    result_or_sentence(read_map, path, len(whole))


@pytest.mark.parametrize("kind", ["npz", "npy", "json"])
@given(
    where=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=5),
    keep=st.one_of(st.just(1.0), st.floats(0, 1)),
)
@FUZZ
def test_damaged_errors(tmp_path: Path, kind: str, where: list[tuple[float, int]], keep: float) -> None:
    stream = io.BytesIO()
    errors = np.random.default_rng(0).uniform(0, 30, (12, 12))
    if kind == "npz":
        np.savez_compressed(stream, pae=errors)
    elif kind == "npy":
        np.save(stream, errors)
    else:
        stream.write(f'{{"pae": {errors.round(1).tolist()}}}'.encode())
    damaged = bytearray(stream.getvalue())
    for place, bit in where:
        damaged[int(place * len(damaged))] ^= 1 << bit
    path = tmp_path / f"a.{kind}"
    path.write_bytes(damaged[: int(keep * len(damaged))])
    result_or_sentence(read_pae, path, len(damaged))
