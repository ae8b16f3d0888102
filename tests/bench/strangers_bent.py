"""Models that do not belong in a map, placed there by force and bent: how many become significant by it."""

import logging
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from cases import DATA, needed
from report import Report

from difffit_core.atomic_model import AtomicModel
from difffit_core.contour import mass, suggest_level
from difffit_core.errors import UserError
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.pose import Pose
from difffit_core.refine.request import RefineRequest
from difffit_core.refine.run import run_refine
from difffit_core.refine.settings import RefineSettings
from difffit_core.target import Target

MAPS = (
    ("secretase_5fn5/5fn5_box.ccp4", 4.3),
    ("emd30342_7cec/390_emd_30342_A_z4.mrc", 3.9),
    ("mitoribosome_emd2566/2566_3J6B_9.mrc", 3.2),
    ("actin_emd5168/emd_5168.map", 6.6),
    ("adenylate_kinase/4ake_t_s2.mrc", 5.0),
)
_NOT_STRANGE = ("1BD2", "1ake", "4ake")
_logger = logging.getLogger(__name__)


def run(options: Namespace) -> Report:
    """Place every model where the fast search finds it best, bend it from there, and judge it in place before and after."""
    seed = options.seeds[0]
    maps = [(read_map(needed(DATA / name)), resolution) for name, resolution in MAPS]
    files = [one for one in sorted(needed(DATA / "domain_library").glob("*.gz")) if not one.name.startswith(_NOT_STRANGE)]
    chosen = [files[k] for k in np.random.default_rng([seed, 9]).permutation(len(files))[: options.models]]
    report = Report(
        "Strangers bent",
        f"{len(chosen)} models of the library, each placed in one of {len(maps)} maps where it does not belong, and bent from there "
        f"(`--start here`): how many are significant (p < {SIGNIFICANT}) there as one body, and how many after.",
        ["map", "models", "significant before", "after", "became so", "moved, Å, at most"],
    )
    for number, file in enumerate(chosen):
        density, resolution = maps[number % len(maps)]
        try:
            row = _bent(file, Target(density, resolution, suggest_level(density, mass(model := read_model(file))).level), model, number)
        except UserError as error:
            report.notes.append(f"{file.name}: {error}")
            continue
        report.raw.append(row)
        _logger.info("%d  %s", number, row)
    for name in (*[Path(name).name for name, _ in MAPS], "all"):
        rows = [row for row in report.raw if name in (row["map"], "all")]
        before, after = (np.array([row[when] < SIGNIFICANT for row in rows], bool) for when in ("before", "after"))
        counts = (len(rows), before.sum(), after.sum(), (after & ~before).sum())
        report.rows.append([name, *map(str, counts), f"{max((row['moved'] for row in rows), default=0):.2f}"])
    return report


def _bent(file: Path, target: Target, model: AtomicModel, seed: int) -> dict[str, Any]:
    best = run_fit(FitRequest(target, model, FitSettings.preset("fast"), seed, "cpu"), thorough=False).placements[0]
    placed = replace(model, coordinates=best.pose.apply(model.coordinates), structure=None)
    result = run_refine(RefineRequest(target, placed, RefineSettings(start="here"), seed=seed))
    before = _p_in_place(target, placed, seed)
    after = before if result.rmsd_moved == 0 else _p_in_place(target, replace(placed, coordinates=result.coordinates), seed)
    name = target.density_map.path.name if target.density_map.path else target.density_map.name
    return {"map": name, "model": file.name, "before": before, "after": after, "moved": round(result.rmsd_moved, 2)}


def _p_in_place(target: Target, model: AtomicModel, seed: int) -> float:
    return run_fit(FitRequest(target, model, FitSettings(), seed, "cpu", start=Pose.identity()), thorough=False).placements[0].p_value
