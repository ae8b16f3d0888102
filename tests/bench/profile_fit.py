"""Where the time of a fit goes, from the files that are read to those that are written."""

import logging
import tempfile
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cases import DATA, descriptions, needed
from paper_preset import LEVEL, RESOLUTION
from report import Report
from stopwatch import PARTS, REST, watched

from difffit_core.cli.outputs import write_results
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.provenance import provenance
from difffit_core.target import Target

CASES = ("secretase_D", "apoferritin")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Input:
    name: str
    map_file: Path
    model_file: Path
    chains: Sequence[str] | None
    resolution: float
    level: float

    def fit(self, preset: str, seed: int) -> Counter[str]:
        """Seconds by part."""
        with tempfile.TemporaryDirectory() as folder, watched() as seconds:
            density_map, model = read_map(self.map_file), read_model(self.model_file)
            if self.chains:
                model = model.select_chains(self.chains)
            settings = FitSettings.preset(preset)
            request = FitRequest(Target(density_map, self.resolution, self.level), model, settings, seed, device="cpu")
            result = run_fit(request)
            recipe = FitRecipe.of(request, map=str(request.density_map.path), model=str(request.model.path), device="cpu")
            origin = provenance(recipe, device=result.device, command=recipe.command())
            write_results(
                Path(folder), request, result, timing=result.timing, details={}, command="", evidence=(), save=5, provenance=origin
            )
        return seconds


def run(options: Namespace) -> Report:
    inputs = _inputs()
    report = Report(
        f"Where the time goes, {options.preset}",
        "Fits of models as they stand in their files, from reading to the written folder, code compiled before; looked at a thousand times "
        f"a second. Seconds and share of the whole, the medians of {options.repeats}.",
        ["part", *(f"{one.name}, {unit}" for one in inputs for unit in ("s", "%"))],
    )
    columns = []
    for one in inputs:
        one.fit(options.preset, options.seeds[0])
        runs = [one.fit(options.preset, options.seeds[0]) for _ in range(options.repeats)]
        report.raw.append({"case": one.name, "seconds": [dict(seconds) for seconds in runs]})
        columns.append(runs)
        _logger.info("%s: %.2f s", one.name, np.median([seconds.total() for seconds in runs]))
    for part in (*dict.fromkeys(PARTS.values()), REST):
        report.rows.append([part, *(cell for runs in columns for cell in _cells(runs, [part]))])
    report.rows.append(["in all", *(cell for runs in columns for cell in _cells(runs, None))])
    climbs = [part for part in dict.fromkeys(PARTS.values()) if part.startswith("climbs")]
    outside = [100 - float(_cells(runs, climbs)[1]) for runs in columns]
    named = ", ".join(f"{share:.0f} % of {one.name}" for share, one in zip(outside, inputs, strict=True))
    report.notes.append(f"Not climbing: {named}.")
    return report


def _cells(runs: list[Counter[str]], parts: list[str] | None) -> tuple[str, str]:
    """Median seconds and per cent of some parts, or of all."""
    seconds = [one.total() if parts is None else sum(one[part] for part in parts) for one in runs]
    shares = [100 * part / one.total() for part, one in zip(seconds, runs, strict=True)]
    return f"{np.median(seconds):.3f}", f"{np.median(shares):.1f}"


def _inputs() -> list[_Input]:
    known = {case["name"]: case for case in descriptions(DATA / "cases.json")}
    chosen = [known[name] for name in CASES]
    demo = needed(DATA / "difffit_demo")
    return [
        *(
            _Input(case["name"], DATA / case["map"], DATA / case["model"], case["chains"], case["resolution"], case["level"])
            for case in chosen
        ),
        _Input("demo", demo / "density2.mrc", demo / "I7MLV6_D3.pdb", None, RESOLUTION, LEVEL),
    ]
