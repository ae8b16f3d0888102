"""The walk at random through the window, 20 000 steps by seeds that follow one another, and what memory does on the way."""

import json
import logging
import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from report import Report

STEPS, WALKS = 20_000, 4
WARM = 500
"""So many steps a walk may take until all is loaded and every view was drawn once."""
PLOT = Path(__file__).with_name("walk.png")
_TEST = Path(__file__).resolve().parents[1] / "app" / "window" / "test_walk.py"
_logger = logging.getLogger(__name__)


def run(options: Namespace) -> Report:
    report = Report(
        "A walk at random",
        f"{STEPS} steps in {WALKS} walks through a window with three maps, two models, fits, composites and a screen, as "
        f"`{_TEST.name}` takes them: whatever Qt says can be clicked, chosen, typed into or dragged, files that are good, broken or "
        "none, cancels, lines typed as commands and in Python, saves, undo to the beginning and redo to the end. Memory is weighed every "
        "500 steps with the same things open.",
        ["seed", "steps", "ended", "MiB of heap in use after 500", "at the end", "grown", "of the system", "threads", "objects of VTK"],
    )
    curves: dict[int, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seeds[0], options.seeds[0] + WALKS):
            steps, ended, curves[seed] = _walk(Path(folder), seed, STEPS // WALKS)
            weighed = [one for one in curves[seed] if one["step"] >= WARM] or [{"rss": 0, "heap": 0, "threads": 0, "vtk": 0}]
            first, last = weighed[0], weighed[-1]
            grown, of_system = last["heap"] - first["heap"], (last["rss"] - first["rss"]) / 2**20
            alive = [f"{first[kind]} to {last[kind]}" for kind in ("threads", "vtk")]
            heap = [f"{first['heap']:.0f}", f"{last['heap']:.0f}", f"{grown:+.0f}", f"{of_system:+.0f}"]
            report.rows.append([str(seed), str(steps), ended, *heap, *alive])
            report.raw.append({"seed": seed, "steps": steps, "ended": ended, "weighed": curves[seed]})
            _logger.info("%s", report.rows[-1])
    if any(curves.values()):
        _draw(curves, PLOT)
        report.notes.append(f"The curve of memory: `{PLOT.name}`. Asked for: less than 50 MB of growth after the first {WARM} steps.")
    return report


def _walk(folder: Path, seed: int, steps: int) -> tuple[int, str, list[dict[str, Any]]]:
    """How many steps one walk took, how it ended, and what was weighed on the way.

    Mesa's drawing in software, which there is no graphics card for, keeps what a frame was put together from for up to 64 frames of each
    view that it has ever had under way at once: by its own threads these are more and more, of up to 36 MB each. Without, there is one.
    """
    told, memory = folder / f"told.{seed}", folder / f"memory.{seed}"
    environment = {
        **os.environ, "DIFFFIT_WALK_STEPS": str(steps), "DIFFFIT_WALK_SEED": str(seed), "DIFFFIT_WALK_TOLD": str(told),
        "DIFFFIT_WALK_MEMORY": str(memory), "LP_NUM_THREADS": "0",
    }  # fmt: skip
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'walked'}", str(_TEST)]
    ended = subprocess.run(pytest, env=environment, cwd=_TEST.parents[3], capture_output=True, text=True, check=False)
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    done = max((int(line.split()[0]) + 1 for line in lines), default=0)
    weighed = [json.loads(line) for line in memory.read_text(encoding="utf-8").splitlines()] if memory.exists() else []
    if ended.returncode:
        _logger.warning("seed %d:\n%s", seed, ended.stdout[-6000:])
    return done, "well" if ended.returncode == 0 else _why(ended), weighed


def _why(ended: "subprocess.CompletedProcess[str]") -> str:
    if ended.returncode < 0:
        return f"by signal {-ended.returncode}"
    return next((line[2:].strip() for line in ended.stdout.splitlines() if line.startswith("E  ")), f"status {ended.returncode}")[:80]


def _draw(curves: dict[int, list[dict[str, Any]]], file: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 3.2), layout="constrained")
    axes = figure.subplots()
    for place, (seed, curve) in enumerate(curves.items()):
        steps, colour = [one["step"] for one in curve], f"C{place}"
        axes.plot(steps, [one["rss"] / 2**20 for one in curve], ".--", color=colour, label=f"seed {seed}, of the system")
        axes.plot(steps, [one["heap"] for one in curve], ".-", color=colour, label=f"seed {seed}, heap in use")
    axes.set(xlabel="step", ylabel="MiB, the same things open", ylim=(0, None))
    axes.legend()
    drawn = BytesIO()
    figure.savefig(drawn, dpi=100)
    with Image.open(drawn) as image:
        image.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(file, optimize=True)
