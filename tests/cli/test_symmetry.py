"""`difffit symmetry`: what it writes and prints, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map, write_map
from difffit_core.map_edit.onto_grid import resampled
from difffit_core.output import MANIFEST
from difffit_core.pose import Pose


@pytest.fixture(scope="module")
def ring(files: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three copies of the protein's map about an axis along z."""
    one = read_map(files.map)
    middle = one.origin + one.box / 2
    size = 70
    grid = DensityMap(np.zeros((size,) * 3, np.float32), one.voxel_size, middle - (size - 1) / 2 * one.voxel_size)
    total = np.zeros_like(grid.values)
    for turn in range(3):
        rotation = Rotation.from_euler("z", 120 * turn, degrees=True).as_matrix()
        pose = Pose(rotation, middle - rotation @ (middle - np.array([32.0, 0, 0])))
        moved, there = resampled(one, pose, grid)
        total += np.where(there, moved.values, 0)
    path = tmp_path_factory.mktemp("ringe") / "drei fach.mrc"
    write_map(path, grid.with_values(total))
    return path


@pytest.mark.slow
def test_what_is_written_and_printed(difffit: Callable[..., Any], ring: Path, tmp_path: Path) -> None:
    ended = difffit("symmetry", ring, "--resolution", 8, "--level", 0.3, "--impose", "--device", "cpu", "--out", tmp_path / "out")
    assert (ended.status, ended.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [MANIFEST, "symmetrised.mrc", "symmetry.json"]
    document = json.loads((tmp_path / "out" / "symmetry.json").read_text(encoding="utf-8"))
    assert (document["symmetry"], document["helix"]) == ("C3", None)
    assert abs(document["axes"][0]["direction"][2]) > 0.999
    assert document["weakest"] > 0.8
    assert document["settings"]["level"] == 0.3
    before, after = read_map(ring), read_map(tmp_path / "out" / "symmetrised.mrc")
    assert np.corrcoef(before.values.ravel(), after.values.ravel())[0, 1] > 0.95
    assert "drei fach: C3" in ended.out
    assert "3-fold axis" in ended.out


def test_what_cannot_be_done_is_said_in_one_sentence(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for options, piece in (
        (["--resolution", "8", "--impose"], "a symmetry to impose must be more than C1, got C1"),
        (["--resolution", "8", "--level", "9"], "level must lie below the map's maximum of 1, got 9"),
        (["--resolution", "0"], "resolution must lie between 0.5 and 100 Å, got 0"),
    ):
        ended = difffit("symmetry", files.map, *options, "--device", "cpu", "--out", out)
        assert (ended.status, len(ended.lines)) == (2, 1)
        assert piece in ended.lines[0]
        assert not out.exists()
