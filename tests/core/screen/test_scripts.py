"""Scripts of users that screen on several processes."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import difffit_core as df

df.screen({map!r}, {library!r}, out={out!r}, resolution=4, jobs=2)
"""


@pytest.mark.slow
def test_a_script_that_its_processes_would_do_anew_ends_by_a_sentence(repository: Path, tmp_path: Path) -> None:
    """It waited without end: each process died before it took the map that was sent to it."""
    example, script = repository / "resources" / "example", tmp_path / "script.py"
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "1bd2.pdb.gz").write_bytes((example / "1bd2_moved.pdb.gz").read_bytes())
    names = {"map": str(example / "1bd2_4A.mrc.gz"), "library": str(tmp_path / "library"), "out": str(tmp_path / "screen")}
    script.write_text(SCRIPT.format(**names), encoding="utf-8")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 1
    assert 'must do so under `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]
