"""Having everything compiled for this machine, so that the first fit takes no longer than the second.

numba compiles for the processor it runs on, so no wheel can bring this along: it is done after installing, or at the first need.
"""

import hashlib
import importlib.util
import json
import os
import sys
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs

from difffit_core import __version__
from difffit_core.device import cpu_in_words
from difffit_core.errors import UserError
from difffit_core.io.files import atomic_write
from difffit_core.io.json_text import read_json
from difffit_core.io.regular import read_text
from difffit_core.target import Target

_NOTE = "difffit-warm.json"
_LIBRARIES = ("numba", "llvmlite", "numpy")
_RESOLUTION, _SPACING = 6.0, 1.5


def warm_up(again: bool = False) -> float:
    """Compile what is not compiled yet, and give the seconds that it took; ``again`` also where a note says that it was done."""
    begun = time.perf_counter()
    if again or not is_warm():
        _use_everything()
        _write_note()
    return time.perf_counter() - begun


def is_warm() -> bool:
    """Whether that was done for this program, these libraries and this machine, by the note that it leaves. Imports nothing large."""
    return any(_reads(folder / _NOTE) == _key() for folder in _folders())


def forget() -> None:
    """Remove the note, since the compiled code was removed."""
    for folder in _folders():
        with suppress(OSError):
            (folder / _NOTE).unlink(missing_ok=True)


def _use_everything() -> None:
    """A very small fit, bent and judged: it passes through every compiled function with arguments of the types that large ones have."""
    import numpy as np

    from difffit_core.density_map import DensityMap
    from difffit_core.fit.request import FitRequest
    from difffit_core.fit.run import run_fit
    from difffit_core.fit.settings import FitSettings
    from difffit_core.io.models import read_model
    from difffit_core.ops.grid import Grid, PointSet
    from difffit_core.ops.simulate import simulate
    from difffit_core.pose import Pose
    from difffit_core.quality.score import score_residues
    from difffit_core.refine.request import RefineRequest
    from difffit_core.refine.run import run_refine
    from difffit_core.refine.settings import RefineSettings
    from difffit_core.selftest import example

    model = read_model(example("1bd2.pdb.gz")).select_chains(("C",))
    points = model.fit_coordinates
    density = simulate(points, np.ones(len(points)), _RESOLUTION, _SPACING)
    density_map = DensityMap(density.values, np.full(3, density.spacing), density.origin)
    level = float(density.values.max()) / 4
    settings = FitSettings(starts=4, steps=2, refine_steps=1, polish_steps=1, further=0, stop_p=0.0)
    run_fit(FitRequest(Target(density_map, _RESOLUTION, level), model, settings, device="cpu"))
    score_residues(density_map, model, Pose.identity(), _RESOLUTION)
    gentle = RefineSettings(start="here", search=False, trial_steps=10, steps=10, bends=1, stiffness=1.0)
    run_refine(RefineRequest(Target(density_map, _RESOLUTION, level), model, gentle))
    grid, at = Grid.of(density.values, density_map.voxel_size, density_map.origin), PointSet.of(points)
    grid.samples_at(at, np.eye(3), np.zeros(3))
    grid.correlation_and_gradient(at, np.linspace(-1, 1, len(at), dtype=np.float32), np.eye(3), np.zeros(3))


def _key() -> str:
    """Changes with the program, the libraries that compile, and the processor."""
    told = [__version__, sys.implementation.cache_tag or "", cpu_in_words(), *map(_version, _LIBRARIES)]
    spec = importlib.util.find_spec("difffit_core")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        told += [_stamp(path) for path in sorted(Path(folder).rglob("*.py"))]
    if getattr(sys, "frozen", False):  # numba then takes the program itself for the source
        told.append(_stamp(Path(sys.executable)))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _stamp(path: Path) -> str:
    told = path.stat()
    return f"{path}{told.st_size}:{told.st_mtime_ns}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _folders() -> list[Path]:
    """Where the note may be, as numba chooses its folders: where it is told to, beside the program, or in the user's cache."""
    said = os.environ.get("NUMBA_CACHE_DIR", "")
    users = Path(platformdirs.user_cache_dir("difffit", False))
    return [Path(said)] if said else [Path(__file__).parent / "ops" / "__pycache__", users]


def _write_note() -> None:
    for folder in _folders():
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with atomic_write(folder / _NOTE) as temporary:
                temporary.write_text(json.dumps(_key()), encoding="utf-8")
            return


def _reads(path: Path) -> str | None:
    try:
        found = read_json(read_text(path, 1 << 16))
    except (UserError, ValueError):
        return None
    return found if isinstance(found, str) else None
