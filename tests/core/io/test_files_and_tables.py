"""Suffixes, atomic writing, tables and descriptions."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.describe import describe_file
from difffit_core.io.files import atomic_write, stem_of, suffix_of
from difffit_core.io.tables import CSV_COLUMNS, write_json_atomic, write_placements_csv
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose

from .conftest import MrcWriter


@pytest.mark.parametrize(
    ("name", "suffix", "stem"),
    [("a.MRC.gz", ".mrc", "a"), ("b.c.pdb", ".pdb", "b.c"), ("with space.map.GZ", ".map", "with space"), ("x.gz", "", "x"), ("x", "", "x")],
)
def test_suffix_and_stem(name: str, suffix: str, stem: str) -> None:
    assert (suffix_of(Path(name)), stem_of(Path(name))) == (suffix, stem)


def test_atomic_write_replaces_or_leaves(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")

    def fail_half_way() -> None:
        with atomic_write(target) as temporary:
            temporary.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert target.read_text() == "old"
    with atomic_write(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_atomic_write_says_why_it_cannot(tmp_path: Path) -> None:
    for target in (tmp_path / "absent" / "a", tmp_path):
        with pytest.raises(UserError, match="cannot be written"), atomic_write(target) as temporary:
            temporary.write_text("x")


def placement() -> Placement:
    pose = Pose(np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]]), np.array([1 / 3, 2, 3]))
    return Placement(1, pose, 12, FitMetrics(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), 7.5, 1e-9, Verdict.UNIQUE)


def test_placements_csv_holds_every_number_in_full(tmp_path: Path) -> None:
    write_placements_csv(tmp_path / "p.csv", [placement()])
    with open(tmp_path / "p.csv", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert tuple(row) == CSV_COLUMNS
    assert (row["rank"], row["hits"], row["verdict"], row["symmetric_copy_of"]) == ("1", "12", "unique", "")
    assert float(row["tx"]) == 1 / 3
    assert (float(row["r12"]), float(row["r21"]), float(row["local_correlation"])) == (-1, 1, 0.6)


def test_json_comes_back_and_refuses_nan(tmp_path: Path) -> None:
    write_json_atomic(tmp_path / "p.json", {"placements": [placement().to_dict()]})
    (data,) = json.loads((tmp_path / "p.json").read_text())["placements"]
    assert Placement.from_dict(data).to_dict() == placement().to_dict()
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json_atomic(tmp_path / "p.json", {"x": float("nan")})
    assert len(list(tmp_path.iterdir())) == 1


def test_description_of_a_map(write_mrc: MrcWriter, blob: np.ndarray) -> None:
    rows = dict(describe_file(write_mrc("a.mrc", blob, cella=(14, 18, 20), nxstart=5)))
    assert rows["voxel size"] == "2, 3, 4 Å"
    assert rows["first voxel at"] == "10, 0, 0 Å"
    assert rows["mode"].startswith("2 (float32), little-endian")
    blob[0, 0, 0] = np.nan
    assert dict(describe_file(write_mrc("b.mrc", blob)))["note"].startswith("1 of 210")
    assert "got none" in dict(describe_file(write_mrc("c.mrc", blob * np.nan)))["cannot be used"]


def test_description_of_a_model(shared_data: Path) -> None:
    rows = dict(describe_file(shared_data / "apoferritin_emd20026" / "3ajo_fitted_refined.pdb"))
    assert rows["atoms"] == "1654, of which 1413 take part in a fit"
    assert rows["mass in the fit"] == "18.7 kDa"
    assert rows["amino acids"] == "172"
    assert rows["ions"] == "12, not in the fit: MG 12"
    assert rows["waters"] == "229, not in the fit: HOH 229"


def test_description_refuses_other_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(FileFormatError, match=r"must end in \.mrc, .*\.mmcif"):
        describe_file(tmp_path / "a.txt")
