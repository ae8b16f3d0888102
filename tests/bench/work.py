"""Time and memory against work: starts, atoms and voxels, each over two decades and more, a process a point."""

import json
import logging
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from example import RESOLUTION, stretched
from machine import cache_sizes
from report import Report
from work_plot import draw
from work_point import COPIES, Point, Seconds, assembly

from difffit_core.density_map import DensityMap
from difffit_core.fit.search.field import LARGE
from difffit_core.io.maps import write_map
from difffit_core.ops.simulate import simulate

STARTS = (1_000, 10_000, 100_000)
ATOMS = (500, 1_500, 5_000, 15_000, 50_000, 150_000)
SIDES = (64, 128, 256, 512)
_INNER = 64
_ASSEMBLY_RESOLUTION, _ASSEMBLY_VOXEL = 8.0, 3.0
_SHARE_ABOVE = 0.97
_NOISE_LEVEL = 3.0
"""Spreads of the noise at which the contour level of the noisy maps lies: one voxel of 740 passes, wherever it is."""
PLOT = Path(__file__).with_name("work.png")

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measured:
    """One point of a ``line``: how much ``work``, and what it took."""

    line: str
    label: str
    work: float
    seconds: Seconds
    peak: float


def run(options: Namespace) -> Report:
    report = Report(
        "Time against work",
        "Fits of chain D of the shipped example in its map, balanced, without the early stop, one thing varied at a time; each in a "
        f"process of its own, compiled code loaded before. Starts: of each of the three fields; the preset has {STARTS[1]}. Atoms: those "
        f"nearest to the middle of {COPIES**3} copies of the example, in the simulated density of all of them ({_ASSEMBLY_RESOLUTION:g} Å, "
        f"voxels of {_ASSEMBLY_VOXEL:g} Å); balanced draws what it needs of them, the paper's preset (100 starts) climbs with all. "
        f"Voxels: the map interpolated (finer); at {_INNER}³ in the middle of an empty box (padded); and the same with noise all over the "
        "box, of which the contour level leaves voxels everywhere (noise). Seconds: the shortest of up to "
        f"{options.repeats} runs. Growth is the exponent from the row above: 1 is linear.",
        ["work", "read, s", "prepare, s", "search, s", "rank, s", "in all, s", "growth", "peak, MiB"],
    )
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        for line, label, work, point in _points(Path(folder), options):
            seconds, peak = _alone(point)
            before = measured[-1] if measured and measured[-1].line == line else None
            measured.append(Measured(line, label, work, seconds, peak))
            growth = f"{exponent([before, measured[-1]]):.2f}" if before else ""
            parts = (seconds.read, seconds.prepare, seconds.search, seconds.rank, seconds.total)
            report.rows.append([label, *(f"{float(f'{part:.3g}'):g}" for part in parts), growth, f"{peak:.0f}"])
            report.raw.append({"line": line, "work": work, "parts": parts, "peak": peak})
            _logger.info("%s", "  ".join(report.rows[-1]))
    for line in dict.fromkeys(one.line for one in measured):
        points = [one for one in measured if one.line == line]
        if len(points) > 1:
            steepest = max(range(1, len(points)), key=lambda i: exponent(points[i - 1 : i + 1]))
            report.notes.append(
                f"{line}: time grows with the power {exponent(points):.2f} of the work over all, "
                f"{exponent(points[steepest - 1 : steepest + 1]):.2f} at the steepest ({points[steepest].label})."
            )
    report.notes.append(
        "Where it bends: with few starts, what every fit must do counts most; balanced samples 4000 atoms at most, so that only drawing, "
        "simulating and scoring more of them takes longer; with all atoms, a model that reaches further also finds less of the map in "
        "the nearest caches; of voxels, each filter takes every one, however few of them a climb visits; "
        f"noise far from the density is cut off in maps of more than {LARGE / 1e6:g} million voxels; and "
        f"gathers slow down where the pairs, 4 bytes a voxel, outgrow a cache: 1 MiB at 64³, 8 MiB at 128³, 64 MiB at 256³. {cache_sizes()}"
    )
    if options.write:
        draw(measured, PLOT)
        report.notes.append(f"![Time and memory against work]({PLOT.name})")
    return report


def exponent(points: list[Measured]) -> float:
    """Of the power of the work with which time grows: the slope of a line through the logarithms."""
    return float(np.polyfit(np.log([one.work for one in points]), np.log([one.seconds.total for one in points]), 1)[0])


def _points(folder: Path, options: Namespace) -> Iterator[tuple[str, str, float, Point]]:
    """Line, label, amount of work and what to fit; maps are written when their turn comes, and removed after it."""
    last = -1 if options.quick else None
    repeats = options.repeats
    plain = stretched(96)
    file, level = _written(folder, plain)
    for starts in STARTS[:last]:
        yield (
            "Starts",
            f"starts × {starts // STARTS[0]}",
            starts,
            Point(file, level, RESOLUTION, "balanced", {"starts": starts}, 0, repeats),
        )
    file, level = _written(folder, _assembled())
    for preset, changes in (("balanced", {}), ("paper", {"starts": 100})):
        for atoms in ATOMS[:last]:
            point = Point(file, level, _ASSEMBLY_RESOLUTION, preset, changes, atoms, repeats)
            yield f"Atoms, {preset}", f"{atoms} atoms, {preset}", atoms, point
    for kind, sides in (("finer", SIDES), ("padded", SIDES), ("noise", SIDES)):
        for side in sides[:last]:
            file, level = _written(folder, _with_voxels(kind, side), _NOISE_LEVEL * _noise() if kind == "noise" else None)
            yield f"Voxels, {kind}", f"{side}³, {kind}", side**3, Point(file, level, RESOLUTION, "balanced", {}, 0, repeats)


def _written(folder: Path, density_map: DensityMap, level: float | None = None) -> tuple[str, float]:
    """The map's file, which takes the place of the last one, and its contour level."""
    file = folder / "map.mrc"
    write_map(file, density_map)
    inner = density_map.values[density_map.values > 0] if level is None else density_map.values
    return str(file), float(np.quantile(inner, 1 - 0.5 * (1 - _SHARE_ABOVE))) if level is None else level


def _alone(point: Point) -> tuple[Seconds, float]:
    """What `work_point` says of a point, and the most memory of its process, in MiB."""
    command = [sys.executable, str(Path(__file__).with_name("work_point.py")), point.text()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        watched, peak = psutil.Process(child.pid), 0
        while True:
            try:
                out, errors = child.communicate(timeout=0.02)
                break
            except subprocess.TimeoutExpired:
                peak = max(peak, _resident(watched))
    if child.returncode != 0:
        raise RuntimeError(f"{point}: {errors.strip().splitlines()[-1] if errors.strip() else 'failed'}")
    return Seconds(**json.loads(out)), peak / 2**20


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _assembled() -> DensityMap:
    whole = assembly(ATOMS[-1])
    density = simulate(whole.coordinates, whole.atomic_numbers.astype(float), _ASSEMBLY_RESOLUTION, _ASSEMBLY_VOXEL)
    return DensityMap(density.values, np.full(3, density.spacing), density.origin)


def _noise() -> float:
    """The spread of noise that leaves the example's density above the level."""
    return float(np.quantile(stretched(_INNER).values, _SHARE_ABOVE)) / _NOISE_LEVEL


def _with_voxels(kind: str, side: int) -> DensityMap:
    if kind == "finer":
        return stretched(side)
    inner = stretched(_INNER)
    low = (side - _INNER) // 2
    values = np.zeros((side, side, side), np.float32)
    middle = slice(low, low + _INNER)
    values[middle, middle, middle] = inner.values
    if kind == "noise":
        rng = np.random.default_rng(0)
        for section in values:
            section += np.float32(_noise()) * rng.standard_normal(section.shape, dtype=np.float32)
    return DensityMap(values, inner.voxel_size, inner.origin - low * inner.voxel_size)
