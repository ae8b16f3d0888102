"""`difffit align`: what it writes and prints, for one map and for several, and what it refuses."""

import csv
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.conventions import rotation_angle
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map, write_map
from difffit_core.map_edit.onto_grid import resampled
from difffit_core.output import MANIFEST
from difffit_core.pose import Pose

FAST = ("--resolution", 8, "--preset", "fast", "--device", "cpu")


@pytest.fixture(scope="module")
def folder(files: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of a protein turned away, as it is and mirrored, in files of odd names."""
    fixed = read_map(files.map)
    here = tmp_path_factory.mktemp("karten [α]")
    pose = away(fixed)
    size = int(np.linalg.norm(fixed.shape_xyz)) + 1
    corner = pose.apply(fixed.origin + fixed.box / 2) - size * fixed.voxel_size / 2
    moved = resampled(fixed, pose, DensityMap(np.zeros((size,) * 3, np.float32), fixed.voxel_size, corner))[0]
    write_map(here / "gedreht 1.mrc.gz", moved)
    write_map(here / "mirrored.mrc", moved.mirrored())
    return here


def away(fixed: DensityMap) -> Pose:
    rotation = Rotation.from_rotvec([1.0, -2.0, 0.5]).as_matrix()
    return Pose(rotation, np.array([30.0, -10.0, 80.0]))


def error(document: dict[str, Any], fixed: DensityMap) -> tuple[float, float]:
    back = Pose(document["rotation"], document["translation"]).compose(away(fixed))
    middle = fixed.origin + fixed.box / 2
    return float(rotation_angle(np.eye(3), back.rotation)), float(np.linalg.norm(back.apply(middle) - middle))


def test_what_is_written_for_one_map(difffit: Callable[..., Any], files: Any, folder: Path, tmp_path: Path) -> None:
    moving, out = folder / "gedreht 1.mrc.gz", tmp_path / "neu" / "out"
    ended = difffit("align", files.map, moving, *FAST, "--seed", 3, "--out", out)
    assert (ended.status, ended.err) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == ["aligned.mrc", "alignment.json", "difference.mrc", MANIFEST, "report.html"]
    document = json.loads((out / "alignment.json").read_text(encoding="utf-8"))
    fixed = read_map(files.map)
    angle, shift = error(document, fixed)
    assert angle < 0.3
    assert shift < 0.2
    assert (document["hand"], document["hand_known"], document["verdict"]) == ("same", True, "unique")
    assert document["p_value"] < 1e-4
    assert document["fixed"] == str(files.map)
    assert document["moving"] == str(moving)
    assert document["settings"]["resolution"] == 8
    assert document["correlation"] > 0.95
    assert document["placements"][0]["rank"] == 1
    assert {"frequency", "masked", "resolution_0.5"} <= set(document["fsc"])
    aligned = read_map(out / "aligned.mrc")
    assert aligned.values.shape == fixed.values.shape
    np.testing.assert_allclose(aligned.origin, fixed.origin, atol=1e-3)
    assert np.corrcoef(aligned.values.ravel(), fixed.values.ravel())[0, 1] > 0.95
    assert read_map(out / "difference.mrc").values.std() < 0.3 * fixed.values.std()
    for piece in ("gedreht 1 onto 8 Å", "hand: same.", "correlation 0.9", "refined by voxels", f"written to {out}"):
        assert piece in ended.out

    words = shlex.split(document["command"])
    assert words[words.index("--out") + 1] == str(out)
    words[words.index("--out") + 1] = str(tmp_path / "again")
    again = difffit(*words[1:])
    assert again.status == 0
    repeated = json.loads((tmp_path / "again" / "alignment.json").read_text(encoding="utf-8"))
    assert repeated["placements"] == document["placements"]


def test_several_maps_get_a_folder_each_and_a_table(difffit: Callable[..., Any], files: Any, folder: Path, tmp_path: Path) -> None:
    ended = difffit("align", files.map, folder / "gedreht 1.mrc.gz", folder / "mirrored.mrc", *FAST, "--out", tmp_path)
    assert (ended.status, ended.err) == (0, "")
    rows = json.loads((tmp_path / "alignments.json").read_text(encoding="utf-8"))["alignments"]
    assert [(row["name"], row["hand"], row["hand_known"]) for row in rows] == [
        ("gedreht 1", "same", True), ("mirrored", "mirrored", True)
    ]  # fmt: skip
    fixed = read_map(files.map)
    for row in rows:
        assert max(error(row, fixed)) < 0.3
        aligned = read_map(tmp_path / row["name"] / "aligned.mrc")
        assert np.corrcoef(aligned.values.ravel(), fixed.values.ravel())[0, 1] > 0.95
    with (tmp_path / "alignments.csv").open(encoding="utf-8") as stream:
        assert [row["name"] for row in csv.DictReader(stream)] == ["gedreht 1", "mirrored"]
    assert "2 maps onto 8 Å" in ended.out
    assert "mirrored it fits with local correlation" in " ".join(ended.out.split())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--hand", "left"], r"hand: input should be 'both', 'same' or 'mirrored', got 'left'"),
        (["--preset", "thorough"], r"preset must be one of fast, balanced, exhaustive, paper, got thorough"),
        (["--points", "5"], r"points must be a whole number from 100 to 1000000, got 5"),
        (["--moving-level", "77"], r"gedreht 1\.mrc\.gz: level must lie below the map's maximum of [\d.]+, got 77"),
        (["--level", "high"], r"level must be a number in the map's units or auto, got high"),
        (["--resolution", "0.1"], r"resolution must lie between 0\.5 and 100 Å, got 0\.1"),
        (["--device", "abacus"], r"abacus"),
    ],
)
def test_what_is_not_allowed_is_said_in_one_sentence(
    options: list[str], sentence: str, difffit: Callable[..., Any], files: Any, folder: Path, tmp_path: Path
) -> None:
    import re

    out = tmp_path / "out"
    ended = difffit("align", files.map, folder / "gedreht 1.mrc.gz", *FAST, *options, "--out", out)
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert re.search(sentence, ended.lines[0])
    assert not out.exists()


def test_a_map_that_is_none_is_refused_before_any_work(difffit: Callable[..., Any], files: Any, folder: Path, tmp_path: Path) -> None:
    good, out = folder / "gedreht 1.mrc.gz", tmp_path / "out"
    bad = tmp_path / "bad.mrc"
    bad.write_text("Dear sir,\n" * 300, encoding="utf-8")
    for moving, piece in (
        ((good, bad), "bad.mrc: "),
        ((good, tmp_path / "nowhere.mrc"), "nowhere.mrc: no such file"),
        ((good, good), "once"),
    ):
        ended = difffit("align", files.map, *moving, *FAST, "--out", out)
        assert (ended.status, len(ended.lines)) == (2, 1)
        assert piece in ended.lines[0]
        assert not out.exists()
