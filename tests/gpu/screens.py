"""How many models a minute a screen tries, on all cores and on the device."""

import tempfile
import time
from pathlib import Path

import gemmi
from example import MAP, MODEL, RESOLUTION
from fits import LEVEL
from part import Part

from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.screen.outcome import Pass
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.rows import DONE, ScreenRow
from difffit_core.screen.run import open_screen, run_screen
from difffit_core.screen.workers import LocalProcesses, default_jobs
from difffit_core.target import Target

SIZES = (60, 80, 100, 120, 150)
"""Residues of the pieces."""
_STRIDE, _MOST = 12, 160
_NEAR = 0.01
_SHARED = (1, 4, 8)
"""Processes that share one GPU."""


def run(part: Part, device: str, quick: bool) -> None:
    preset = "fast" if quick else "balanced"
    part.begin(
        "A screen on CPU and GPU",
        f"Pieces of {', '.join(map(str, SIZES))} residues of the shipped example's chains, every {_STRIDE} residues, against its map: "
        f"{preset}, seed 0, first passes of all and full searches of the promising, after a screen of a few by the same processes, so that "
        f"their start is not counted. As the CPU: models whose best correlation is within {_NEAR:g} of that of the CPU.",
        ["device, processes", "models", "s", "models a minute", "times the CPU", "searched in full", "as the CPU"],
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = pieces(folder, 4 if quick else _MOST)
        target, cpu, known = Target(read_map(MAP), RESOLUTION, LEVEL), None, {}
        settings = FitSettings.preset(preset)
        ways = [("cpu", default_jobs("cpu"))]
        if device != "cpu":
            ways += [(device, jobs) for jobs in (default_jobs(device), *_SHARED[:: 1 if not quick else 9])]
        for where, jobs in dict.fromkeys(ways):
            seconds, rows = _screen(ScreenRequest(target, settings, device=where), jobs, library, folder)
            rate = 60 * len(library) / seconds
            cpu, known = cpu or rate, known or {row.path: row.correlation for row in rows}
            same = sum(abs(row.correlation - known[row.path]) <= _NEAR for row in rows)
            part.add(
                f"{where}, {jobs}", str(len(library)), f"{seconds:.2f}", f"{rate:.0f}", f"{rate / cpu:.3g}",
                str(sum(row.work == Pass.FULL for row in rows)), f"{same} of {len(rows)}",
            )  # fmt: skip


def pieces(folder: Path, most: int) -> list[Path]:
    """Files of that many pieces of the example's chains, evenly chosen among all that there are."""
    structure = gemmi.read_structure(str(MODEL))
    cuts = [
        (chain.name, first, size)
        for chain in structure[0]
        for size in SIZES
        for first in range(0, len(chain.get_polymer()) - size + 1, _STRIDE)
    ]
    chosen = [cuts[i * len(cuts) // most] for i in range(most)] if len(cuts) > most else cuts
    return [_write(folder / f"{name}_{first}_{size}.pdb", structure[0][name], first, size) for name, first, size in chosen]


def _write(path: Path, chain: gemmi.Chain, first: int, size: int) -> Path:
    piece, structure, model = gemmi.Chain(chain.name), gemmi.Structure(), gemmi.Model(1)
    for residue in list(chain.get_polymer())[first : first + size]:
        piece.add_residue(residue)
    model.add_chain(piece)
    structure.add_model(model)
    structure.setup_entities()
    structure.write_pdb(str(path))
    return path


def _screen(request: ScreenRequest, jobs: int, library: list[Path], folder: Path) -> tuple[float, list[ScreenRow]]:
    """Seconds, and what was found of each model."""
    workers = LocalProcesses(request, jobs)
    try:
        for few in (library[:: max(1, len(library) // jobs)], library):
            begun, file = time.perf_counter(), folder / f"{request.device}_{jobs}_{len(few)}_{few is library}.sqlite"
            with open_screen(file, request, few, resume=False) as store:
                run_screen(store, workers, request.promising)
                seconds, rows = time.perf_counter() - begun, store.rows()
    finally:
        workers.close()
    failed = [row for row in rows if row.status != DONE]
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(rows)} models were not tried on {request.device}, the first {failed[0].path}")
    return seconds, rows
