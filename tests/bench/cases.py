"""Map and model pairs whose true pose is known, from the folder `shared` beside the repository, moved as its own scorer moves them."""

import importlib.util
import json
import tempfile
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import gemmi
import numpy as np
from errors_to_truth import Truth

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import FitRequest
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.target import Target

SHARED = Path(__file__).resolve().parents[3] / "shared"
DATA = SHARED / "data"


class Absent(Exception):
    """Data that a section needs is not on this machine."""


def needed(path: Path) -> Path:
    if not path.exists():
        raise Absent(f"there is no {path}")
    return path


@dataclass(frozen=True, eq=False)
class Case:
    """One map and one model, moved at random; ``truth`` says where it belongs."""

    name: str
    density_map: DensityMap
    model: AtomicModel
    resolution: float
    level: float
    truth: Truth

    def request(self, settings: FitSettings, seed: int) -> FitRequest:
        return FitRequest(Target(self.density_map, self.resolution, self.level), self.model, settings, seed, device="cpu")


def descriptions(file: Path) -> list[dict[str, Any]]:
    """The cases of a file that have a known answer."""
    return [case for case in json.loads(needed(file).read_text()) if "no-truth" not in case.get("tags", [])]


def load(description: dict[str, Any], root: Path, seed: int) -> Case:
    """The case with its model turned and shifted by ``seed``; read from a file, as a user's would be."""
    scores = scorer()
    name = description["name"]
    structure = scores.load_chains(root / description["model"], description["chains"])
    points = scores.xyz(structure)
    rotation, translation = scores.random_transform(np.random.default_rng([seed, *name.encode()]))
    structure[0].transform_pos_and_adp(gemmi.Transform(gemmi.Mat33(rotation.tolist()), gemmi.Vec3(*translation.tolist())))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.cif"
        structure.make_mmcif_document().write_file(str(file))
        model = read_model(file)
    back = [(r @ rotation.T, t - r @ rotation.T @ translation) for r, t in scores.copies_of(description, root)]
    truth = Truth(
        points @ rotation.T + translation,
        np.array([r for r, _ in back]),
        np.array([t for _, t in back]),
        description.get("tolerance", 3.0),
    )
    return Case(name, _map(root / description["map"]), model, description["resolution"], description["level"], truth)


@lru_cache(maxsize=4)
def _map(path: Path) -> DensityMap:
    return read_map(needed(path))


@cache
def scorer() -> ModuleType:
    """`run_cases.py`, so that what counts as solved is decided there alone."""
    file = needed(SHARED / "benchmark" / "run_cases.py")
    spec = importlib.util.spec_from_file_location("run_cases", file)
    if spec is None or spec.loader is None:
        raise Absent(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
