"""Compiled functions are kept on disk, compute the same from there, and work where they cannot be kept."""

import errno
import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from difffit_core.ops import kernels
from difffit_core.ops.compiled import compiled

COMPUTE = """
import hashlib, numpy as np
from difffit_core.ops import kernels
from difffit_core.ops.grid import Grid, PointSet, Schedule
rng = np.random.default_rng(0)
grid = Grid.of(rng.normal(size=(20, 21, 22)), np.array([1.3, 1.0, 0.8]), np.zeros(3))
points, weight = PointSet.of(rng.normal(0, 4, (3001, 3))), rng.normal(size=3001)
weight = ((weight - weight.mean()) / np.linalg.norm(weight - weight.mean())).astype(np.float32)
poses, schedule = (rng.normal(size=(60, 4)), rng.uniform(4, 20, (60, 3))), Schedule(0.01, 0.1, 0.5, 8)
climbed = grid.climb(points, None, *poses, schedule) + grid.climb(points, weight, *poses, schedule)
answers = grid.mean(points, *poses), grid.correlation(points, weight, *poses), grid.samples(points, *poses), *climbed
print(sum(kernel.stats.cache_hits.total() for kernel in (kernels.climb, kernels.correlation)), end=" ")
print(*(hashlib.sha256(np.ascontiguousarray(answer).tobytes()).hexdigest() for answer in answers))
"""


def test_kernels_are_kept() -> None:
    for kernel in (kernels.mean_and_gradient, kernels.correlation, kernels.samples, kernels.climb):
        assert kernel.stats.cache_path


@pytest.fixture
def never_compiled(tmp_path: Path, repository: Path) -> dict[str, str]:
    """The environment of a program beside which no code was compiled yet, nor anywhere else."""
    shutil.copytree(repository / "difffit_core", tmp_path / "program" / "difffit_core", ignore=shutil.ignore_patterns("__pycache__"))
    return {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "kept"), "PYTHONPATH": str(tmp_path / "program")}


@pytest.mark.slow
def test_kept_code_computes_what_it_did_when_it_was_compiled_bit_for_bit(never_compiled: dict[str, str]) -> None:
    """The first start on a machine and all later ones."""
    first, later = (
        subprocess.run(
            [sys.executable, "-c", COMPUTE],
            env=never_compiled,
            cwd=never_compiled["PYTHONPATH"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(2)
    )
    assert (first[0], later[0]) == ("0", "2")
    assert first[1:] == later[1:]
    assert len(set(first[1:])) == 9


def test_a_function_that_cannot_be_kept_is_compiled_all_the_same() -> None:
    """One without a file, for which numba finds no folder, as it does for a program whose folders are all read-only."""
    scope: dict = {}
    exec("def double(number):\n    return 2 * number", scope)
    double = compiled(nogil=True)(scope["double"])
    assert double(21) == 42
    assert double.signatures


def test_a_full_disk_stops_no_computing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "made_up.py").write_text("def triple(number):\n    return 3 * number\n")
    monkeypatch.syspath_prepend(tmp_path)
    triple = compiled(nogil=True)(importlib.import_module("made_up").triple)

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)
    assert triple(14) == 42
    assert triple(15) == 45
    assert list(tmp_path.rglob("*.nbi")) == []


def test_kept_code_can_be_found_and_cleared(never_compiled: dict[str, str], tmp_path: Path) -> None:
    code = (
        "import numpy as np\nfrom difffit_core.fit.search.cluster import cluster_poses\n"
        "from difffit_core.ops.compiled import clear_kept_code, kept_code\n"
        "cluster_poses(np.eye(4), np.eye(4, 3), np.arange(4.0))\nkept = kept_code()\n"
        "print(len(kept.folders), kept.count, kept.size, clear_kept_code().count)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=never_compiled, cwd=never_compiled["PYTHONPATH"], capture_output=True, text=True, check=True
    )
    folders, count, size, left = map(int, done.stdout.split())
    assert folders == 1
    assert count == 2
    assert size > 10_000
    assert left == 0
    assert [path for path in tmp_path.rglob("*") if path.suffix in {".nbi", ".nbc"}] == []
