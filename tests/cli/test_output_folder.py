"""Where results cannot be written nothing is, and an earlier run's results stay."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

QUICK = ("--preset", "fast", "--set", "starts=200", "--set", "steps=20")
NOBODY = 65534


@pytest.fixture
def refused(difffit: Any, files: Any) -> Callable[[Path, str], None]:
    """A fit into that folder must end in this sentence before any search."""

    def run(out: Path, sentence: str) -> None:
        ended = difffit(*files.arguments(out, *QUICK))
        assert (ended.status, ended.out, len(ended.lines)) == (2, "", 1), ended.err
        assert re.search(sentence, ended.err), ended.err
        assert str(out) in ended.err

    return run


@pytest.fixture
def no_root() -> Iterator[None]:
    """Root may write anywhere; be nobody for a while."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions of this system are of another kind")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


def test_out_is_a_file(refused: Any, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    refused(taken, "taken: out must be a folder that can be written, got a path through the file")
    assert taken.read_text() == "mine"


def test_out_lies_in_a_file(refused: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine")
    refused(tmp_path / "taken" / "a" / "b", "out must be a folder that can be written, got a path through the file .*taken$")


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody may write, in one that all may enter."""
    base = Path(tempfile.mkdtemp())
    base.chmod(0o755)
    folder = base / "closed"
    folder.mkdir(mode=0o555)
    yield folder
    shutil.rmtree(base)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of this system are of another kind")
@pytest.mark.parametrize("inside", ["", "new", "new/newer"])
def test_out_may_not_be_written(refused: Any, closed: Path, no_root: None, inside: str) -> None:
    refused(closed / inside, "out must be a folder that can be written, got: Permission denied$")


@pytest.fixture
def locked(closed: Path) -> Iterator[Path]:
    """A place in a folder that may not even be entered."""
    closed.parent.chmod(0o000)
    yield closed / "new"
    closed.parent.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of this system are of another kind")
def test_out_lies_in_a_folder_that_may_not_be_entered(refused: Any, locked: Path, no_root: None) -> None:
    refused(locked, "out must be a folder that can be written, got: Permission denied$")


def limited(files: Any, out: Path, limit: int, save: int, *more: str) -> "subprocess.CompletedProcess[str]":
    """A fit in a process whose files may not grow beyond ``limit`` bytes, which writing meets like a full disk."""
    import resource

    command = [str(Path(sys.executable).with_name("difffit")), *files.arguments(out, *QUICK, "--save", str(save), *more)]
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]

    def limit_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))

    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", preexec_fn=limit_files, timeout=120, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such limit")
@pytest.mark.parametrize(("limit", "save", "name"), [(30_000, 2, "placement_001.cif"), (2_000, 0, "project.difffit")])
def test_what_cannot_be_written_whole_is_not_written_at_all(files: Any, tmp_path: Path, limit: int, save: int, name: str) -> None:
    out = tmp_path / "made" / "for this"
    ended = limited(files, out, limit, save)
    assert ended.returncode == 2
    assert ended.stderr == f"difffit: {out / name}: cannot be written (File too large)\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such limit")
def test_a_run_that_fails_spoils_no_earlier_one(files: Any, difffit: Any, tmp_path: Path) -> None:
    assert difffit(*files.arguments(tmp_path, *QUICK)).status == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert limited(files, tmp_path, 30_000, 2, "--overwrite").returncode == 2
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False)
    if not mounted or mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_nothing_behind(files: Any, difffit: Any, full_disk: Path) -> None:
    out = full_disk / "out"
    ended = difffit(*files.arguments(out, *QUICK))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"difffit: {out}/placement_001.cif: cannot be written (No space left on device)\n"
    assert list(full_disk.iterdir()) == []


def test_an_existing_folder_keeps_what_is_not_ours(files: Any, difffit: Any, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "placement_best.cif").write_text("mine")
    assert difffit(*files.arguments(tmp_path, *QUICK)).status == 0
    assert (tmp_path / "notes.txt").read_text() == (tmp_path / "placement_best.cif").read_text() == "mine"
    assert (tmp_path / "placements.json").exists()


def test_fewer_models_of_a_later_run_leave_none_of_an_earlier_one(files: Any, difffit: Any, tmp_path: Path) -> None:
    for save, expected in ((4, 4), (1, 1), (0, 0), (3, 3)):
        assert difffit(*files.arguments(tmp_path, *QUICK, "--save", str(save), "--overwrite")).status == 0
        assert len(list(tmp_path.glob("placement_*.cif"))) == expected


def test_more_models_than_placements_are_not_made_up(files: Any, difffit: Any, tmp_path: Path) -> None:
    assert difffit(*files.arguments(tmp_path, *QUICK, "--save", "5000")).status == 0
    count = len(json.loads((tmp_path / "placements.json").read_text())["placements"])
    assert len(list(tmp_path.glob("placement_*.cif"))) == count
