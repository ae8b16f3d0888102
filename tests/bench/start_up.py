"""What imports and compiling cost a user: `difffit fit` on the shipped example with nothing compiled yet, and from then on."""

import json
import os
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from dataclasses import asdict, dataclass
from pathlib import Path

from example import MAP, MODEL, RESOLUTION
from report import Report, spread

from difffit_core.contour import mass, suggest_level
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.target import Target

CHAINS = ("D", "E")
_PROGRAM = [sys.executable, "-c", "from difffit_core.cli import main; main()"]


def run(options: Namespace) -> Report:
    request = _request()
    run_fit(request)
    with tempfile.TemporaryDirectory() as folder:
        first = _Start.measured(request, Path(folder))
        later = [_Start.measured(request, Path(folder)) for _ in range(options.repeats)]
    report = Report(
        "Start-up",
        "Wall time of `difffit fit` on the shipped example, chains D and E, from the shell's point of view. The cost is what is beyond the "
        "same search in a process that has done it before: imports, loading or making of compiled code, reading and writing of files. "
        f"Median of {options.repeats}, in turns.",
        ["", "wall, s", "its search, s", "search in a warm process, s", "cost, s"],
        raw=[asdict(one) for one in (first, *later)],
    )
    report.rows.append(_row("first start, nothing compiled", [first]))
    report.rows.append(_row("later start", later))
    report.rows.append(["difffit fit --help", spread([_help() for _ in range(options.repeats)]), "", "", ""])
    report.notes.append("Asked for: less than 3 s on the second start, less than 0.3 s for the help.")
    return report


@dataclass(frozen=True)
class _Start:
    """Seconds of one run of the command, of the search in it, and of the same search here just before."""

    wall: float
    search: float
    warm: float

    @classmethod
    def measured(cls, request: FitRequest, cache: Path) -> "_Start":
        warm = run_fit(request).timing["search_s"]
        return cls(*_command(cache), warm)


def _row(name: str, starts: list[_Start]) -> list[str]:
    costs = [one.wall - one.warm for one in starts]
    return [
        name,
        *(spread(list(column)) for column in ([s.wall for s in starts], [s.search for s in starts], [s.warm for s in starts], costs)),
    ]


def _request() -> FitRequest:
    density_map, model = read_map(MAP), read_model(MODEL).select_chains(CHAINS)
    level = suggest_level(density_map, mass(model)).level
    return FitRequest(Target(density_map, RESOLUTION, level), model, FitSettings.preset("balanced"), device="cpu")


def _command(cache: Path) -> tuple[float, float]:
    """Wall time, and what the command itself gives as the time of the search; in seconds."""
    arguments = ["fit", str(MAP), str(MODEL), "--resolution", f"{RESOLUTION:g}", "--chain", ",".join(CHAINS), "--device", "cpu"]
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        subprocess.run(
            [*_PROGRAM, *arguments, "--out", out], env={**os.environ, "NUMBA_CACHE_DIR": str(cache)}, check=True, capture_output=True
        )
        wall = time.perf_counter() - start
        timing = json.loads((Path(out) / "placements.json").read_text())["timing"]
    return wall, timing["search_s"]


def _help() -> float:
    """Wall time of asking for the options of a fit."""
    start = time.perf_counter()
    subprocess.run([*_PROGRAM, "fit", "--help"], check=True, capture_output=True)
    return time.perf_counter() - start
