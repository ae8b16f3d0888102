"""What the label "significant" is worth: wrong models in real maps, and how many of them get it."""

import logging
from argparse import Namespace
from typing import Any

import numpy as np
from cases import DATA, descriptions, load, needed
from report import Report

from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.models import read_model
from difffit_core.target import Target

_logger = logging.getLogger(__name__)
_QUANTILES = (0.01, 0.05, 0.25, 0.5)


def run(options: Namespace) -> Report:
    """Fit every n-th model of the library, another seed others, into each map of the cases, and the right models too."""
    settings, seed = FitSettings.preset(options.preset), options.seeds[0]
    files = sorted(needed(DATA / "domain_library").glob("*.gz"))
    step = max(1, len(files) // options.models)
    decoys = [read_model(file) for file in files[seed % step :: step][: options.models]]
    report = Report(
        "False positives",
        f"{len(decoys)} models that do not belong there, fitted into each map ({options.preset}): how often the best placement is called "
        f"significant (p < {SIGNIFICANT}), and quantiles of its p-value. A right label would err in {SIGNIFICANT:.0%}, and its quantiles "
        "would be their own names.",
        ["map", "fits", "significant", *(f"q{quantile:g}" for quantile in _QUANTILES), "z median", "highest z", "right models: p (z)"],
    )
    for (path, resolution, level), owners in _maps(options.only).items():
        cases = [load(owner, DATA, seed) for owner in owners]
        name = path.rpartition("/")[2]
        wrong = [
            _fit(name, FitRequest(Target(cases[0].density_map, resolution, level), model, settings, seed, device="cpu")) for model in decoys
        ]
        right = [_fit(name, case.request(settings, seed)) | {"model": case.name, "right": True} for case in cases]
        report.raw += wrong + right
        report.rows.append([name, *_row(wrong), ", ".join(f"{row['p']:.1g} ({row['z']:.1f})" for row in right)])
        for row in wrong:
            if row["p"] < SIGNIFICANT:
                copies = sum(original == 1 for original in row["copy_of"])
                highest = f"z {row['z']:.1f}, correlation {row['correlations'][0]:.3f}, {copies} copies"
                report.notes.append(f"{name}: {row['model']} with p {row['p']:.2g}, {highest}")
        _logger.info("%s", "  ".join(report.rows[-1]))
    if report.raw:
        report.rows.append(["all", *_row([row for row in report.raw if not row["right"]]), ""])
    return report


def _fit(map_name: str, request: FitRequest) -> dict[str, Any]:
    """The best placement's figures, and the correlations of all, from which other measures of significance can be tried."""
    placements = run_fit(request).placements
    return {
        "map": map_name,
        "resolution": request.resolution,
        "model": request.model.name,
        "atoms": len(request.model.fit_coordinates),
        "right": False,
        "p": placements[0].p_value,
        "z": placements[0].z_score,
        "correlations": [round(one.metrics.local_correlation, 5) for one in placements],
        "copy_of": [one.copy_of for one in placements],
    }


def _row(wrong: list[dict[str, Any]]) -> list[str]:
    p, z = (np.array([row[name] for row in wrong]) for name in "pz")
    positive = int((p < SIGNIFICANT).sum())
    quantiles = (f"{np.quantile(p, quantile):.2g}" for quantile in _QUANTILES)
    return [str(len(wrong)), f"{positive} ({positive / len(wrong):.1%})", *quantiles, f"{np.median(z):.2f}", f"{z.max():.2f}"]


def _maps(only: list[str]) -> dict[tuple[str, float, float], list[dict[str, Any]]]:
    """The distinct maps, by path, resolution and level, with the cases that are theirs."""
    found: dict[tuple[str, float, float], list[dict[str, Any]]] = {}
    for case in descriptions(DATA / "cases.json"):
        if not only or any(name in case["name"] for name in only):
            found.setdefault((case["map"], case["resolution"], case["level"]), []).append(case)
    return found
