"""Assemblies from folders of predictions, whose domains lie otherwise than in the map: placed whole and by domains, and bent."""

import json
import logging
import subprocess
import tempfile
import time
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
from assembling import Folder, add_strangers
from cases import DATA, needed, scorer
from predicting import as_prediction
from report import Report

STRANGERS = 40
CASES = ("arp23", "secretase")
WAYS = (("--bend",), ("--split", "domain", "--bend"))
_logger = logging.getLogger(__name__)

Trace = dict[int, np.ndarray]
"""Where the CA atom (3,) of each residue is, by its number."""


@dataclass(frozen=True, eq=False)
class Predicted:
    """A folder of predictions among strangers, and where the CA atoms of each belong, by the name of its file; ``turned`` were."""

    folder: Folder
    truth: dict[str, Trace]
    turned: list[str]


def run(options: Namespace) -> Report:
    report = Report(
        "Assemblies from predictions",
        f"`difffit assemble` of a folder of predictions made from the true chains (`predicting.py`: 25° about a hinge, pLDDT and predicted "
        f"errors) among {STRANGERS} strangers, copies and symmetry unknown. A chain is right where its CA atoms, as bent, are within the "
        "case's tolerance of where they belong.",
        ["assembly", "how", "right, as bent", "wrong", "CA RMSD as placed, Å", "as bent, Å", "seconds", "processor seconds"],
    )
    for name in CASES:
        for way in WAYS:
            if options.only and not any(one in f"{name}{''.join(way)}" for one in options.only):
                continue
            with tempfile.TemporaryDirectory() as folder:
                _assembled(report, _made(name, Path(folder), options.seeds[0]), Path(folder) / "out", way, options.seeds[0])
    return report


def _made(name: str, folder: Path, seed: int) -> Predicted:
    case = {one["name"]: one for one in json.loads(needed(DATA / "assemblies.json").read_text(encoding="utf-8"))}[name]
    models = folder / "models"
    models.mkdir()
    rng = np.random.default_rng([seed, *name.encode()])
    truth: dict[str, Trace] = {}
    turned = []
    for entry in case["models"]:
        path, chains = (entry, None) if isinstance(entry, str) else (entry["model"], entry.get("chains"))
        structure = scorer().load_chains(DATA / path, chains)
        here = _trace(structure[0][0])
        rotation, translation = scorer().random_transform(rng)
        structure[0].transform_pos_and_adp(gemmi.Transform(gemmi.Mat33(rotation.tolist()), gemmi.Vec3(*translation.tolist())))
        file, hinge = as_prediction(structure, models, name.upper() + structure[0][0].name, rng)
        truth[file.name] = here
        turned += [structure[0][0].name] if hinge is not None else []
    add_strangers(models, tuple(case.get("same", ["-"])), STRANGERS)
    return Predicted(Folder(case, models, {}, "", np.zeros(3), 0.0), truth, turned)


def _assembled(report: Report, made: Predicted, out: Path, way: tuple[str, ...], seed: int) -> None:
    case = made.folder.case
    start, before = time.perf_counter(), _processor_seconds()
    ended = subprocess.run([*made.folder.command(out, seed), *way], capture_output=True, text=True, check=False)
    seconds, used = time.perf_counter() - start, _processor_seconds() - before
    if not (out / "composite.json").exists():
        report.notes.append(f"{case['name']} {' '.join(way)}: {ended.stderr.strip()[-200:]}")
        return
    document = json.loads((out / "composite.json").read_text(encoding="utf-8"))
    placed = _off(out / "composite.cif", document, made.truth)
    bent = _off(out / "bent.cif", document, made.truth) if (out / "bent.cif").exists() else placed
    right = {file for (file, _), off in bent.items() if off < case["tolerance"]}
    wrong = [f"{chain} ({Path(file).name}, {off:.1f} Å)" for (file, chain), off in bent.items() if off >= case["tolerance"]]
    report.rows.append(
        [
            case["name"], " ".join(way), f"{len(right)} of {len(made.truth)}", str(len(bent) - len(right)),
            _range(placed), _range(bent), f"{seconds:.0f}", f"{used:.0f}",
        ]
    )  # fmt: skip
    apart = ", ".join(f"{chain} {placed[key]:.1f} → {bent[key]:.2f}" for key in sorted(bent, key=lambda one: one[1]) for chain in key[1:])
    missing = [file for file in made.truth if not any(file == other for other, _ in bent)]
    told = {Path(one["model"]).name: one["why"] for one in [*document["dropped"], *document["resembling"]]}
    why = "".join(f"; {file}: {told.get(file, 'does not stand out')}" for file in missing)
    report.notes.append(
        f"{case['name']} {' '.join(way)}: turned {', '.join(made.turned)}; {apart}; {len(document['placements'])} pieces placed"
        f"{why}{'; wrong: ' + ', '.join(wrong) if wrong else ''}"
    )
    report.raw.append({"case": case["name"], "how": " ".join(way), "right": len(right), "wrong": wrong, "notes": document["notes"]})
    _logger.info("%s", report.notes[-1])


def _off(file: Path, document: dict[str, Any], truth: dict[str, Trace]) -> dict[tuple[str, str], float]:
    """CA RMSD in Å of each chain of an assembly to where it belongs, by file of the model and name of the chain; inf for strangers."""
    chains = {chain.name: _trace(chain) for chain in gemmi.read_structure(str(file))[0]}
    found = {}
    for one in document["placements"]:
        model = Path(one["model"]).name
        for name in one["chains"].values():
            there, here = truth.get(model, {}), chains[name]
            off = [((here[number] - there[number]) ** 2).sum() for number in here if number in there]
            found[model, name] = float(np.sqrt(np.mean(off))) if off else float("inf")
    return found


def _trace(chain: gemmi.Chain) -> Trace:
    found = {residue.seqid.num: residue.find_atom("CA", "*") for residue in chain}
    return {number: np.array(atom.pos.tolist()) for number, atom in found.items() if atom}


def _range(off: dict[tuple[str, str], float]) -> str:
    return f"{min(off.values()):.2f}–{max(off.values()):.2f}" if off else ""


def _processor_seconds() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
