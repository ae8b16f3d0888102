"""Known answers, computed here and now on each device: whether this installation can be trusted."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from difffit_core.conventions import Array
from difffit_core.device import describe_devices
from difffit_core.errors import UserError
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.placement import Verdict
from difffit_core.target import Target

RMSD_A = 0.6
"""Å from the truth at which the example's fit counts as right; it comes to some 0.1 Å."""
_SHAPE, _ATOMS = (94, 63, 104), 3296
_LEVEL, _RESOLUTION, _CHAINS = 0.4, 4.0, ("D", "E")
_ROTATION = ((0.322146, 0.706052, 0.630644), (-0.567837, -0.388908, 0.725473), (0.757485, -0.591812, 0.275637))
_TRANSLATION = (-46.5832, -13.4303, 51.5923)
"""The way back of the example's moved model, as resources/example/README.md has it."""


@dataclass(frozen=True)
class Check:
    """What was checked, whether it came out as it must, and what was seen."""

    name: str
    passed: bool
    seen: str


def run_checks() -> Iterator[Check]:
    """Each check as it is done: reading and writing, then a fit on each device that is there, against what is known."""
    yield _guarded("reading", _reading)
    yield _guarded("writing", _writing)
    found: dict[str, Array] = {}
    for device in describe_devices():
        if device.name != "auto" and device.available:
            yield _guarded(f"fit on {device.name}", lambda name=device.name: _fit(name, found))  # type: ignore[misc]
    if len(found) > 1:
        yield _guarded("devices agree", lambda: _agree(found))


def _guarded(name: str, check: Callable[[], tuple[bool, str]]) -> Check:
    try:
        passed, seen = check()
    except (UserError, OSError, ValueError, RuntimeError, ImportError) as error:
        return Check(name, False, f"{type(error).__name__}: {error}")
    return Check(name, passed, seen)


def _reading() -> tuple[bool, str]:
    density_map, model = read_map(example("1bd2_4A.mrc.gz")), read_model(example("1bd2_moved.pdb.gz")).select_chains(_CHAINS)
    shape = tuple(density_map.shape_xyz.tolist())
    return shape == _SHAPE and len(model) == _ATOMS, f"{' × '.join(map(str, shape))} voxels, {len(model)} atoms"


def _writing() -> tuple[bool, str]:
    density_map, model = read_map(example("1bd2_4A.mrc.gz")), read_model(example("1bd2_moved.pdb.gz"))
    with tempfile.TemporaryDirectory() as folder:
        map_path, model_path = Path(folder, "a.mrc"), Path(folder, "a.cif")
        write_map(map_path, density_map)
        write_model(model_path, model)
        again, atoms = read_map(map_path), read_model(model_path)
    off = float(np.abs(atoms.coordinates - model.coordinates).max())
    same = bool(np.array_equal(again.values, density_map.values) and np.allclose(again.origin, density_map.origin, atol=1e-3))
    return same and off < 2e-3, f"voxels {'the same' if same else 'changed'}, atoms within {off:.4f} Å"


def _fit(device: str, found: dict[str, Array]) -> tuple[bool, str]:
    density_map, model = read_map(example("1bd2_4A.mrc.gz")), read_model(example("1bd2_moved.pdb.gz")).select_chains(_CHAINS)
    start = time.perf_counter()
    settings = FitSettings.preset("fast", starts=200)
    result = run_fit(FitRequest(Target(density_map, _RESOLUTION, _LEVEL), model, settings, device=device))
    seconds = time.perf_counter() - start
    if not result.placements:
        return False, "nothing found"
    best = result.placements[0]
    placed = best.pose.apply(model.fit_coordinates)
    found[device] = placed
    truth = model.fit_coordinates @ np.array(_ROTATION).T + np.array(_TRANSLATION)
    rmsd = float(np.sqrt(np.mean(np.sum((placed - truth) ** 2, axis=1))))
    passed = rmsd < RMSD_A and best.verdict is Verdict.UNIQUE
    return passed, f"RMSD {rmsd:.2f} Å to the truth, {best.verdict}, p {best.p_value:.1g}, {seconds:.1f} s"


def _agree(found: dict[str, Array]) -> tuple[bool, str]:
    names = list(found)
    off = max(float(np.linalg.norm(found[name] - found[names[0]], axis=1).max()) for name in names[1:])
    return off < RMSD_A, f"{', '.join(names)}: atoms within {off:.2f} Å"


def example(name: str) -> Path:
    """The path of a file of the example that comes with the program."""
    return Path(str(files("difffit_resources").joinpath("example", name)))
