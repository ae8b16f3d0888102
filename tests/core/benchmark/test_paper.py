"""The paper's table on two stand-ins, from archives on the loopback interface; gone on with, and honest about what was not to be had."""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from difffit_core.benchmark.paper import read_runs, read_table
from difffit_core.cli import main


def run(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["difffit", "benchmark", "paper", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_table_has_fifteen_entries_with_what_is_needed() -> None:
    rows = read_table()
    assert len(rows) == 15
    assert rows[0]["pdb"] == "6WTI"
    assert all(set(row) >= {"emdb", "resolution", "level", "hits_difffit", "seconds_difffit", "rmsd_difffit"} for row in rows)


def test_two_stand_ins(archives: Any, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    example = repository / "resources" / "example"
    document = gzip.decompress((example / "1bd2.pdb.gz").read_bytes()).decode()
    import gemmi

    cif = gemmi.read_pdb_string(document).make_mmcif_document().as_string().encode()
    archives.put_map(1001, gzip.decompress((example / "1bd2_4A.mrc.gz").read_bytes()), 0.4, 4.0)
    archives.files["/rcsb/download/1bd2.cif.gz"] = gzip.compress(cif)
    row = {"pdb": "1BD2", "emdb": 1001, "resolution": 4.0, "level": 0.4, "hits_difffit": 100.0, "seconds_difffit": 2.0, "rmsd_difffit": 0.9}
    table = tmp_path / "table.json"
    table.write_text(json.dumps([row, {**row, "pdb": "2XYZ", "emdb": 1002, "rmsd_difffit": None}]))
    words = ("--table", table, "--out", tmp_path / "b", "--preset", "fast", "--device", "cpu")
    assert run(monkeypatch, *words, "--runs", 1) == 1
    text = (tmp_path / "b" / "paper.md").read_text()
    assert " with the preset fast, " in text
    assert "| 1BD2 | 1001 | 4 | 1 | " in text
    assert "| 1 of 1 |" in text
    assert "EMD-1002 is not in EMDB" in text
    assert "<circle" in (tmp_path / "b" / "paper.svg").read_text()
    (first,) = read_runs(tmp_path / "b" / "runs.json")
    assert first.rmsd < 0.5
    assert first.hits >= 1
    capsys.readouterr()
    assert run(monkeypatch, *words, "--runs", 2, "--only", "1bd2") == 0
    assert "run 2 of 2" in capsys.readouterr().err
    assert read_runs(tmp_path / "b" / "runs.json")[0] == first
    assert len(read_runs(tmp_path / "b" / "runs.json")) == 2
    assert run(monkeypatch, *words, "--only", "9ZZZ") == 2
