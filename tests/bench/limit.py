"""How much of what the core can gather the climb uses: kernels that do nothing but gather, at the addresses of a climb."""

import inspect
import logging
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numba as nb
import numpy as np
from example import MODEL, stretched
from machine import cache_sizes, kernel_threads
from numpy.typing import NDArray
from report import Report, spread

from difffit_core.conventions import quaternion_to_matrix
from difffit_core.fit.search.starts import random_starts
from difffit_core.fit.settings import FitSettings
from difffit_core.io.models import read_model
from difffit_core.ops import kernels
from difffit_core.ops.grid import Grid, PointSet, Schedule

SIDES = (64, 128, 256)
POSES = 200
GATHERS = 4
"""Elements of 32 bits, two voxels each, that `Grid.climb` gathers for a sample."""
_TINY = 12
_RUNS = 8
"""Runs of each kernel in one measurement, of which the shortest counts: what else runs here can only take time."""

_logger = logging.getLogger(__name__)
_UNORDERED = {"nnan", "ninf", "nsz", "contract", "reassoc"}


def _four(volume, index, nx, nxy, out):
    """The four pairs of each sample, summed; with unsigned indices, so that no code looks for those from the end."""
    for k in nb.prange(index.shape[0]):
        a = b = c = d = np.float32(0)
        row = index[k]
        for i in range(row.shape[0]):
            j = row[i]
            a += volume[j]
            b += volume[j + nx]
            c += volume[j + nxy]
            d += volume[j + nxy + nx]
        out[k] = a + b + c + d


def _eight(volume, index, nx, nxy, out):
    """The eight voxels of each sample, were they an element each, as float32 volumes have them."""
    one = nx // nx
    for k in nb.prange(index.shape[0]):
        a = b = c = d = np.float32(0)
        row = index[k]
        for i in range(row.shape[0]):
            j = row[i]
            a += volume[j] + volume[j + one]
            b += volume[j + nx] + volume[j + nx + one]
            c += volume[j + nxy] + volume[j + nxy + one]
            d += volume[j + nxy + nx] + volume[j + nxy + nx + one]
        out[k] = a + b + c + d


def _one(volume, index, out):
    for k in nb.prange(index.shape[0]):
        s = np.float32(0)
        row = index[k]
        for i in range(row.shape[0]):
            s += volume[row[i]]
        out[k] = s


def _compiled(function: Callable[..., None], fastmath: set[str] | bool) -> Callable[..., None]:
    return nb.njit(parallel=True, nogil=True, boundscheck=False, error_model="numpy", fastmath=fastmath)(function)


gather_four = _compiled(_four, _UNORDERED)
gather_eight = _compiled(_eight, _UNORDERED)
gather_one = _compiled(_one, _UNORDERED)
load_four = _compiled(_four, False)
"""Sums in the order that is written cannot become vectors: the same elements by ordinary loads."""


def _without_gathers() -> Callable[..., None]:
    """The climb of `ops.kernels` with each pair of voxels made from its index instead of read: what is left is arithmetic."""
    source = inspect.getsource(kernels)
    gather = "both = volume[i]"
    if source.count(gather) != 1:
        raise RuntimeError(f"ops.kernels no longer reads its pairs by {gather!r}: the limit must be measured another way")
    module = ModuleType("kernels_without_gathers")
    exec(source.replace(gather, "both = np.int32(i)"), module.__dict__)
    climb: Callable[..., None] = module.climb
    return climb


@dataclass(frozen=True, eq=False)
class Work:
    """A climb, and the addresses that it goes to: ``index`` (P, samples) of the first of each sample's four pairs.

    ``volume`` has as many 32-bit elements as the climb's; ``nx`` and ``nxy`` are the steps to the next row and section.
    """

    grid: Grid
    points: PointSet
    poses: tuple[NDArray[np.float64], NDArray[np.float64]]
    schedule: Schedule
    index: NDArray[np.uint32]
    volume: NDArray[np.float32]

    def arithmetic(self, climb: Callable[..., None]) -> None:
        """`Grid.climb` by a kernel of `_without_gathers`."""
        turns, shifts = self.poses[0].astype(np.float32), (self.poses[1] - self.grid.origin).astype(np.float32)
        nothing = np.empty(0, np.float32)
        climb(
            self.index.view(np.int32)[0], self.grid.shape, self.grid.scale, *self.points.columns, nothing, turns, shifts,
            self.schedule.turn_rate, self.schedule.shift_rate, self.schedule.decay, self.schedule.steps,
            np.empty(len(turns), np.float32), np.empty((0, 0, 7), np.float32),
        )  # fmt: skip

    @property
    def steps_apart(self) -> tuple[np.uint32, np.uint32]:
        nx, ny, _ = self.grid.shape
        return np.uint32(nx), np.uint32(nx * ny)


def run(options: Namespace) -> Report:
    report = Report(
        "The climb against the gather limit",
        f"A climb as of the balanced preset ({POSES} poses of 300 atoms, {_settings().steps} steps) in the shipped example's map at each "
        "number of voxels, and kernels that only gather, from a volume of the same size at the addresses of that very climb, read from a "
        f"list: the {GATHERS} pairs of voxels, 32 bits each, that the climb takes for a sample, by vector gathers and by ordinary loads; "
        "the eight voxels of a volume that is not paired; and one element a sample. Arithmetic is the climb with nothing "
        "gathered; the last column's sum, one after the other. Million samples a second, median of "
        f"{options.repeats} of the best of {_RUNS} runs each, all in turns.",
        [
            *("volume, threads", "climb", "arithmetic", "4 gathered", "4 loaded", "8 gathered", "1 gathered"),
            *("climb / 4 gathered", "climb / 8 gathered", "climb / (4 gathered + arithmetic)"),
        ],
    )
    most, bare = kernel_threads(), _without_gathers()
    try:
        for side in SIDES:
            work = work_at(side)
            for threads in dict.fromkeys((1, most)):
                nb.set_num_threads(threads)
                _measure(side, threads, work, bare, options.repeats, report)
    finally:
        nb.set_num_threads(most)
    report.notes.append(
        "Asked for: at least half of the gather limit at 64³, a third at 256³. That limit was eight elements a sample; pairs moved it to "
        "four. A core that takes a gather apart into loads does its arithmetic before or after, not beside it; hence the last column, "
        "of which the climb can reach 1."
    )
    tiny = {row["threads"]: np.median(row["rates"]["tiny"]) for row in report.raw if row["side"] == SIDES[0]}
    report.notes.append(
        f"With all addresses inside {_TINY}³ voxels, which the first-level cache holds, the core gathers "
        + " and ".join(f"{rate * GATHERS:.0f} million elements a second on {threads}" for threads, rate in tiny.items())
        + " threads. Loads one by one are faster than the gather instruction on some cores, but would leave the arithmetic without vectors."
    )
    report.notes.append(
        "The climb's way is that of the best places it saw up to each step, which lie a little nearer together than where it went."
    )
    report.notes.append(f"Pairs take 4 bytes a voxel: 1.1 MiB at 64³, 8.4 MiB at 128³, 66 MiB at 256³. {cache_sizes()}")
    return report


def _settings() -> FitSettings:
    return FitSettings.preset("balanced")


def work_at(side: int) -> Work:
    """The climb in the map of side³ voxels, and where it goes."""
    settings = _settings()
    density_map = stretched(side)
    rng = np.random.default_rng(0)
    coordinates = read_model(MODEL).select_chains(["D"]).fit_coordinates
    points = PointSet.of(rng.permutation(coordinates - coordinates.mean(axis=0))[: settings.search_atoms])
    inside = density_map.values > np.quantile(density_map.values, 0.97)
    poses = random_starts(inside, density_map.voxel_size, density_map.origin, POSES, 0, rng)
    schedule = Schedule(settings.turn_rate, settings.shift_rate * float(density_map.voxel_size.mean()), settings.decay, settings.steps)
    grid = Grid.of(density_map.values, density_map.voxel_size, density_map.origin)
    index = addresses(grid, points, *grid.trace(points, None, *poses, schedule))
    return Work(grid, points, poses, schedule, index, rng.random(int(np.prod(grid.shape.astype(np.int64))), dtype=np.float32))


def addresses(grid: Grid, points: PointSet, quaternions: NDArray[np.float64], translations: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Of the voxels (P, S * N) in which N points fall at S places (S, P, 4) and (S, P, 3) of each of P poses, place after place."""
    coordinates = np.stack(points.columns, axis=1)
    highest = grid.shape - 2
    nx, ny, _ = grid.shape.astype(np.int64)
    places = []
    for rotations, shifts in zip(map(quaternion_to_matrix, quaternions), translations - grid.origin, strict=True):
        moved = np.einsum("pij,nj->pni", rotations, coordinates) + shifts[:, None]
        x, y, z = np.moveaxis(np.clip(moved * grid.scale, 0, highest).astype(np.int64), -1, 0)
        places.append(((z * ny + y) * nx + x).astype(np.uint32))
    return np.concatenate(places, axis=1)


def _measure(side: int, threads: int, work: Work, bare: Callable[..., None], repeats: int, report: Report) -> None:
    out = np.empty(len(work.index), np.float32)
    tiny = np.random.default_rng(1).integers(0, _TINY**3, work.index.shape, dtype=np.uint32)
    small = work.volume[: 2 * _TINY**3].copy()
    apart = np.uint32(_TINY), np.uint32(_TINY**2)
    kernels: dict[str, Callable[[], object]] = {
        "arithmetic": lambda: work.arithmetic(bare),
        "climb": lambda: work.grid.climb(work.points, None, *work.poses, work.schedule),
        "four": lambda: gather_four(work.volume, work.index, *work.steps_apart, out),
        "loads": lambda: load_four(work.volume, work.index, *work.steps_apart, out),
        "eight": lambda: gather_eight(work.volume, work.index, *work.steps_apart, out),
        "one": lambda: gather_one(work.volume, work.index, out),
        "tiny": lambda: gather_four(small, tiny, *apart, out),
    }
    for kernel in kernels.values():
        kernel()
    seconds = np.array([[[_seconds(kernel) for kernel in kernels.values()] for _ in range(_RUNS)] for _ in range(repeats)]).min(axis=1)
    rates = dict(zip(kernels, work.index.size / seconds.T / 1e6, strict=True))
    columns = [rates[name] for name in ("climb", "arithmetic", "four", "loads", "eight", "one")]
    columns += [rates["climb"] / rates[name] for name in ("four", "eight")]
    columns.append(rates["climb"] * (1 / rates["four"] + 1 / rates["arithmetic"]))
    report.rows.append([f"{side}³, {threads}", *(spread(column.tolist()) for column in columns)])
    report.raw.append({"side": side, "threads": threads, "rates": {name: column.tolist() for name, column in rates.items()}})
    _logger.info("%s", "  ".join(report.rows[-1]))


def _seconds(kernel: Callable[[], object]) -> float:
    start = time.perf_counter()
    kernel()
    return time.perf_counter() - start
