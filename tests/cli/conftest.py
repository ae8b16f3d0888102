"""Runs `difffit`, in this process or as a process of its own, on a small map made for the purpose."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from difffit_core.cli import main
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import write_map
from difffit_core.warm_up import warm_up

ODD = "a folder [of] naïve  маps & 'mödels'"
QUICK = ("--preset", "fast", "--set", "starts=300", "--set", "steps=30")


@dataclass(frozen=True)
class Ended:
    """How a command ended; ``lines`` are those of standard error."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


@dataclass(frozen=True)
class Files:
    """A map, a model that was moved away from it, and how: R (3, 3) and t (3,) take the file's coordinates into the map."""

    map: Path
    model: Path
    rotation: np.ndarray
    translation: np.ndarray

    def arguments(self, out: Path, *more: str) -> list[str]:
        return ["fit", str(self.map), str(self.model), "--resolution", "8", "--level", "0.3", "--out", str(out), *more]


@dataclass(frozen=True)
class Fitted:
    """A folder of results with what the command printed."""

    folder: Path
    document: dict[str, Any]
    printed: str
    files: Files


def executable() -> str:
    return str(Path(sys.executable).with_name("difffit"))


@pytest.fixture
def difffit(warm: None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """The command in this process."""

    def run(*arguments: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["difffit", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture(scope="session")
def warm() -> None:
    """Everything compiled, so that no command says that it compiles."""
    warm_up()


@pytest.fixture(scope="session")
def difffit_process(warm: None) -> Callable[..., Ended]:
    """The installed command as a process of its own."""

    def run(*arguments: object, **options: Any) -> Ended:
        done = subprocess.run(
            [executable(), *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", timeout=120, check=False, **options
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def start_difffit(warm: None) -> Any:
    """Start the command and return the process; what still runs at the end of the test is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: object, **options: Any) -> subprocess.Popen[str]:
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"} | options
        started.append(subprocess.Popen([executable(), *map(str, arguments)], **options))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def decorated(structure: gemmi.Structure) -> None:
    """Give the first chain hydrogens, an alternate location, a ligand and waters, which a fit leaves out or keeps but always writes."""
    chain = structure[0][0]
    for residue in list(chain)[:5]:
        hydrogen = gemmi.Atom()
        hydrogen.name, hydrogen.element, hydrogen.b_iso = "H", gemmi.Element("H"), 33.0
        nitrogen = residue.find_atom("N", "*")
        hydrogen.pos = gemmi.Position(nitrogen.pos.x + 0.8, nitrogen.pos.y, nitrogen.pos.z + 0.6)
        residue.add_atom(hydrogen)
    first, second = (chain[7].find_atom("CB", "*").clone() for _ in range(2))
    first.altloc, second.altloc, first.occ, second.occ = "A", "B", 0.6, 0.4
    second.pos = gemmi.Position(first.pos.x + 0.5, first.pos.y, first.pos.z)
    chain[7].remove_atom("CB", "\0", gemmi.Element("C"))
    chain[7].add_atom(first)
    chain[7].add_atom(second)
    ligand, zinc = gemmi.Residue(), gemmi.Atom()
    ligand.name, ligand.seqid, ligand.het_flag = "ZN", gemmi.SeqId(900, " "), "H"
    zinc.name, zinc.element, zinc.pos, zinc.b_iso = "ZN", gemmi.Element("Zn"), gemmi.Position(*chain[20][0].pos.tolist()), 12.5
    ligand.add_atom(zinc)
    chain.add_residue(ligand)


@pytest.fixture(scope="session")
def files(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """β2-microglobulin and two neighbours' worth of noise at 8 Å in a folder of an odd name, the map gzipped."""
    folder = tmp_path_factory.mktemp("inputs") / ODD
    folder.mkdir()
    with gzip.open(repository / "resources" / "example" / "1bd2.pdb.gz", "rt") as stream:
        structure = gemmi.read_pdb_string(stream.read())
    structure.setup_entities()
    for name in [chain.name for chain in structure[0] if chain.name not in "BC"]:
        structure[0].remove_chain(name)
    atoms = [atom.atom for atom in structure[0].all() if atom.chain.name == "B" and atom.residue.name != "HOH"]
    points, weights = np.array([atom.pos.tolist() for atom in atoms]), [atom.element.atomic_number for atom in atoms]
    origin, voxel = np.floor(points.min(axis=0)) - 12, 2.0
    index = np.rint((points - origin) / voxel).astype(int)
    values = np.zeros(tuple(index.max(axis=0)[::-1] + 7), np.float32)
    np.add.at(values, tuple(index.T[::-1]), weights)
    values = gaussian_filter(values, 0.225 * 8 / voxel)
    values += np.random.default_rng(0).normal(0, 0.02 * values.max(), values.shape).astype(np.float32)
    density_map = DensityMap(values / values.max(), np.full(3, voxel), origin)
    map_path = folder / "8 Å.map.gz"
    write_map(map_path, density_map)

    decorated(structure)
    turn = gemmi.Mat33(np.array([[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]]).tolist())
    away = gemmi.Transform(turn, gemmi.Vec3(70, -35, 120))
    structure[0].transform_pos_and_adp(away)
    structure.cell = gemmi.UnitCell()
    model_path = folder / "β₂ [moved].cif"
    structure.make_mmcif_document().write_file(str(model_path))
    back = away.inverse()
    return Files(map_path, model_path, np.array(back.mat.tolist()), np.array(back.vec.tolist()))


@pytest.fixture(scope="session")
def fitted(files: Files, difffit_process: Callable[..., Ended], tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    """Chain B fitted by the installed command, three placements saved, into a folder that does not exist yet, from another one."""
    base = tmp_path_factory.mktemp("results")
    folder = base / "новая папка" / "out [1]"
    ended = difffit_process(*files.arguments(folder), "--chain", "B", "--preset", "fast", "--save", 3, "--seed", 4, cwd=base)
    assert (ended.status, ended.err) == (0, "")
    document = json.loads((folder / "placements.json").read_text(encoding="utf-8"))
    return Fitted(folder, document, ended.out, files)


@pytest.fixture
def wait_for() -> Callable[..., None]:
    """Wait until something holds."""

    def wait(condition: Callable[[], bool], seconds: float = 200.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "waited in vain"
            time.sleep(0.02)

    return wait


def interrupt(process: "subprocess.Popen[str]") -> None:
    os.kill(process.pid, signal.SIGINT)
