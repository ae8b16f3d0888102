"""`difffit benchmark paper`, killed and started again: it goes on, and ends with what it ends with undisturbed."""

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from difffit_core.benchmark.paper import read_runs


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_and_started_again_it_ends_the_same(
    difffit_process: Callable[..., Any], start_difffit: Any, wait_for: Any, archives: Any, files: Any, tmp_path: Path
) -> None:
    rows = []
    for number, pdb in ((1001, "1abc"), (1002, "2abc")):
        archives.put_map(number, gzip.decompress(files.map.read_bytes()), 0.3, 8.0)
        archives.files[f"/rcsb/download/{pdb}.cif.gz"] = gzip.compress(files.model.read_bytes())
        rows.append({"pdb": pdb.upper(), "emdb": number, "resolution": 8.0, "level": 0.3, "hits_difffit": 9.0, "seconds_difffit": 1.0})
    table = tmp_path / "table.json"
    table.write_text(json.dumps(rows))
    words = ("benchmark", "paper", "--table", table, "--preset", "fast", "--device", "cpu", "--runs", 2, "--out")
    store = tmp_path / "b" / "runs.json"

    last = "/emdb/structures/EMD-1002/map/emd_1002.map.gz"
    archives.spoil(last, "503", times=1000, value=60)
    first = start_difffit(*words, tmp_path / "b")
    wait_for(lambda: first.poll() is not None or archives.count(last) > 0)  # one entry is done, the next is being fetched
    first.kill()
    first.wait()
    kept = read_runs(store)
    assert [(one.pdb, one.seed) for one in kept] == [("1ABC", 0), ("1ABC", 1)]
    archives.spoiled.clear()

    second = start_difffit(*words, tmp_path / "b")
    wait_for(lambda: second.poll() is not None or len(read_runs(store)) > len(kept))
    second.kill()
    second.wait()
    ended = difffit_process(*words, tmp_path / "b")
    assert ended.status == 0, ended.err
    whole = difffit_process(*words, tmp_path / "whole")
    assert whole.status == 0, whole.err
    found, expected = read_runs(store), read_runs(tmp_path / "whole" / "runs.json")
    assert found[:2] == kept
    assert [(one.pdb, one.seed, one.hits, one.rmsd, one.rank) for one in found] == [
        (one.pdb, one.seed, one.hits, one.rmsd, one.rank) for one in expected
    ]
    assert (tmp_path / "b" / "paper.md").read_text().count("| 2 of 2 |") == (tmp_path / "whole" / "paper.md").read_text().count(
        "| 2 of 2 |"
    )
