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


def test_a_fit_takes_half_maps_tells_them_and_is_repeated(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    clean, rng = read_map(files.map), np.random.default_rng(5)
    halves = [
        clean.with_values(clean.values + rng.normal(0, 0.5 * clean.values.std(), clean.values.shape).astype(np.float32)) for _ in "ab"
    ]
    paths = [tmp_path / "whole.mrc", tmp_path / "half 1.mrc", tmp_path / "half 2.mrc"]
    for path, one in zip(paths, (clean.with_values((halves[0].values + halves[1].values) / 2), *halves), strict=True):
        write_map(path, one)
    out = tmp_path / "out"
    asked = ("--resolution", 8, "--preset", "fast", "--seed", 1, "--device", "cpu")
    ended = difffit("fit", paths[0], files.model, "--half-maps", *paths[1:], *asked, "--out", out)
    assert (ended.status, ended.err) == (0, "")
    document = json.loads((out / "placements.json").read_text())
    assert any("half maps: resolution" in note for note in document["notes"])
    assert document["placements"][0]["verdict"] == "unique"
    assert "half maps: noise σ" in ended.out
    ended = difffit("replay", out / "project.difffit")
    assert (ended.status, ended.err) == (0, "")
    assert "identical" in ended.out
    paths[2].unlink()
    ended = difffit("replay", out / "project.difffit")
    assert "not repeated" in ended.out
    assert "half 2.mrc" in ended.out
    write_map(paths[2], halves[1].mirrored())
    for job in (("fit", paths[0], files.model), ("compose", paths[0], files.model), ("refine", paths[0], files.model)):
        ended = difffit(*job, "--half-maps", *paths[1:], "--resolution", 8, "--out", tmp_path / "none")
        assert ended.status == 2
        assert "of the other hand" in ended.err
        assert not (tmp_path / "none").exists()
