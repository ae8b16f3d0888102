"""Assemblies from folders: with a chain taken out of the folder, and killed again and again."""

import json
import logging
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
from cases import DATA, needed, scorer
from report import Report

from difffit_core.io.models import read_model
from difffit_core.screen.listing import list_library

STRANGERS, KILLS = 100, 10
_WITH_MOVED = 40
OUT = (("arp23", 1), ("arp23", 5), ("secretase", 0), ("secretase", 1), ("secretase", 3), ("srp", 0), ("lookalike", 0), ("ribosome", 1))
"""Of each assembly the model that is taken out of the folder, by its number in the list."""
_DALTON_A_RESIDUE = {"protein": 110.0, "nucleic acid": 330.0}
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Folder:
    """An assembly's models among strangers in a folder, and where the one that is ``gone`` stands: its centre, and its mass in Da."""

    case: dict[str, Any]
    folder: Path
    truth: dict[str, np.ndarray]
    gone: str
    centre: np.ndarray
    dalton: float

    def command(self, out: Path, seed: int) -> list[str]:
        case = self.case
        given = [
            sys.executable,
            "-c",
            "from difffit_core.cli import main; main()",
            "assemble",
            str(DATA / case["map"]),
            str(self.folder),
            "--resolution",
        ]
        given += [str(case["resolution"]), "--seed", str(seed), "--out", str(out)]
        return given + (["--level", str(case["level"])] if case.get("level") is not None else [])


def run(options: Namespace) -> Report:
    report = Report(
        "Assemblies without one of their chains, and killed",
        f"`difffit assemble` of each map and a folder of its chains, all but one, among {STRANGERS} strangers of the library, copies and "
        "symmetry unknown: whether what is placed is right, and how the empty place is described. Below, one that is killed "
        f"{KILLS} times, each at a random moment, and resumed each time.",
        ["assembly, without", "right", "wrong", "piece left nearest to its centre, Å", "its mass, kDa (chain's)", "seconds"],
    )
    for name, number in OUT:
        if options.only and not any(one in f"{name}-{number}" for one in options.only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            _without(report, _made(name, number, Path(folder), options.seeds[0], STRANGERS), Path(folder) / "out", options.seeds[0])
    if not options.only or "moved" in options.only:
        with tempfile.TemporaryDirectory() as folder:
            _moved(report, Path(folder), options.seeds[0])
    if not options.only or "kills" in options.only:
        with tempfile.TemporaryDirectory() as folder:
            _killed(report, _made("srp", None, Path(folder), options.seeds[0], 40), Path(folder), options.seeds[0])
    return report


def _made(name: str, gone: int | None, folder: Path, seed: int, strangers: int) -> Folder:
    cases = {one["name"]: one for one in json.loads(needed(DATA / "assemblies.json").read_text(encoding="utf-8"))}
    case, models = cases[name], folder / "models"
    models.mkdir()
    rng = np.random.default_rng([seed, *name.encode()])
    truth: dict[str, np.ndarray] = {}
    left, centre, dalton = "", np.zeros(3), 0.0
    for number, entry in enumerate([*case["models"], *case.get("decoys", []), *case.get("homologues", [])]):
        path, chains = (entry, None) if isinstance(entry, str) else (entry["model"], entry.get("chains"))
        structure = scorer().load_chains(DATA / path, chains)
        here = scorer().xyz(structure)
        rotation, translation = scorer().random_transform(rng)
        structure[0].transform_pos_and_adp(gemmi.Transform(gemmi.Mat33(rotation.tolist()), gemmi.Vec3(*translation.tolist())))
        file = models / f"{Path(path).name.split('.pdb')[0].split('.cif')[0]}{'_' + ''.join(chains) if chains else ''}.cif"
        structure.make_mmcif_document().write_file(str(file))
        if number == gone:
            model = read_model(file)
            nucleic = np.isin(model.atom_names, ["P"]).any()
            kind = "nucleic acid" if nucleic else "protein"
            left, centre, dalton = file.name, here.mean(axis=0), _DALTON_A_RESIDUE[kind] * model.residue_count
            file.unlink()
        elif entry in case["models"]:
            truth[file.name] = here
    add_strangers(models, tuple(case.get("same", ["-"])), strangers)
    return Folder(case, models, truth, left, centre, dalton)


def add_strangers(models: Path, same: tuple[str, ...], count: int) -> None:
    """So many models of the library, none of those whose names begin as those of the sought do."""
    every = [path for path in list_library(needed(DATA / "domain_library")) if not path.name.startswith(same)]
    for number in np.random.default_rng(1).permutation(len(every))[:count]:
        (models / every[number].name).symlink_to(every[number])


def _without(report: Report, made: Folder, out: Path, seed: int) -> None:
    start = time.perf_counter()
    ended = subprocess.run(made.command(out, seed), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if not (out / "composite.json").exists():
        report.rows.append([f"{made.case['name']}, {made.gone}", f"0 of {len(made.truth)}", "0", "", "", f"{seconds:.0f}"])
        report.notes.append(f"{made.case['name']} without {made.gone}: {ended.stderr.strip()[-200:]}")
        return
    document = json.loads((out / "composite.json").read_text(encoding="utf-8"))
    right, wrong = 0, []
    for one in document["placements"]:
        file = Path(one["model"])
        where = made.truth.get(file.name)
        if where is not None:
            points = scorer().xyz(gemmi.read_structure(str(file))) @ np.array(one["rotation"]).T + one["translation"]
            if np.sqrt(((points - where) ** 2).sum(axis=1).mean()) < made.case["tolerance"]:
                right += 1
                continue
        wrong.append(file.name)
    pieces = document["residual"]["pieces"]
    near = min(pieces, key=lambda piece: float(np.linalg.norm(np.array(piece["centre"]) - made.centre)), default=None)
    told = ["none", f"none ({made.dalton / 1000:.1f})"]
    if near is not None:
        off = float(np.linalg.norm(np.array(near["centre"]) - made.centre))
        told = [f"{off:.1f}", f"{near['dalton'] / 1000:.1f} ({made.dalton / 1000:.1f})"]
    report.rows.append([f"{made.case['name']}, {made.gone}", f"{right} of {len(made.truth)}", str(len(wrong)), *told, f"{seconds:.0f}"])
    resembling = [Path(one["model"]).name for one in document["resembling"]]
    if wrong or resembling:
        report.notes.append(
            f"{made.case['name']} without {made.gone}: placed wrongly {', '.join(wrong) or 'nothing'}; named as resembling "
            f"{', '.join(resembling) or 'nothing'}"
        )
    report.raw.append({"case": made.case["name"], "gone": made.gone, "right": right, "wrong": wrong, "pieces": pieces})
    _logger.info("%s without %s: %d right, %d wrong", made.case["name"], made.gone, right, len(wrong))


def _moved(report: Report, folder: Path, seed: int) -> None:
    """Adenylate kinase closed, in the map of the open one, bent."""
    case = json.loads(needed(DATA / "flexible.json").read_text(encoding="utf-8"))[0]
    models, out = folder / "models", folder / "out"
    models.mkdir()
    (models / Path(case["model"]).name).symlink_to(DATA / case["model"])
    add_strangers(models, ("-",), _WITH_MOVED)
    start = time.perf_counter()
    made = Folder(case, models, {}, "", np.zeros(3), 0.0)
    subprocess.run([*made.command(out, seed), "--bend"], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if not (out / "bent.cif").exists():
        report.notes.append("adenylate kinase, closed, in the map of the open one: not found")
        return
    truth = read_model(DATA / case["truth"])
    there = dict(zip(truth.residue_numbers[truth.atom_names == "CA"].tolist(), truth.coordinates[truth.atom_names == "CA"], strict=True))
    off = []
    for name in ("composite.cif", "bent.cif"):
        model = read_model(out / name)
        mine = model.atom_names == "CA"
        pairs = [(x, there[n]) for n, x in zip(model.residue_numbers[mine].tolist(), model.coordinates[mine], strict=True) if n in there]
        off.append(float(np.sqrt(np.mean([((x - y) ** 2).sum() for x, y in pairs]))))
    placed = len(json.loads((out / "composite.json").read_text(encoding="utf-8"))["placements"])
    report.notes.append(
        f"adenylate kinase, closed, among {_WITH_MOVED} strangers in the map of the open one: {placed} placed, {off[0]:.1f} Å (CA) as "
        f"placed, {off[1]:.2f} Å with --bend; {seconds:.0f} s"
    )


def _killed(report: Report, made: Folder, folder: Path, seed: int) -> None:
    calm = folder / "calm"
    start = time.perf_counter()
    subprocess.run(made.command(calm, seed), capture_output=True, check=True)
    rng, deaths, seconds = np.random.default_rng(seed), 0, time.perf_counter() - start
    out, moments = folder / "killed", []
    while True:
        process = subprocess.Popen(
            [*made.command(out, seed), "--resume"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )  # fmt: skip
        if deaths == KILLS:
            break
        try:
            process.wait(seconds * float(rng.uniform(0.05, 0.4)))
            report.notes.append(f"it had ended after {deaths} kills")
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            deaths += 1
            moments.append(sorted(path.name for path in out.glob("screen*.sqlite")))
            _logger.info("%d kills, %s", deaths, moments[-1])
    told = process.communicate()[1]
    first, second = (json.loads((one / "composite.json").read_text(encoding="utf-8")) for one in (calm, out))
    apart = [name for name in first if name not in ("timing", "settings") and first[name] != second[name]]
    same = "the same, bit for bit" if not apart and process.returncode == 0 else f"differs in {', '.join(apart)}: {told[-200:]}"
    report.notes.append(
        f"SRP among 40 strangers, killed {deaths} times ({sum(len(one) > 1 for one in moments)} while what is left was screened): {same}"
    )
