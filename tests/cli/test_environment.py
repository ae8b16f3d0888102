"""An environment that is not as expected: a sentence, no traceback."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from difffit_core.environment import check_environment
from difffit_core.errors import UserError

GOOD = {
    "NUMBA_NUM_THREADS": "4", "NUMBA_THREADING_LAYER": "OMP", "NUMBA_OPT": "max", "NUMBA_DISABLE_JIT": "0", "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "+avx2,-avx512f", "NUMBA_FUNCTION_CACHE_SIZE": "128", "NUMBA_THREADING_LAYER_PRIORITY": "omp tbb workqueue",
}  # fmt: skip
BAD = [
    ("NUMBA_NUM_THREADS", "-1"), ("NUMBA_NUM_THREADS", "0"), ("NUMBA_NUM_THREADS", "many"), ("NUMBA_NUM_THREADS", "100000"),
    ("NUMBA_NUM_THREADS", "1e3"), ("NUMBA_NUM_THREADS", "9" * 5000), ("NUMBA_THREADING_LAYER", "nonsense"), ("NUMBA_OPT", "x"),
    ("NUMBA_DISABLE_JIT", "yes"), ("NUMBA_DISABLE_JIT", "1"), ("NUMBA_DEBUG", "\x1b[2J"), ("NUMBA_CPU_FEATURES", "+avx,avx2"),
    ("NUMBA_FUNCTION_CACHE_SIZE", "-5"), ("NUMBA_THREADING_LAYER_PRIORITY", "omp"),
]  # fmt: skip


def test_what_makes_sense_is_let_through() -> None:
    check_environment(GOOD)
    check_environment({"NUMBA_NUM_THREADS": ""})


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_makes_none_is_a_sentence(difffit: Any, files: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    ended = difffit("info", files.map)
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert f"the environment variable {name} must be " in ended.err
    assert "\x1b" not in ended.err
    with pytest.raises(UserError):
        check_environment({name: value})


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be deleted there")
@pytest.mark.parametrize("arguments", [["split", "MODEL", "--by", "chain"], ["info", "relative.mrc"]])
def test_a_working_directory_that_was_deleted(files: Any, tmp_path: Path, arguments: list[str]) -> None:
    words = [str(Path(sys.executable).with_name("difffit")), *(str(files.model) if one == "MODEL" else one for one in arguments)]
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd '{gone}'; rmdir '{gone}'; \"$@\""
    ended = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True, check=False, timeout=100)
    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1


def test_names_beyond_the_limit(difffit: Any, files: Any, tmp_path: Path) -> None:
    long = "x" * 300
    for arguments in (
        ["info", f"{long}.mrc"], ["pack", f"{long}.difffit"], ["replay", f"{long}.difffit"],
        ["quality", files.map, files.model, "--resolution", "8", "--out", tmp_path / f"{long}.csv"],
        ["split", files.model, "--by", "chain", "--out", tmp_path / long],
        ["split", files.model, "--by", "chain", "--out", "/".join([str(tmp_path), *["y" * 200] * 25])],
    ):  # fmt: skip
        ended = difffit(*arguments)
        assert (ended.status, len(ended.lines)) == (2, 1), arguments
        assert "too long" in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such limit")
def test_few_handles_and_no_home(files: Any, tmp_path: Path) -> None:
    words = [str(Path(sys.executable).with_name("difffit")), "info", str(files.map)]
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME")}
    ended = subprocess.run(
        ["bash", "-c", 'ulimit -n 12; "$@"', "bash", *words], env=environment, capture_output=True, text=True, check=False, timeout=100
    )
    assert ended.returncode in (0, 2)
    assert len(ended.stderr.splitlines()) <= 1
