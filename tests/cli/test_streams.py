"""Output in any encoding, and where nobody takes it: characters degrade, the status tells the truth, results stay."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="streams of this system are of another kind")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-16"])
def test_any_encoding(files: Any, encoding: str) -> None:
    command = [str(Path(sys.executable).with_name("difffit")), "info", str(files.map)]
    done = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"}, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode(encoding)) == (0, "")
    shown = done.stdout.decode(encoding)
    assert "voxel" in shown
    assert " Å" in shown or " A" in shown


def shell(command: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run ``difffit`` with the arguments in a shell's command, where it stands as $*."""
    program = [str(Path(sys.executable).with_name("difffit")), *map(str, arguments)]
    return subprocess.run(
        ["bash", "-c", command, "bash", *program], capture_output=True, text=True, errors="replace", timeout=120, check=False
    )


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ('"$@" > /dev/full', 1),
        ('"$@" >&-', 0),
        ('"$@" | true; exit ${PIPESTATUS[0]}', 1),
        ('"$@" 2>&-', 0),
        ('"$@" 2> /dev/full', 0),
        ('"$@" >&- 2>&- <&-', 0),
    ],
)
def test_results_stay_where_nobody_reads(files: Any, tmp_path: Path, command: str, status: int) -> None:
    out = tmp_path / "out"
    ended = shell(command, "split", files.model, "--by", "chain", "--out", out)
    assert ended.returncode == status
    assert len(list(out.glob("*.cif"))) == 2
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr
    assert len(ended.stderr.splitlines()) == ("full" in command and "2>" not in command)


@pytest.mark.parametrize(
    "command", ['"$@" > /dev/full', '"$@" >&-', '"$@" 2> /dev/full', '"$@" 2>&-', '"$@" | true; exit ${PIPESTATUS[0]}']
)
def test_bad_input_ends_with_2_whoever_reads(tmp_path: Path, command: str) -> None:
    ended = shell(command, "info", tmp_path / "absent.mrc")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr


def test_names_move_no_cursor(difffit: Any, tmp_path: Path) -> None:
    """In what is printed, in messages and in the log."""
    name = "\x1b]0;owned\x07\x1b[2J[red]ü\u202e.mrc"
    for arguments in (
        ["info", tmp_path / name],
        ["fit", tmp_path / name, "x.cif", "--resolution", "4"],
        ["--verbose", "info", name],
        [name],
    ):
        ended = difffit(*arguments)
        assert ended.status == 2
        assert "\\x1b]0;owned\\x07\\x1b[2J[red]ü\\u202e" in ended.err
        assert not {"\x1b", "\x07", "\u202e"} & set(ended.out + ended.err)


def test_chains_of_a_file_move_no_cursor(difffit: Any, tmp_path: Path, repository: Path) -> None:
    import gemmi

    structure = gemmi.read_structure(str(repository / "resources" / "example" / "1bd2.pdb.gz"))
    (tmp_path / "\x1b[31m.cif").write_text(structure.make_mmcif_document().as_string())
    ended = difffit("info", tmp_path / "\x1b[31m.cif")
    assert ended.status == 0
    ended = difffit("split", tmp_path / "\x1b[31m.cif", "--by", "chain", "--out", tmp_path / "\x1b[1m")
    assert ended.status == 0, ended.err
    assert "\x1b" not in ended.out + ended.err
    assert "\\x1b[1m" in ended.out
