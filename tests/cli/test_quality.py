"""`difffit quality` and `difffit difference` on what `difffit fit` wrote."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from difffit_core.io.models import read_model, write_model


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_a_placed_model_is_judged_and_its_table_written(difffit: Any, fitted: Any, tmp_path: Path) -> None:
    table = tmp_path / "residues [1].csv"
    ended = difffit("quality", fitted.files.map, fitted.folder / "placement_001.cif", "--resolution", 8, "--level", 0.3, "--out", table)
    assert (ended.status, ended.err) == (0, "")
    with open(table, newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    mean = sum(float(row["local_correlation"]) for row in rows) / len(rows)
    assert mean > 0.8
    assert f" {mean:.3f} " in ended.out
    covered = re.search(r"the model covers (\d+)% of the volume", ended.out)
    assert covered is not None
    assert int(covered[1]) >= 90
    assert "unexplained" in ended.out
    assert str(table) in ended.out
    worst = min(rows, key=lambda row: float(row["local_correlation"]))
    assert f"{worst['residue']}  {worst['name']}" in ended.out


def test_the_wrong_placement_is_worse(difffit: Any, fitted: Any, tmp_path: Path) -> None:
    means = []
    for name in ("placement_001.cif", "placement_002.cif"):
        difffit(
            "quality", fitted.files.map, fitted.folder / name, "--resolution", 8, "--level", 0.3, "--out", tmp_path / "t.csv", "--overwrite"
        )
        with open(tmp_path / "t.csv", newline="", encoding="utf-8") as stream:
            values = [float(row["local_correlation"]) for row in csv.DictReader(stream)]
        means.append(sum(values) / len(values))
    assert means[0] > means[1] + 0.2


def test_two_placements_are_compared(difffit: Any, fitted: Any) -> None:
    same = difffit("difference", fitted.folder / "placement_001.cif", fitted.folder / "placement_001.cif")
    assert "RMSD 0.00 Å; the centre is 0.00 Å away, and turned by 0.0°" in same.out
    other = difffit("difference", fitted.folder / "placement_001.cif", fitted.folder / "placement_002.cif")
    assert (other.status, other.err) == (0, "")
    assert "RMSD" in other.out
    assert "RMSD 0.00" not in other.out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--resolution", "400"], "resolution must lie between 0.5 and 100 Å, got 400"),
        (["--resolution", "8", "--level", "high"], "level must be a number in the map's units or auto, got high"),
        (["--resolution", "8", "--level", "9"], "level must lie below the map's maximum of"),
        (["--resolution", "8", "--level", "0.3", "--chain", "Q"], "chain must be one of B, C, got Q"),
        (["--resolution", "8", "--level", "0.3", "--out", "absent/table.csv"], "absent"),
    ],
)
def test_bad_input_is_one_sentence(
    difffit: Any, files: Any, options: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = difffit("quality", files.map, files.model, *options)
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert sentence in ended.err
    assert list(tmp_path.iterdir()) == []


def test_models_of_different_things_are_told(difffit: Any, files: Any, repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.cif"
    write_model(other, read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz").select_chains(["D"]))
    ended = difffit("difference", files.model, other)
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert f"{other}: a model to compare must have at least 3 atoms in common" in ended.err
