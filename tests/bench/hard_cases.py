"""Harder cases made of the known ones (pieces of chains in whole maps, smoothed maps, noise), and why those that are missed are missed."""

import logging
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections import Counter
from pathlib import Path

import numpy as np
from cases import DATA, SHARED, descriptions, load, needed
from diagnosis import explain
from report import Report, spread

from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings

_logger = logging.getLogger(__name__)


def run(options: Namespace) -> Report:
    settings = FitSettings.preset(options.preset)
    low, lower = options.lowpass
    report = Report(
        f"Hard cases, pieces of {options.piece}, {options.preset}",
        f"Pieces of about {options.piece} residues in the whole map, maps smoothed to {low:g} and {lower:g} Å, noise of {options.noise:g} "
        f"spreads of the density; seeds {', '.join(map(str, options.seeds))}. Solved: the best placement within 3 Å and 6° of the truth. "
        "Near in what follows is within 6 Å and 15°.",
        ["kind", "solved", "median RMSD, Å", "search, s"],
    )
    with tempfile.TemporaryDirectory() as folder:
        for description in _derive(Path(folder), options):
            if not options.only or any(name in description["name"] for name in options.only):
                report.raw += [_fit(description, Path(folder), seed, settings) for seed in options.seeds]
    _summarise(report)
    return report


def _derive(folder: Path, options: Namespace) -> list[dict]:
    script = needed(SHARED / "benchmark" / "derive_cases.py")
    arguments = ["--piece", str(options.piece), "--lowpass", *(f"{one:g}" for one in options.lowpass), "--noise", f"{options.noise:g}"]
    command = [sys.executable, script, needed(DATA / "cases.json"), folder, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return descriptions(folder / "cases.json")


def _fit(description: dict, root: Path, seed: int, settings: FitSettings) -> dict:
    case = load(description, root, seed)
    request = case.request(settings, seed)
    result = run_fit(request)
    errors = case.truth.of(result.placements)
    solved = bool(case.truth.solved(errors)[0])
    row = {
        "name": case.name,
        "seed": seed,
        "kind": " ".join(description["tags"]),
        "solved": solved,
        "rmsd": float(errors.rmsd[0]),
        "search_s": result.timing["search_s"],
        "p_value": result.placements[0].p_value,
    }
    if not solved:
        miss = explain(case, request, result)
        row |= {"miss": miss.kind, "detail": miss.detail}
        _logger.info("%s, seed %d: %s: %s", case.name, seed, miss.kind, miss.detail)
    return row


def _summarise(report: Report) -> None:
    kinds = dict.fromkeys(row["kind"] for row in report.raw)
    for kind in kinds:
        report.rows.append(_row(str(kind), [row for row in report.raw if row["kind"] == kind]))
    report.rows.append(_row("all", report.raw))
    misses = [row for row in report.raw if not row["solved"]]
    if misses:
        counts = Counter(str(row["miss"]) for row in misses)
        report.notes.append("Misses: " + ", ".join(f"{count} {kind}" for kind, count in counts.most_common()) + ".")
    for row in misses:
        report.notes.append(f"{row['name']}, seed {row['seed']}: {row['miss']} ({row['detail']}; p {row['p_value']:.2g})")


def _row(kind: str, rows: list[dict]) -> list[str]:
    solved = [row["rmsd"] for row in rows if row["solved"]]
    error = f"{np.median(solved):.2f}" if solved else ""
    return [kind, f"{len(solved)} of {len(rows)}", error, spread([row["search_s"] for row in rows]) if rows else ""]
