"""After warming up nothing is left to compile, whatever is done; and that it was done is known until something changes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from difffit_core import warm_up
from difffit_core.ops import compiling

USE = """
import json, sys
from pathlib import Path
from difffit_core.warm_up import warm_up
warm_up(again=True)
from difffit_core.ops.compiled import variants
before = variants()
import difffit_core as df
folder = Path(sys.argv[1])
density_map, moved, model = (df.read_map(folder / "1bd2_4A.mrc.gz"), df.read_model(folder / "1bd2_moved.pdb.gz").select_chains(("D",)),
                             df.read_model(folder / "1bd2.pdb.gz").select_chains(("D",)))
few = {"starts": 8, "steps": 3, "further": 0, "device": "cpu"}
df.fit(density_map, moved, resolution=4, level=0.4, preset="fast", **few)
df.fit(density_map, moved, resolution=4, level=0.4, preset="paper", **few)
df.refine(density_map, model, resolution=4, level=0.4, start="here", search=False, steps=10, trial_steps=10, bends=1)
df.quality(density_map, model, resolution=4)
print(json.dumps([sorted(before), sorted(variants() - before)]))
"""


@pytest.fixture
def of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Notes in a folder of this test."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setattr(warm_up, "_use_everything", lambda: None)
    return tmp_path / "kept"


@pytest.mark.slow
def test_nothing_is_compiled_after_warming_up(repository: Path) -> None:
    """Arguments of another type, or laid out otherwise, would compile anew."""
    command = [sys.executable, "-c", USE, str(repository / "resources" / "example")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    before, later = json.loads(done.stdout.splitlines()[-1])
    assert len(before) > 10
    assert later == []


def test_it_is_done_once_until_the_processor_or_the_program_changes(of_its_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not warm_up.is_warm()
    warm_up.warm_up()
    assert warm_up.is_warm()
    monkeypatch.setattr(warm_up, "cpu_in_words", lambda: "another processor")
    assert not warm_up.is_warm()
    monkeypatch.undo()
    os.environ["NUMBA_CACHE_DIR"] = str(of_its_own)
    try:
        assert warm_up.is_warm()
        warm_up.forget()
        assert not warm_up.is_warm()
        (of_its_own / "difffit-warm.json").write_bytes(b"\x00 not json")
        assert not warm_up.is_warm()
    finally:
        del os.environ["NUMBA_CACHE_DIR"]


def test_compiling_is_told_once_to_who_asked_last() -> None:
    kept = list(compiling._tellers)
    told: list[tuple[int, str]] = []
    try:
        compiling.tell_of_compiling(lambda sentence: told.append((1, sentence)))
        compiling.tell_of_compiling(lambda sentence: told.append((2, sentence)))
        compiling.compiling(compiling.ONCE)
        compiling.compiling(compiling.ONCE)
        assert told == [(2, compiling.ONCE)]
    finally:
        compiling._tellers[:] = kept
