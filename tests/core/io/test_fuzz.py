"""Damaged files: a reader gives a result or one sentence, quickly, and in little memory."""

import gzip
import math
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from functools import cache
from pathlib import Path

import gemmi
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from mrcfile.dtypes import HEADER_DTYPE

from difffit_core.doctor import examine
from difffit_core.errors import UserError
from difffit_core.io.describe import describe_file
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model

FUZZ = settings(max_examples=200, deadline=2000, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
OVERHEAD = 8 << 20  # of buffers whose size does not grow with the file


@cache
def map_bytes(packed: bool, angle: float = 90) -> bytes:
    header = np.zeros((), HEADER_DTYPE.newbyteorder("<"))
    for key, value in {
        "nx": 9, "ny": 8, "nz": 7, "mx": 9, "my": 8, "mz": 7, "mode": 2, "cella": (9, 8, 7), "cellb": (90, 90, angle), "mapc": 1, "mapr": 2,
        "maps": 3, "map": b"MAP ", "machst": (0x44, 0x44, 0, 0), "ispg": 1, "nlabl": 1,
    }.items():  # fmt: skip
        header[key] = value
    header["label"][0] = b"a label"
    content = header.tobytes() + np.random.default_rng(0).normal(size=(7, 8, 9)).astype("<f4").tobytes()
    return gzip.compress(content, mtime=0) if packed else content


@cache
def model_bytes(kind: str) -> bytes:
    structure = gemmi.read_pdb_string(
        "".join(
            f"ATOM  {i + 1:5d}  {name:<3s} ALA A{i // 5 + 1:4d}    {i * 1.1:8.3f}{i * 0.7:8.3f}{-i:8.3f}  1.00 20.00           {name[0]}\n"
            for i, name in enumerate(["N", "CA", "C", "O", "CB"] * 4)
        )
    )
    structure.setup_entities()
    text = structure.make_pdb_string() if "pdb" in kind else structure.make_mmcif_document().as_string()
    return gzip.compress(text.encode(), mtime=0) if kind.endswith(".gz") else text.encode()


def damage(content: bytes, flips: list[tuple[float, int]], keep: float) -> bytes:
    """Flip bits at fractions of the length, then cut."""
    damaged = bytearray(content)
    for where, bit in flips:
        damaged[int(where * len(damaged))] ^= 1 << bit
    return bytes(damaged[: math.ceil(keep * len(damaged))])


def one_sentence_or_result(read: Callable[[Path], object], path: Path, content: bytes, unpacked: int) -> None:
    path.write_bytes(content)
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
    assert peak <= 4 * unpacked + OVERHEAD


FRACTION = st.floats(0, 1, exclude_max=True)
BITS = st.integers(0, 7)
FLIPS = st.lists(st.tuples(FRACTION, BITS), max_size=4)
HEADER_FLIPS = st.lists(st.tuples(FRACTION.map(lambda x: x * 224 / len(map_bytes(False))), BITS), max_size=3)
KEEP = st.one_of(st.just(1.0), FRACTION)


@pytest.mark.parametrize("angle", [90.0, 100.0])
@given(flips=HEADER_FLIPS, keep=st.one_of(st.just(1.0), st.just(1.0), FRACTION))
@FUZZ
def test_map_with_a_damaged_header(tmp_path: Path, angle: float, flips: list[tuple[float, int]], keep: float) -> None:
    content = damage(map_bytes(False, angle), flips, keep)
    one_sentence_or_result(read_map, tmp_path / "a.mrc", content, len(content))
    packed = gzip.compress(content, 1)
    one_sentence_or_result(read_map, tmp_path / "b.mrc.gz", packed, len(content))


@pytest.mark.parametrize("packed", [False, True])
@given(flips=FLIPS, keep=KEEP)
@FUZZ
def test_damaged_map(tmp_path: Path, packed: bool, flips: list[tuple[float, int]], keep: float) -> None:
    content = damage(map_bytes(packed), flips, keep)
    path = tmp_path / ("a.mrc.gz" if packed else "a.mrc")
    one_sentence_or_result(read_map, path, content, len(map_bytes(False)))


@given(flips=HEADER_FLIPS, keep=KEEP)
@FUZZ
def test_damaged_map_is_described_and_examined(tmp_path: Path, flips: list[tuple[float, int]], keep: float) -> None:
    path = tmp_path / "a.mrc"
    path.write_bytes(damage(map_bytes(False), flips, keep))
    examine(path, resolution=4, level=1)
    one_sentence_or_result(describe_file, path, path.read_bytes(), path.stat().st_size)


@pytest.mark.parametrize("kind", ["pdb", "cif", "pdb.gz", "cif.gz"])
@given(flips=FLIPS, keep=KEEP)
@FUZZ
def test_damaged_model(tmp_path: Path, kind: str, flips: list[tuple[float, int]], keep: float) -> None:
    one_sentence_or_result(read_model, tmp_path / f"a.{kind}", damage(model_bytes(kind), flips, keep), len(model_bytes(kind[:3])))


@pytest.mark.parametrize("name", ["a.mrc", "a.map.gz", "a.pdb", "a.cif", "a.pdb.gz"])
@given(content=st.binary(max_size=3000))
@example(content=b"\x1f\x8b")
@example(content=b"\x1f\x8b\x08" + b"\0" * 20)
@FUZZ
def test_any_bytes(tmp_path: Path, name: str, content: bytes) -> None:
    one_sentence_or_result(read_map if "m" in name else read_model, tmp_path / name, content, len(content))


MEASURE = """
import pathlib, resource, sys
from difffit_core.errors import UserError
from difffit_core.io.maps import read_map
read_map(pathlib.Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_map(pathlib.Path(sys.argv[2]))
except UserError:
    pass
sys.stdout.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is in kilobytes on Linux only")
@pytest.mark.parametrize("trap", ["plain", "packed", "permuted", "oblique", "half", "claims too much"])
def test_whole_process_stays_below_four_times_the_file(tmp_path: Path, repository: Path, trap: str) -> None:
    """Peak memory of a process of its own, what gemmi allocates included."""
    n = 160
    small = tmp_path / "small.mrc"
    small.write_bytes(map_bytes(False, 100))
    header = np.frombuffer(map_bytes(False)[:1024], HEADER_DTYPE.newbyteorder("<")).copy()
    changes: dict[str, object] = {"nx": n, "ny": n, "nz": n, "mx": n, "my": n, "mz": n, "cella": (n, n, n)}
    changes |= {
        "permuted": {"mapc": 3, "mapr": 2, "maps": 1}, "oblique": {"cellb": (90, 90, 110)},
        "claims too much": {"nx": 100_000, "ny": 100_000},
    }.get(trap, {})  # fmt: skip
    for key, value in changes.items():
        header[key] = value
    content = header.tobytes() + np.random.default_rng(0).normal(size=n**3).astype("<f4").tobytes()
    size = len(content)
    path = tmp_path / ("big.mrc.gz" if trap == "packed" else "big.mrc")
    path.write_bytes(gzip.compress(content, 1) if trap == "packed" else content[: size // 2] if trap == "half" else content)
    done = subprocess.run([sys.executable, "-c", MEASURE, small, path], cwd=repository, capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 <= 4 * size
