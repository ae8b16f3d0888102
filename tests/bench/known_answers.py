"""Every map and model with a known answer: is the best placement the right one, how far off, after how long."""

import logging
from argparse import Namespace

import numpy as np
from cases import DATA, descriptions, load
from report import Report, spread

from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings

SHARP = 7.0
"""Å: the mean error is told of the maps that are better than this."""
_logger = logging.getLogger(__name__)


def run(options: Namespace) -> Report:
    settings = FitSettings.preset(options.preset)
    report = Report(
        f"Known answers, {options.preset}",
        f"Models turned and shifted at random, fitted at the given level, seeds {', '.join(map(str, options.seeds))}: solved where the "
        "best placement lies within the case's tolerance (3 Å and 6°, if not said otherwise) of the truth or a symmetry copy of it.",
        ["case", "solved", "RMSD, Å", "search, s", "p-value"],
    )
    cases = [case for case in descriptions(DATA / "cases.json") if not options.only or any(name in case["name"] for name in options.only)]
    if cases:
        warm = load(cases[0], DATA, options.seeds[0])
        run_fit(warm.request(settings, options.seeds[0]))
    for description in cases:
        rows = [_fit(description, seed, settings) for seed in options.seeds]
        report.raw += rows
        report.rows.append(
            [
                description["name"],
                f"{sum(row['solved'] for row in rows)} of {len(rows)}",
                spread([row["rmsd"] for row in rows]),
                spread([row["search_s"] for row in rows]),
                spread([row["p_value"] for row in rows], 1),
            ]
        )
        _logger.info("%s", "  ".join(report.rows[-1]))
    if report.raw:
        _summarise(report)
    return report


def _fit(description: dict, seed: int, settings: FitSettings) -> dict:
    case = load(description, DATA, seed)
    result = run_fit(case.request(settings, seed))
    errors = case.truth.of(result.placements)
    return {
        "name": case.name,
        "seed": seed,
        "resolution": case.resolution,
        "solved": bool(case.truth.solved(errors)[0]),
        "rmsd": float(errors.rmsd[0]),
        "search_s": result.timing["search_s"],
        "p_value": result.placements[0].p_value,
    }


def _summarise(report: Report) -> None:
    solved = sum(bool(row["solved"]) for row in report.raw)
    sharp = [row["rmsd"] for row in report.raw if row["solved"] and row["resolution"] < SHARP]
    report.notes.append(f"Solved: {solved} of {len(report.raw)}.")
    if sharp:
        report.notes.append(f"Mean RMSD of the {len(sharp)} solved that are better than {SHARP:g} Å: {np.mean(sharp):.3f} Å.")
    report.notes.append(f"Search: {spread([row['search_s'] for row in report.raw])} s; a median of 4 s is asked for.")
