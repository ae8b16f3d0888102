"""Ctrl-C and kill in the middle of a search, seen from a terminal."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest

from difffit_core.io.models import read_model
from difffit_core.output import MANIFEST
from difffit_core.project.store import open_project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="this system has neither terminals nor signals of that kind")
LONG = ("--preset", "exhaustive", "--set", "starts=300000")
QUICK = ("--preset", "fast", "--set", "starts=200", "--set", "steps=20")


class Terminal:
    """The terminal that a command sees as standard error."""

    def __init__(self) -> None:
        self.ours, self.theirs = os.openpty()
        os.set_blocking(self.ours, False)
        self.text = ""

    def read(self) -> str:
        with contextlib.suppress(BlockingIOError, OSError):
            while part := os.read(self.ours, 65536):
                self.text += part.decode(errors="replace")
        return self.text

    def close(self) -> None:
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def terminal() -> Any:
    made = Terminal()
    yield made
    made.close()


@pytest.fixture
def searching(start_difffit: Any, files: Any, terminal: Terminal, wait_for: Any) -> Callable[..., "subprocess.Popen[str]"]:
    """Start a search of minutes and wait until it has begun."""

    def start(out: Path) -> "subprocess.Popen[str]":
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120"}
        process: subprocess.Popen[str] = start_difffit(*files.arguments(out, *LONG), stderr=terminal.theirs, env=environment)
        wait_for(lambda: "best local correlation" in terminal.read() or process.poll() is not None)
        assert process.poll() is None, terminal.text
        return process

    return start


def test_ctrl_c_keeps_what_was_found_and_says_so(searching: Any, terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = searching(out)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=200)
    assert process.returncode == 130
    assert "Traceback" not in terminal.read() + printed
    assert "Stopped early: these are the placements found until then." in printed
    placements = json.loads((out / "placements.json").read_text())["placements"]
    assert len(placements) > 5
    assert (out / "placement_005.cif").exists()
    project, _ = open_project(out / "project.difffit")
    assert project.fits[0].cancelled
    assert len(project.fits[0].placements) == len(placements)


def test_ctrl_c_before_the_search_leaves_nothing(difffit: Any, files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signal that comes while the map is made ready."""
    from difffit_core.fit import run

    prepare = run.prepare_map

    def interrupted(*arguments: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return prepare(*arguments)

    monkeypatch.setattr(run, "prepare_map", interrupted)
    ended = difffit(*files.arguments(tmp_path / "out", *QUICK))
    assert (ended.status, ended.out, ended.err) == (130, "", "difffit: cancelled before a pose was found\n")
    assert not (tmp_path / "out").exists()


def test_ctrl_c_while_reading_leaves_nothing(difffit: Any, files: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: Path) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("difffit_core.io.maps.read_map", interrupted)
    ignored_in_background = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        ended = difffit(*files.arguments(tmp_path / "out", *QUICK))
    finally:
        signal.signal(signal.SIGINT, ignored_in_background)
    assert (ended.status, ended.out, ended.err) == (130, "", "difffit: interrupted\n")
    assert not (tmp_path / "out").exists()


def test_ctrl_c_while_the_program_is_read_is_a_sentence() -> None:
    code = """
import importlib.abc, signal, sys
class Waiting(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "difffit_core.cli":
            signal.raise_signal(signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Waiting())
from difffit_core.start import main
main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=100)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "difffit: interrupted\n")


def test_a_second_ctrl_c_stops_at_once(searching: Any, terminal: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = searching(out)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
    process.communicate(timeout=200)
    assert process.returncode == 130
    assert "Traceback" not in terminal.read()


@pytest.mark.slow
def test_the_terminal_shows_stage_time_left_and_the_best(searching: Any, terminal: Terminal, tmp_path: Path, wait_for: Any) -> None:
    process = searching(tmp_path)
    wait_for(lambda: " s left" in terminal.read() or process.poll() is not None)
    assert "searching the paper field" in terminal.text
    assert " s left" in terminal.text
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=200)


def test_killed_in_the_search_leaves_nothing(searching: Any, difffit: Any, files: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = searching(out)
    process.kill()
    process.wait(timeout=200)
    assert not out.exists()
    assert difffit(*files.arguments(out, *QUICK)).status == 0


def killed_while_writing(arguments: list[str], change: str) -> int:
    """Run a fit that is killed, as by the system, where ``change`` calls die; return how it ended."""
    code = "import os, sys, difffit_core.cli.outputs as o, difffit_core.output.claim as claim;"
    code += f"die = lambda *a, **k: os.kill(os.getpid(), 9); {change};"
    code += "from difffit_core.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], timeout=120, check=False).returncode


@pytest.mark.parametrize("step", ["o.write_fit_project", "o.write_json_atomic", "claim.Claim._place"])
def test_killed_while_writing_spoils_neither_the_earlier_run_nor_the_next(difffit: Any, files: Any, tmp_path: Path, step: str) -> None:
    assert difffit(*files.arguments(tmp_path, *QUICK, "--seed", "1")).status == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    again = (*QUICK, "--overwrite", "--seed")
    assert killed_while_writing(files.arguments(tmp_path, *again, "2"), f"{step} = die") == -signal.SIGKILL
    assert before.items() <= {path.name: path.read_bytes() for path in tmp_path.iterdir()}.items()
    assert difffit(*files.arguments(tmp_path, *again, "3", "--save", "2")).status == 0
    assert json.loads((tmp_path / "placements.json").read_text())["settings"]["seed"] == 3
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")) == [
        MANIFEST, "placement_001.cif", "placement_002.cif", "placements.csv", "placements.json", "project.difffit", "report.html",
    ]  # fmt: skip


def test_killed_between_two_files_leaves_no_table_that_does_not_match(difffit: Any, files: Any, tmp_path: Path) -> None:
    """`placements.json` goes first and comes last: where it is, all is."""
    assert difffit(*files.arguments(tmp_path, *QUICK, "--seed", "1")).status == 0
    change = "real = os.replace; os.replace = lambda a, b: die() if os.path.basename(b) == 'placements.csv' else real(a, b)"
    assert killed_while_writing(files.arguments(tmp_path, *QUICK, "--overwrite", "--seed", "2"), change) == -signal.SIGKILL
    assert not (tmp_path / "placements.json").exists()
    assert difffit(*files.arguments(tmp_path, *QUICK, "--seed", "3")).status == 0
    assert (tmp_path / "earlier-1" / "placement_001.cif").exists()
    assert json.loads((tmp_path / "placements.json").read_text())["settings"]["seed"] == 3


@pytest.mark.slow
def test_fits_into_one_folder_at_once_have_a_folder_each_in_the_end(start_difffit: Any, files: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    runs = [start_difffit(*files.arguments(out, *QUICK, "--seed", str(seed), "--save", str(seed))) for seed in (2, 3, 4)]
    told = [run.communicate(timeout=120)[1] for run in runs]
    refused = [text for run, text in zip(runs, told, strict=True) if run.returncode == 2]  # it came when another was done
    assert all("--overwrite replaces it" in text for text in refused)
    folders = sorted(tmp_path.iterdir())
    assert len(folders) == 3 - len(refused)
    for folder in folders[1:]:
        assert any(f"the results are in {folder}" in text for text in told)
    seeds = {check_whole(folder, files) for folder in folders}
    assert len(seeds) == len(folders)


def check_whole(folder: Path, files: Any) -> int:
    """All files of a folder are of one run; its seed, which is the number of models that it saved."""
    document = json.loads((folder / "placements.json").read_text())
    seed: int = document["settings"]["seed"]
    project, _ = open_project(folder / "project.difffit")
    assert project.fits[0].seed == seed
    assert [one.model_dump(mode="json") for one in project.fits[0].placements] == document["placements"]
    assert len((folder / "placements.csv").read_text().splitlines()) == 1 + len(document["placements"])
    assert len(list(folder.iterdir())) == seed + 5
    model = read_model(files.model)
    for rank in range(1, seed + 1):
        placement = document["placements"][rank - 1]
        placed = gemmi.read_structure(str(folder / f"placement_{rank:03d}.cif"))
        found = np.array([atom.atom.pos.tolist() for atom in placed[0].all()])
        np.testing.assert_allclose(found, model.coordinates @ np.array(placement["rotation"]).T + placement["translation"], atol=2e-3)
    return seed
