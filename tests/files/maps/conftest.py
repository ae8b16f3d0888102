"""The shipped example's map, written as people's programs write it."""

import gzip
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map

Words = dict[int, int | float]


@dataclass(frozen=True, eq=False)
class Example:
    """The map as read, its float32 values [z, y, x], and its header for mode 2."""

    density: DensityMap
    values: np.ndarray
    header: bytes

    def head(self, words: Words, order: str = "<", label: str = "") -> bytes:
        """The header with four-byte words (the first is 1) and the second label replaced."""
        raw = bytearray(self.header)
        for word, value in words.items():
            raw[4 * word - 4 : 4 * word] = struct.pack("<f" if isinstance(value, float) else "<i", value)
        if label:
            raw[304:384] = label.encode().ljust(80, b"\0")
        if order == "<":
            return bytes(raw)
        swapped = np.frombuffer(bytes(raw[:224]), "<i4").byteswap().tobytes()
        stamp = b"\x11\x11\0\0" if raw[212:214] == b"\x44\x44" else swapped[212:216]
        return swapped[:208] + bytes(raw[208:212]) + stamp + swapped[216:] + bytes(raw[224:])

    def bytes_of(self, signed: bool = False) -> np.ndarray:
        """The values scaled to 0 to 255, or to -128 to 127."""
        low, high = self.values.min(), self.values.max()
        scaled = ((self.values - low) / (high - low) * 255).round()
        return (scaled - 128).astype(np.int8).view(np.uint8) if signed else scaled.astype(np.uint8)


@pytest.fixture(scope="session")
def example(repository: Path) -> Example:
    path = repository / "resources" / "example" / "1bd2_4A.mrc.gz"
    raw = bytearray(gzip.decompress(path.read_bytes()))
    density = read_map(path)
    raw[12:16] = struct.pack("<i", 2)
    return Example(density, density.values, bytes(raw[:1024]))


@pytest.fixture
def make(example: Example, tmp_path: Path) -> Callable[..., Path]:
    """Write the example with header words replaced, other values or bytes before and behind them."""

    def write(
        words: Words | None = None,
        values: np.ndarray | None = None,
        name: str = "a.mrc",
        order: str = "<",
        label: str = "",
        before: bytes = b"",
        behind: bytes = b"",
    ) -> Path:
        stored = example.values if values is None else values
        content = stored.astype(stored.dtype.newbyteorder(order)).tobytes()
        path = tmp_path / name
        path.write_bytes(example.head(words or {}, order, label) + before + content + behind)
        return path

    return write


Make = Callable[..., Path]


def assert_same_place(density: DensityMap, truth: DensityMap, within: float = 1e-3) -> None:
    """Every voxel stands where it belongs."""
    assert density.values.shape == truth.values.shape
    np.testing.assert_allclose(density.voxel_size, truth.voxel_size, rtol=1e-5)
    np.testing.assert_allclose(density.origin, truth.origin, atol=within)


def assert_same_density(density: DensityMap, truth: DensityMap) -> None:
    """The values are those of the truth but for scale and rounding."""
    correlation = np.corrcoef(density.values[::3].ravel(), truth.values[::3].ravel())[0, 1]
    assert correlation > 0.999
