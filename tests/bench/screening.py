"""Screening of a library: the winners, what else gets called significant, what the label is worth, and how fast it goes."""

import logging
import tempfile
import time
from argparse import Namespace
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import psutil
from cases import DATA, descriptions, load, needed
from report import Report, spread

from difffit_core.density_map import DensityMap
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model, write_model
from difffit_core.screen.listing import list_library
from difffit_core.screen.outcome import Pass
from difffit_core.screen.ranking import SIGNIFICANT, Ranking, rank
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.rows import ScreenRow
from difffit_core.screen.run import open_screen, run_screen
from difffit_core.screen.trial import Screener
from difffit_core.screen.workers import LocalProcesses, default_jobs
from difffit_core.target import Target

SAME_FOLD = {
    "emd30342_A": {"3sn6_B": "seven-bladed β-propeller, as the integrin's head", "5fxy_A": "β-propeller", "5h64_C": "β-propeller"},
    "actin": {"1tyq_A": "Arp3, an actin-related protein"},
}
"""Models of the library that have the fold of a target."""
_PAPER_MODELS = 12
_THRESHOLDS = (0.001, 0.01, 0.05, 0.1, 0.5)
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class _Target:
    name: str
    density_map: DensityMap
    resolution: float
    level: float
    truth: tuple[str, ...]
    library: tuple[Path, ...]


def run(options: Namespace) -> Report:
    settings = FitSettings.preset(options.preset)
    report = Report(
        f"Screening, {options.preset}",
        "The library of 308 unrelated chains, with the three models of the demo or the true chain among it, against each map, seeds "
        f"{', '.join(map(str, options.seeds))}; significant is q < {SIGNIFICANT:g}. Without the truth, the same rows are ranked again "
        "with the truth taken out. Models with the fold of the target are told apart.",
        ["map", "ranks of the truth", "significant", "without the truth", "searched in full", "models a minute", "CPU s a model"],
    )
    wrong: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for target in _targets(Path(folder)):
            if options.only and not any(name in target.name for name in options.only):
                continue
            for seed in options.seeds:
                wrong += _screen(report, target, settings, seed, Path(folder))
        if not options.only or any(name in "demo" for name in options.only):
            _against_paper(report)
    if wrong:
        p = np.array(wrong)
        shares = ", ".join(f"{(p < threshold).mean():.2%} below {threshold:g}" for threshold in _THRESHOLDS)
        report.notes.append(f"p-values of {len(p)} screened models that do not belong and have not the target's fold: {shares}.")
    return report


def _targets(folder: Path) -> list[_Target]:
    library = list_library(needed(DATA / "domain_library"))
    demo = needed(DATA / "difffit_demo")
    winners = ("I7MLV6_D3", "I7M317_D1")
    targets = [_Target("demo", read_map(demo / "density2.mrc"), 4.0, 0.886, winners, (*library, *sorted(demo.glob("*.pdb"))))]
    cases = {one["name"]: one for one in descriptions(DATA / "cases.json")}
    for name in ("mitoribosome_9", "emd30342_A", "apoferritin", "actin"):
        case = load(cases[name], DATA, 0)
        write_model(folder / f"truth_{name}.cif", case.model)
        own = (*library, folder / f"truth_{name}.cif")
        targets.append(_Target(name, case.density_map, case.resolution, case.level, (f"truth_{name}",), own))
    return targets


def _screen(report: Report, target: _Target, settings: FitSettings, seed: int, folder: Path) -> list[float]:
    """Add a row, and return the p-values of the models that do not belong."""
    request = ScreenRequest(Target(target.density_map, target.resolution, target.level), settings, seed=seed, device="cpu")
    workers = LocalProcesses(request, default_jobs("cpu"))
    start, used = time.perf_counter(), psutil.Process().cpu_times()
    try:
        with open_screen(folder / f"{target.name}_{seed}.sqlite", request, target.library, resume=False) as store:
            run_screen(store, workers, request.promising)
            took, rows = time.perf_counter() - start, store.rows()
    finally:
        workers.close()
    now = psutil.Process().cpu_times()
    cpu = sum(getattr(now, kind) - getattr(used, kind) for kind in ("children_user", "children_system"))
    ranking = rank(rows)
    ranks = {row.name: i + 1 for i, row in enumerate(ranking.rows)}
    left = rank([row for row in rows if row.name not in target.truth])
    full = sum(row.work == Pass.FULL for row in rows)
    line = [
        f"{target.name}, seed {seed}", ", ".join(str(ranks[name]) for name in target.truth), _significant(ranking, target),
        _significant(left, target), f"{full} ({full / len(rows):.1%})", f"{60 * len(rows) / took:.0f}", f"{cpu / len(rows):.2f}",
    ]  # fmt: skip
    report.rows.append(line)
    report.raw += [_raw(target.name, seed, row, ranking, i) for i, row in enumerate(ranking.rows)]
    _logger.info("%s", "  ".join(line))
    strange = set(target.truth) | SAME_FOLD.get(target.name, {}).keys()
    return [float(p) for row, p in zip(ranking.rows, ranking.p_values, strict=True) if row.name not in strange]


def _significant(ranking: Ranking, target: _Target) -> str:
    similar = SAME_FOLD.get(target.name, {})
    names = [row.name for row, yes in zip(ranking.rows, ranking.significant, strict=True) if yes]
    return ", ".join(f"{name} ({similar[name]})" if name in similar else name for name in names) or "none"


def _raw(name: str, seed: int, row: ScreenRow, ranking: Ranking, i: int) -> dict[str, object]:
    scores = {"z": float(ranking.z_scores[i]), "score": float(ranking.scores[i]), "p": float(ranking.p_values[i])}
    return {"map": name, "seed": seed, "model": row.name, "elements": row.elements, "work": row.work, **scores}


def _against_paper(report: Report) -> None:
    """The time of the paper's preset for a model, on all cores, beside that of the screen for the same model and in all.

    For all models that would take a quarter of an hour; of each twelfth of them by size one is drawn.
    """
    demo = DATA / "difffit_demo"
    density_map = read_map(demo / "density2.mrc")
    paths = sorted((*list_library(DATA / "domain_library"), *sorted(demo.glob("*.pdb"))), key=lambda path: (_size(path), path))
    rng = np.random.default_rng(0)
    models = [read_model(part[rng.integers(len(part))]) for part in np.array_split(np.array(paths, object), _PAPER_MODELS)]
    request = ScreenRequest(Target(density_map, 4.0, 0.886), device="cpu")
    screener = Screener(request)
    paper = FitRequest(Target(density_map, 4.0, 0.886), models[0], FitSettings.preset("paper"), device="cpu")
    for work in Pass:
        screener.search(models[0], work)
    run_fit(paper)
    seconds = {name: [] for name in ("paper", *Pass)}
    for model in models:
        seconds["paper"].append(run_fit(replace(paper, model=model)).timing["search_s"])
        for work in Pass:
            start = time.perf_counter()
            screener.search(model, work)
            seconds[work].append(time.perf_counter() - start)
    first, full = (np.array(seconds["paper"]) / np.array(seconds[work]) for work in Pass)
    report.notes.append(
        f"The paper's preset takes {spread(seconds['paper'])} s a model on the demo density on all cores (a sample of {len(models)} of "
        f"the {len(paths)} models: of each {len(models)}th of them by size one, drawn with seed 0). In the same process the screen's first "
        f"pass takes {spread(seconds[Pass.FIRST])} s for the same models, model by model {spread(first.tolist())} times as fast, and the "
        f"full search that the promising get {spread(seconds[Pass.FULL])} s, {spread(full.tolist())} times as fast."
    )
    rates = [float(row[-2]) for row in report.rows if row[0].startswith("demo")]
    if rates:
        report.notes.append(
            f"The whole screen of the demo density tries {spread(rates)} models a minute, reading, starting of processes and full searches "
            f"included: {np.median(seconds['paper']) * np.median(rates) / 60:.1f} times as many as the paper's preset at its median."
        )


def _size(path: Path) -> int:
    return len(read_model(path).fit_coordinates)
