"""Commands that are killed: a hundred times, at random moments, and half of them while they write; nothing is lost, nothing is half."""

import logging
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections import Counter
from pathlib import Path

import numpy as np
from report import Report

from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.output.manifest import MANIFEST, is_unchanged, read_manifest

KILLS = 25
"""Of each command."""
_EXAMPLE = Path(__file__).resolve().parents[2] / "resources" / "example"
_logger = logging.getLogger(__name__)


def run(options: Namespace) -> Report:
    report = Report(
        "Commands that are killed",
        f"Each of the commands {KILLS} times by SIGKILL, every other time while its files appear, the others at any moment; every third "
        "time over results of an earlier run, by --overwrite. Looked at each time: inputs, what the manifest says, whether the command, "
        "given again, ends well.",
        [
            "",
            "kills",
            "while writing",
            "inputs changed",
            "files that no manifest knows",
            "half results",
            "earlier results lost",
            "no end again",
        ],
    )
    rng = np.random.default_rng(options.seeds[0])
    with tempfile.TemporaryDirectory() as folder:
        for name, words in _commands(Path(folder)).items():
            if options.only and name not in options.only:
                continue
            report.rows.append([name, *map(str, _killed(Path(folder), name, words, rng))])
            _logger.info("%s", report.rows[-1])
    return report


def _commands(folder: Path) -> dict[str, list[str]]:
    """Small ones, by name."""
    example = read_map(_EXAMPLE / "1bd2_4A.mrc.gz")
    write_map(folder / "map.mrc", DensityMap(example.values[::3, ::3, ::3], example.voxel_size * 3, example.origin))
    model, library = read_model(_EXAMPLE / "1bd2_moved.pdb.gz"), folder / "library"
    library.mkdir()
    for chain in ("A", "B", "D", "E"):
        write_model(library / f"{chain}.cif", model.select_chains([chain]))
    common = ["--resolution", "10", "--preset", "fast", "--device", "cpu"]
    return {
        "fit": ["fit", "map.mrc", "library/D.cif", *common],
        "compose": ["compose", "map.mrc", "library/D.cif", "library/E.cif", *common],
        "screen": ["screen", "map.mrc", "library", "--jobs", "1", *common],
        "assemble": ["assemble", "map.mrc", "library", "--jobs", "1", *common],
    }


def _killed(folder: Path, name: str, words: list[str], rng: np.random.Generator) -> list[int]:
    found: Counter[str] = Counter()
    inputs = {path: path.read_bytes() for path in [folder / "map.mrc", *(folder / "library").iterdir()]}
    begun = time.perf_counter()
    earlier = folder / f"{name}-earlier"
    _run(folder, [*words, "--out", earlier.name]).wait()
    takes = time.perf_counter() - begun
    whole = {path.name for path in earlier.iterdir() if not path.name.startswith(".")}
    assert MANIFEST in whole, f"{name} does not end well when nobody kills it"
    for number in range(KILLS):
        out = folder / f"{name}-{number}"
        over = number % 3 == 2
        if over:
            shutil.copytree(earlier, out)
        child = _run(folder, [*words, "--out", out.name, *(["--overwrite"] if over else [])])
        writing = number % 2 == 1
        if writing:
            _until_it_writes(out, child, set(out.iterdir()) if over else set())
            time.sleep(float(rng.exponential(0.05)))
        else:
            time.sleep(float(rng.uniform(0, takes)))
        found["while writing"] += writing and child.poll() is None
        child.kill()
        child.wait()
        found["kills"] += 1
        found["inputs"] += any(path.read_bytes() != content for path, content in inputs.items())
        strays, half, any_whole = _look_at(out)
        found["strays"] += strays
        found["half"] += half
        found["lost"] += over and not (any_whole or half == 0)
        again = _run(folder, [*words, "--out", out.name, *_again(name, out)])
        found["no end"] += again.wait() != 0 or not whole <= {path.name for path in out.iterdir()} or _look_at(out) != (0, 0, True)
        shutil.rmtree(out)
    return [found[key] for key in ("kills", "while writing", "inputs", "strays", "half", "lost", "no end")]


def _again(name: str, out: Path) -> list[str]:
    """What the command needs to go on, or to begin over whole results."""
    if name in ("screen", "assemble") and any(out.glob("*.sqlite")):
        return ["--resume"]
    return ["--overwrite"] if _look_at(out)[2] else []


def _run(folder: Path, words: list[str]) -> "subprocess.Popen[bytes]":
    quiet = subprocess.DEVNULL
    return subprocess.Popen([str(Path(sys.executable).with_name("difffit")), *words], cwd=folder, stdout=quiet, stderr=quiet)


def _until_it_writes(out: Path, child: "subprocess.Popen[bytes]", before: set[Path]) -> None:
    """Wait for a file that is being made, which has a name that begins with a point."""
    while child.poll() is None:
        if out.is_dir() and any(path.name.startswith(".") and path not in before for path in out.iterdir()):
            return
        time.sleep(0.002)


def _look_at(out: Path) -> tuple[int, int, bool]:
    """Files that no manifest knows, results that seem whole and are not, and whether there are whole ones."""
    if not out.is_dir():
        return 0, 0, False
    runs = read_manifest(out).runs
    known = {name for run in runs for name in run.files} | {MANIFEST}
    there = {path.name for path in out.iterdir() if path.is_file() and not path.name.startswith(".")}
    stores = {name for name in there if ".sqlite" in name}
    whole = [run for run in runs if run.last in there and not run.last.endswith(".sqlite")]
    half = sum(any(not is_unchanged(out / name, checksum) for name, checksum in run.files.items()) for run in whole)
    return len(there - known - stores), half, bool(whole) and half == 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    print(run(Namespace(seeds=[0], only=sys.argv[1:])).markdown())
