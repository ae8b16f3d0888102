"""The paper's tables 1 and 3, measured here: each map and model fetched, fitted from random starts several times, and judged."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from difffit_core.errors import UserError
from difffit_core.fetch.accession import Accession, Archive
from difffit_core.fetch.run import FetchOptions, fetch_entries
from difffit_core.fetch.sources import access_from
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.files import atomic_write
from difffit_core.io.json_text import read_json
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.io.regular import read_text
from difffit_core.placement import Placement
from difffit_core.target import Target

NEAR_A, NEAR_DEG = 3.0, 6.0
"""Within which of the deposited place the paper counts a hit."""


@dataclass(frozen=True)
class Run:
    """One fit: of which entry, with which seed, on which device; hits in the cluster at the truth, seconds, and RMSD in Å of the best."""

    pdb: str
    seed: int
    device: str
    preset: str
    hits: int
    starts: int
    seconds: float
    rmsd: float
    rank: int | None


def read_table(path: Path | None = None) -> list[dict[str, Any]]:
    """Rows of the paper's table, or of another file like it.

    Raises
    ------
    UserError
        If that cannot be read.
    """
    try:
        text = read_text(path, what="a table") if path else files("difffit_core.benchmark").joinpath("paper.json").read_text("utf-8")
        rows = [row for row in read_json(text) if "pdb" in row]
        return [row for row in rows if isinstance(row["emdb"], int) and row["resolution"] > 0 and np.isfinite(row["level"])]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path}: must be a table as difffit_core/benchmark/paper.json, got: {error}") from error


def fetch_case(row: Mapping[str, Any]) -> tuple[Path, Path]:
    """The map and the model of a row, in the cache.

    Raises
    ------
    UserError
        If one of them cannot be had.
    """
    wanted = [Accession(Archive.EMDB, f"EMD-{row['emdb']}"), Accession(Archive.PDB, str(row["pdb"]).upper())]
    found = fetch_entries(wanted, None, access_from(), FetchOptions(half_maps=False))
    if found.failures:
        raise UserError(f"{row['pdb']}: {'; '.join(told for _, told in found.failures)}")
    by_kind = {file.kind: file.path for file in found.files}
    return by_kind["map"], by_kind["entry"]


def measure(row: Mapping[str, Any], map_path: Path, model_path: Path, seed: int, preset: str, device: str) -> Run:
    """One fit with the paper's level and resolution; the deposited place is the truth, and so is a symmetric copy of it."""
    density_map, model = read_map(map_path), read_model(model_path)
    settings = FitSettings.preset(preset)
    request = FitRequest(Target(density_map, float(row["resolution"]), float(row["level"])), model, settings, seed=seed, device=device)
    start = time.perf_counter()
    result = run_fit(request)
    seconds = time.perf_counter() - start
    points = model.fit_coordinates
    best = [one for one in result.placements if one.rank == 1 or one.copy_of == 1]
    rmsd = min((_rmsd(one, points) for one in best), default=float("nan"))
    right = next((one for one in result.placements if _is_near(one, points)), None)
    return Run(
        str(row["pdb"]), seed, result.device, preset, right.hits if right else 0, settings.starts, round(seconds, 2), round(rmsd, 3),
        right.rank if right else None,
    )  # fmt: skip


def run_paper(
    rows: Sequence[Mapping[str, Any]], store: Path, runs: int, preset: str, device: str, tell: Callable[[str], None]
) -> tuple[list[Run], list[str]]:
    """Every run that the file ``store`` does not hold yet, each written there as it is done; all runs, and what could not be had."""
    done = read_runs(store)
    failures: list[str] = []
    for row in rows:
        missing = [seed for seed in range(runs) if not any((one.pdb, one.seed, one.preset) == (row["pdb"], seed, preset) for one in done)]
        if not missing:
            continue
        try:
            map_path, model_path = fetch_case(row)
            for seed in missing:
                one = measure(row, map_path, model_path, seed, preset, device)
                done.append(one)
                _write(store, done)
                tell(f"{one.pdb}, run {seed + 1} of {runs}: {one.hits} hits, {one.seconds:.1f} s, RMSD {one.rmsd:.2f} Å")
        except UserError as error:
            if str(error) not in failures:  # of a cache that cannot be written, say, all entries tell the same
                failures.append(str(error))
                tell(str(error))
    return [one for one in done if one.preset == preset and one.seed < runs], failures


def read_runs(store: Path) -> list[Run]:
    """The runs of a file that `run_paper` writes; none if it is not there; `UserError` if it is no such file."""
    if not store.exists():
        return []
    try:
        return [Run(**one) for one in read_json(read_text(store))]
    except (OSError, ValueError, TypeError) as error:
        raise UserError(f"{store}: must hold the runs of an earlier benchmark, got: {error}") from error


def markdown(rows: Sequence[Mapping[str, Any]], runs: Sequence[Run], failures: Sequence[str], machine: str) -> str:
    """The table beside the published one."""
    lines = [
        "# The paper's tables 1 and 3, measured here", "", f"On {machine}.",
        "Published: DiffFit on an RTX 4090, means of five runs of 1000 starts.",
        f"A hit lies within {NEAR_A:g} Å and {NEAR_DEG:g}° of the deposited place; RMSD is that of the best, mean of the runs.", "",
        "| PDB | EMDB | Å | runs | hits | published | s | published | RMSD (Å) | published | right |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]  # fmt: skip
    for row in rows:
        mine = [one for one in runs if one.pdb == row["pdb"]]
        if mine:
            starts = mine[0].starts
            hits = f"{np.mean([one.hits for one in mine]):.1f} of {starts}"
            figures = (hits, f"{np.mean([one.seconds for one in mine]):.1f}", f"{np.mean([one.rmsd for one in mine]):.3f}")
            right = f"{sum(one.rank == 1 for one in mine)} of {len(mine)}"
        else:
            figures, right = ("not run", "", ""), ""
        published = [_known(row.get(name)) for name in ("hits_difffit", "seconds_difffit", "rmsd_difffit")]
        cells = [row["pdb"], str(row["emdb"]), f"{row['resolution']:g}", str(len(mine))]
        cells += [cell for pair in zip(figures, published, strict=True) for cell in pair]
        lines.append("| " + " | ".join([*cells, right]) + " |")
    if failures:
        lines += ["", "Not run:", "", *(f"- {' '.join(one.split())}" for one in failures)]
    return "\n".join(lines) + "\n"


def picture(rows: Sequence[Mapping[str, Any]], runs: Sequence[Run]) -> str:
    """RMSD here and published as SVG, a line a row."""
    high, step, left, width = 4.0, 22, 70, 520
    size = f"width='{left + width + 30}' height='{step * len(rows) + 50}'"
    parts = [f"<svg xmlns='http://www.w3.org/2000/svg' {size} font-family='sans-serif' font-size='12'>"]
    for number, row in enumerate(rows):
        y = 20 + step * number
        parts.append(f"<text x='8' y='{y + 4}'>{''.join(c for c in str(row['pdb']) if c.isalnum())}</text>")
        parts.append(f"<path d='M{left} {y}h{width}' stroke='#ccc'/>")
        values = [("#2f6fb0", row.get("rmsd_difffit"))] + [("#d1495b", one.rmsd) for one in runs if one.pdb == row["pdb"]]
        for colour, value in values:
            if value is not None and np.isfinite(value):
                x = left + min(float(value), high) / high * width
                parts.append(f"<circle cx='{x:.1f}' cy='{y}' r='4' fill='{colour}' fill-opacity='.7'/>")
    y = step * len(rows) + 36
    parts += [f"<text x='{left + at / high * width:.0f}' y='{y - 14}' text-anchor='middle'>{at:g}</text>" for at in (0, 1, 2, 3, 4)]
    parts.append(f"<text x='{left}' y='{y + 6}'>RMSD to the entry in Å (4 or more at the edge): red here, blue published</text></svg>")
    return "".join(parts) + "\n"


def _known(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _rmsd(one: Placement, points: "np.ndarray[Any, np.dtype[np.float64]]") -> float:
    return float(np.sqrt(np.mean(np.sum((one.pose.apply(points) - points) ** 2, axis=1))))


def _is_near(one: Placement, points: "np.ndarray[Any, np.dtype[np.float64]]") -> bool:
    middle = points.mean(axis=0, keepdims=True)
    shift = float(np.linalg.norm(one.pose.apply(middle) - middle))
    turn = float(np.degrees(np.arccos(np.clip((np.trace(one.pose.rotation) - 1) / 2, -1, 1))))
    return shift < NEAR_A and turn < NEAR_DEG


def _write(store: Path, runs: Sequence[Run]) -> None:
    with atomic_write(store) as temporary:
        temporary.write_text(json.dumps([asdict(one) for one in runs], indent=1), encoding="utf-8")
