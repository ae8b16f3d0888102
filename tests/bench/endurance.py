"""Screens that are killed again and again, broken files, and what memory does over a thousand models."""

import json
import logging
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path

import numpy as np
import psutil
from cases import DATA, needed
from report import Report

from difffit_app.state.screening import ScreenTable
from difffit_core.errors import UserError
from difffit_core.io.maps import read_map
from difffit_core.screen.listing import list_library
from difffit_core.screen.outcome import Outcome, Pass, Task
from difffit_core.screen.ranking import rank
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.rows import DONE
from difffit_core.screen.store import ScreenStore
from difffit_core.screen.workers import LocalProcesses
from difffit_core.target import Target

KILLS = 20
_MODELS, _BROKEN = 57, 3
_MEMORY_MODELS = 1000
_LARGE = 100_000
_logger = logging.getLogger(__name__)


def run(options: Namespace) -> Report:
    report = Report(
        "Endurance of screening",
        f"{_MODELS} models of the library and {_BROKEN} broken files against the demo density, by two processes: undisturbed, and with "
        f"SIGKILL {KILLS} times, of the main process and of a worker in turns, each at a random moment, resumed each time; once one has "
        "finished, the next is begun.",
        ["", "found"],
    )
    with tempfile.TemporaryDirectory() as folder:
        _kills(report, Path(folder), options.seeds[0])
        _large_store(report, Path(folder))
    _memory(report)
    return report


def _kills(report: Report, folder: Path, seed: int) -> None:
    library = folder / "library.txt"
    every = list_library(needed(DATA / "domain_library"))
    models = [*sorted((DATA / "difffit_demo").glob("*.pdb")), *every[:: len(every) // (_MODELS - 3)]][:_MODELS]
    for number in range(_BROKEN):
        (folder / f"broken{number}.pdb").write_text("ATOM\n" * number)
        models.append(folder / f"broken{number}.pdb")
    library.write_text("\n".join(map(str, models)))
    calm = folder / "calm"
    _start(library, calm).wait()
    rng, deaths, resumed = np.random.default_rng(seed), 0, 0
    screens = [folder / "disturbed-1"]
    process = _start(library, screens[-1])
    while deaths < KILLS:
        time.sleep(float(rng.uniform(0.5, 6)))
        if process.poll() is not None:
            screens.append(folder / f"disturbed-{len(screens) + 1}")
            process = _start(library, screens[-1])
            continue
        workers = psutil.Process(process.pid).children(recursive=True)
        if deaths % 2 and workers:
            workers[int(rng.integers(len(workers)))].kill()
        else:
            process.kill()
            process.wait()
            process = _start(library, screens[-1])
            resumed += 1
        deaths += 1
        _logger.info("%d kills", deaths)
    process.wait()
    expected = _outcome(calm)
    same = sum(_outcome(screen) == expected for screen in screens)
    kills = f"{deaths} kills, {resumed} of the main process"
    report.rows.append([f"ranking after {kills}", f"the same, bit for bit, in {same} of {len(screens)} screens"])
    report.rows.append(["broken files listed as failed", f"{len(expected[1])} of {_BROKEN}"])
    report.raw.append({"kills": deaths, "screens": len(screens), "same": same, "failed": len(expected[1])})


def _outcome(screen: Path) -> tuple[list[object], list[object]]:
    """The ranking and what failed, as written."""
    found = json.loads((screen / "ranking.json").read_text())
    return found["ranking"], found["failed"]


def _start(library: Path, out: Path) -> "subprocess.Popen[bytes]":
    options = ["--resolution", "4", "--level", "0.886", "--jobs", "2", "--preset", "fast", "--device", "cpu", "--resume", "--out", out]
    code = "from difffit_core.cli import main; main()"
    density = DATA / "difffit_demo" / "density2.mrc"
    return subprocess.Popen([sys.executable, "-c", code, "screen", density, library, *options], stdout=subprocess.DEVNULL)


def _memory(report: Report) -> None:
    """Resident memory of one worker that tries a thousand models one after the other."""
    density = read_map(DATA / "difffit_demo" / "density2.mrc")
    request = ScreenRequest(Target(density, 4.0, 0.886), device="cpu")
    paths = list_library(DATA / "domain_library")
    workers = LocalProcesses(request, 1)
    seen: list[float] = []
    try:
        for number in range(_MEMORY_MODELS):
            workers.start(Task(number, paths[number % len(paths)], "", Pass.FIRST))
            ended: list[object] = []
            while not ended:
                ended = list(workers.wait(60))
            if not isinstance(ended[0], Outcome) or ended[0].trial is None:
                raise UserError(f"a model could not be tried: {ended[0]}")
            if number % 50 == 49:
                child = next(one for one in psutil.Process().children() if "spawn_main" in " ".join(one.cmdline()))
                seen.append(child.memory_info().rss / 2**20)
                _logger.info("%d models: %.0f MiB", number + 1, seen[-1])
    finally:
        workers.close()
    hundred, last = seen[1], seen[-1]
    report.rows.append(
        [f"memory of a worker after 100 and after {_MEMORY_MODELS} models", f"{hundred:.0f} and {last:.0f} MiB, at most {max(seen):.0f}"]
    )
    report.raw.append({"memory": seen})


def _large_store(report: Report, folder: Path) -> None:
    """A store of many rows: seconds to read and rank all of them, as a window does when it opens it."""
    with ScreenStore.create(folder / "large.sqlite", {}, {"map": None}) as store:
        store.add(Path(f"/library/model_{number:06d}.pdb") for number in range(_LARGE))
        rng = np.random.default_rng(0)
        values = zip(
            rng.integers(50, 600, _LARGE).tolist(), rng.uniform(100, 900, _LARGE).tolist(), rng.uniform(0.0, 0.1, _LARGE).tolist(),
            rng.uniform(0.05, 0.2, _LARGE).tolist(), range(1, _LARGE + 1), strict=True,
        )  # fmt: skip
        store._connection.execute("BEGIN")
        store._connection.executemany(
            f"UPDATE models SET status = '{DONE}', residues = ?, elements = ?, middle = ?, correlation = ?, "
            "first_correlation = correlation, gap = 1, inside = 0.5 WHERE id = ?",
            values,
        )
        store._connection.execute("UPDATE models SET first_correlation = correlation")
        store._connection.execute("COMMIT")
    start = time.perf_counter()
    with ScreenStore.open(folder / "large.sqlite", to_read=True) as store:
        rows = store.rows()
        read = time.perf_counter() - start
        ranking = rank(rows)
        ranked = time.perf_counter() - start
        ScreenTable.of(rows, ranking)
        arranged = time.perf_counter() - start
        store.counts()
        counted = time.perf_counter() - start
    report.rows.append(
        [
            f"{_LARGE} rows: seconds to read, rank, arrange for the window and count them",
            f"{read:.2f}, {ranked - read:.2f}, {arranged - ranked:.2f}, {counted - arranged:.2f}",
        ]
    )
