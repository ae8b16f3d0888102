"""What the label "significant" is worth: wrong models in real maps, and how many of them get it."""

import logging
from argparse import Namespace
from dataclasses import dataclass

import numpy as np
from cases import DATA, descriptions, load, needed
from report import Report

from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.significance import SIGNIFICANT
from difffit_core.io.models import read_model

_logger = logging.getLogger(__name__)
_QUANTILES = (0.01, 0.05, 0.25, 0.5)


@dataclass(frozen=True)
class Judged:
    """The best placement of one fit."""

    name: str
    p_value: float
    z_score: float
    correlation: float


def run(options: Namespace) -> Report:
    """Fit every n-th model of the library into each map of the cases, and the right models too."""
    settings = FitSettings.preset(options.preset)
    files = sorted(needed(DATA / "domain_library").glob("*.gz"))
    decoys = [read_model(file) for file in files[:: max(1, len(files) // options.models)][: options.models]]
    report = Report(
        "False positives",
        f"{len(decoys)} models that do not belong there, fitted into each map ({options.preset}): how often the best placement is called "
        f"significant (p < {SIGNIFICANT}), and quantiles of its p-value. A right label would err in {SIGNIFICANT:.0%}, and its quantiles "
        "would be their own names.",
        ["map", "fits", "significant", *(f"q{quantile:g}" for quantile in _QUANTILES), "z median", "highest z", "right models: p"],
    )
    everything: list[Judged] = []
    for (path, resolution, level), owners in _maps(options.only).items():
        density_map = load(owners[0], DATA, 0).density_map
        wrong = []
        for model in decoys:
            result = run_fit(FitRequest(density_map, model, resolution, level, settings, options.seeds[0], device="cpu"))
            best = result.placements[0]
            wrong.append(Judged(model.name, best.p_value, best.z_score, best.metrics.local_correlation))
            report.raw.append(
                {
                    "map": path, "resolution": resolution, "model": model.name, "right": False, "p": best.p_value, "z": best.z_score,
                    "correlations": [round(p.metrics.local_correlation, 5) for p in result.placements],
                    "copy_of": [p.copy_of for p in result.placements], "atoms": int(model.in_fit.sum()),
                }
            )  # fmt: skip
        right = []
        for owner in owners:
            case = load(owner, DATA, options.seeds[0])
            result = run_fit(case.request(settings, options.seeds[0]))
            right.append(result.placements[0].p_value)
            report.raw.append(
                {
                    "map": path, "resolution": resolution, "model": owner["name"], "right": True, "p": right[-1],
                    "z": result.placements[0].z_score, "correlations": [round(p.metrics.local_correlation, 5) for p in result.placements],
                    "copy_of": [p.copy_of for p in result.placements], "atoms": int(case.model.in_fit.sum()),
                }
            )  # fmt: skip
        everything += wrong
        name = path.rpartition("/")[2]
        report.rows.append([name, *_row(wrong), ", ".join(f"{p:.1g}" for p in right)])
        significant = [one for one in wrong if one.p_value < SIGNIFICANT]
        for one in significant:
            report.notes.append(f"{name}: {one.name} with p {one.p_value:.2g}, z {one.z_score:.1f}, correlation {one.correlation:.3f}")
        _logger.info("%s", "  ".join(report.rows[-1]))
    report.rows.append(["all", *_row(everything), ""])
    return report


def _row(wrong: list[Judged]) -> list[str]:
    p, z = np.array([one.p_value for one in wrong]), np.array([one.z_score for one in wrong])
    positive = int((p < SIGNIFICANT).sum())
    return [
        str(len(wrong)),
        f"{positive} ({positive / len(wrong):.1%})",
        *(f"{np.quantile(p, quantile):.2g}" for quantile in _QUANTILES),
        f"{np.median(z):.2f}",
        f"{z.max():.2f}",
    ]


def _maps(only: list[str]) -> dict[tuple[str, float, float], list[dict]]:
    """The distinct maps with the cases that are theirs."""
    found: dict[tuple[str, float, float], list[dict]] = {}
    for case in descriptions(DATA / "cases.json"):
        if not only or any(name in case["name"] for name in only):
            found.setdefault((case["map"], case["resolution"], case["level"]), []).append(case)
    return found
