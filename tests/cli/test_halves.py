"""`difffit halves`: what it writes and prints, and what it refuses."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map, write_map


def test_what_the_command_writes_and_refuses(difffit: Callable[..., Any], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    files = tmp_path / "halb 1.mrc", tmp_path / "halb 2.mrc"
    lumps = np.pad(gaussian_filter(rng.normal(size=(24, 24, 24)), 1.2), 10)
    for path in files:
        noisy = 20 * lumps + rng.normal(size=lumps.shape) * 1.5
        write_map(path, DensityMap(noisy.astype(np.float32), np.full(3, 2.0), np.zeros(3)))
    out = tmp_path / "out"
    ended = difffit("halves", *files, "--resolution", 20, "--out", out)
    assert (ended.status, ended.err) == (0, "")
    assert "goes unused" in ended.out
    document = json.loads((out / "halves.json").read_text())
    rows = list(csv.reader((out / "fsc.csv").read_text().splitlines()))
    assert len(rows) - 1 == len(document["fsc"]["corrected"])
    assert read_map(out / "local_resolution.mrc").values.max() > 4
    assert read_map(out / "noise.mrc").values.mean() == pytest.approx(1.5 / np.sqrt(2), rel=0.1)
    ended = difffit("halves", files[0], files[0], "--out", tmp_path / "none")
    assert ended.status == 2
    assert "two files" in ended.err
    assert not (tmp_path / "none").exists()
