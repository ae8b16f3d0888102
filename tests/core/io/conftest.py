"""Makes small map files byte by byte, so that every header trap can be set."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mrcfile.dtypes import HEADER_DTYPE

MODES = {"i1": 0, "i2": 1, "f4": 2, "u2": 6, "f2": 12}
STAMPS = {"<": (0x44, 0x44, 0, 0), ">": (0x11, 0x11, 0, 0)}

MrcWriter = Callable[..., Path]


@pytest.fixture
def blob() -> np.ndarray:
    """Values [z, y, x] of (5, 6, 7) voxels, all different, so that no axis can be mistaken for another."""
    return (np.arange(5 * 6 * 7, dtype=np.float32).reshape(5, 6, 7) - 60) / 2


@pytest.fixture
def write_mrc(tmp_path: Path) -> MrcWriter:
    """Write values in file order (section, row, column); keywords set header fields over those of a plain 1 Å map."""

    def write(name: str, values: np.ndarray, order: str = "<", extended: bytes = b"", **fields: Any) -> Path:
        header = np.zeros((), HEADER_DTYPE.newbyteorder(order))
        ns, nr, nc = values.shape
        plain = {
            "nx": nc, "ny": nr, "nz": ns, "mx": nc, "my": nr, "mz": ns, "mode": MODES[values.dtype.str[1:]],
            "cella": (nc, nr, ns), "cellb": (90, 90, 90), "mapc": 1, "mapr": 2, "maps": 3, "ispg": 1, "map": b"MAP ",
            "dmin": values.min(), "dmax": values.max(), "machst": STAMPS[order], "nsymbt": len(extended),
        }  # fmt: skip
        for key, value in (plain | fields).items():
            header[key] = value
        content = header.tobytes() + extended + values.astype(values.dtype.newbyteorder(order)).tobytes()
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write
