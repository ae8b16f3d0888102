"""Whole fits of the shipped example on CPU and device, from the same seed."""

import numpy as np
from example import EXAMPLE, MAP, MODEL, RESOLUTION
from part import Part
from report import spread

from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.target import Target

LEVEL, CHAINS = 0.4, ("D", "E")
_QUICK = {"paper": {"starts": 60, "steps": 20, "search_atoms": 300}, "balanced": {"starts": 300, "steps": 30, "candidates": 30}}
_RIGHT_A = 1.0
"""From the truth, of the balanced preset, which comes to some 0.1 Å."""


def run(part: Part, device: str, quick: bool) -> None:
    repeats = 1 if quick else 3
    part.begin(
        "Fits on CPU and GPU",
        f"Chains {' and '.join(CHAINS)} of the shipped example in its map, seed 0; seconds of the search (climb: of that, climbing and "
        f"scoring), each the median of {repeats} after one that warms up. RMSD of the best placement to the truth; apart: between the best "
        "placements of CPU and device.",
        ["preset, device", "search, s", "climb, s", "times the CPU", "RMSD, Å", "apart, Å"],
    )
    density_map = read_map(MAP)
    model, truth = (read_model(path).select_chains(CHAINS) for path in (MODEL, EXAMPLE / "1bd2.pdb.gz"))
    for preset in ("paper", "balanced"):
        settings = FitSettings.preset(preset, **(_QUICK[preset] if quick else {}))
        first: tuple[float, np.ndarray] | None = None
        for where in dict.fromkeys(("cpu", device)):
            request = FitRequest(Target(density_map, RESOLUTION, LEVEL), model, settings, 0, device=where)
            run_fit(request)
            results = [run_fit(request) for _ in range(repeats)]
            seconds = [result.timing["search_s"] for result in results]
            placed = _placed(results[-1], model.fit_coordinates)
            first = first or (float(np.median(seconds)), placed)
            off = _rmsd(placed, truth.fit_coordinates)
            part.add(
                f"{preset}, {results[-1].device}", spread(seconds), spread([result.timing["climb_s"] for result in results]),
                f"{first[0] / np.median(seconds):.3g}", f"{off:.3f}", f"{_rmsd(placed, first[1]):.3f}",
            )  # fmt: skip
            if results[-1].device != where:
                part.fault(f"{preset} was asked for on {where} and computed on {results[-1].device}")
            if preset == "balanced" and not quick and not off < _RIGHT_A:
                part.fault(f"{preset} on {where} ended {off:.2f} Å from the truth, more than {_RIGHT_A:g} Å")


def _placed(result: FitResult, coordinates: np.ndarray) -> np.ndarray:
    if not result.placements:
        return np.full_like(coordinates, np.nan)
    return result.placements[0].pose.apply(coordinates)


def _rmsd(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.sum((one - other) ** 2, axis=1))))
