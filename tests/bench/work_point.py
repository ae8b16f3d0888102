"""One point of `work`, alone in its process: `python work_point.py JSON`; its seconds and the atoms it fitted, as JSON."""

import json
import sys
import time
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Self

import numpy as np
from example import MODEL, stretched

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.target import Target

COPIES = 3
"""Of the example along each axis, in the assembly."""
GAP = 3.0
"""Å between them."""
_ENOUGH = 3.0
"""Seconds after which a point is not measured again."""


@dataclass(frozen=True)
class Point:
    """What is fitted: ``atoms`` of the assembly, or a chain of the example where that is 0; in the map of a file.

    ``changes`` are the settings other than the preset's; nothing is early about it, so that work is what the settings say.
    """

    map_file: str
    level: float
    resolution: float
    preset: str
    changes: dict[str, int]
    atoms: int = 0
    repeats: int = 1

    @classmethod
    def parsed(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def text(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Seconds:
    """Of reading the map, and of a fit and its parts, the shortest of the runs."""

    read: float
    prepare: float
    search: float
    rank: float

    @property
    def total(self) -> float:
        return self.read + self.prepare + self.search + self.rank


def assembly(atoms: int) -> AtomicModel:
    """The ``atoms`` nearest to the middle of 3 × 3 × 3 copies of the shipped example, side by side."""
    one = read_model(MODEL)
    one = replace(one, **{name: array[one.in_fit] for name, array in one._arrays().items()})
    extent = np.ptp(one.coordinates, axis=0) + GAP
    shifts = np.array(list(product(range(COPIES), repeat=3))) * extent
    coordinates = (one.coordinates[None] + shifts[:, None]).reshape(-1, 3)
    distance = np.linalg.norm(coordinates - coordinates.mean(axis=0), axis=1)
    if atoms > len(coordinates):
        raise ValueError(f"the assembly has {len(coordinates)} atoms, not {atoms}")
    kept = np.sort(np.argsort(distance, kind="stable")[:atoms])
    copy, within = np.divmod(kept, len(one))
    arrays = {name: array[within] for name, array in one._arrays().items()}
    residues = arrays["residue_index"] + copy * (int(one.residue_index.max()) + 1)
    return replace(one, **arrays | {"coordinates": coordinates[kept], "residue_index": residues}, structure=None)


def _request(point: Point, density_map: DensityMap) -> FitRequest:
    model = assembly(point.atoms) if point.atoms else read_model(MODEL).select_chains(["D"])
    settings = FitSettings.preset(point.preset, stop_p=0.0, **point.changes)
    return FitRequest(Target(density_map, point.resolution, point.level), model, settings, device="cpu")


def _warm(preset: str) -> None:
    """Have the compiled code loaded."""
    small = stretched(48)
    model = read_model(MODEL).select_chains(["D"])
    run_fit(
        FitRequest(Target(small, 8.0, float(np.quantile(small.values, 0.97))), model, FitSettings.preset(preset, starts=50), device="cpu")
    )


def measure(point: Point) -> Seconds:
    _warm(point.preset)
    start = time.perf_counter()
    density_map = read_map(Path(point.map_file))
    read = time.perf_counter() - start
    request = _request(point, density_map)
    timings = []
    for _ in range(point.repeats):
        timings.append(run_fit(request).timing)
        if time.perf_counter() - start > _ENOUGH:
            break
    best = min(timings, key=lambda timing: timing["search_s"])
    return Seconds(read, best["prepare_s"], best["climb_s"], best["rank_s"])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure(Point.parsed(sys.argv[1])))))
