"""Killed at any moment, a program leaves a project that opens and holds all that was accepted when it was last saved."""

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the victims are forks, which Windows has not")
def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    program = Path(__file__).with_name("killing.py")
    ended = subprocess.run([sys.executable, program, tmp_path, "20", "7"], capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    during = found.pop("during")
    assert found.pop("accepted") > 0
    assert found.pop("most_litter") <= 2, "one of the project, one of its copy in the other folder"
    assert found == {"kills": 20, "unopened": 0, "lost": 0, "altered": 0, "unrecovered": 0, "litter_at_the_end": 0}
    assert len(during) >= 2
