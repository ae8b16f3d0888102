"""A small density, a library of pieces of the shipped example, and screens of it."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.fit.settings import FitSettings
from difffit_core.io.models import read_model, write_model
from difffit_core.screen.listing import list_library
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.rows import ScreenRow
from difffit_core.screen.run import open_screen, run_screen
from difffit_core.screen.store import ScreenStore
from difffit_core.screen.workers import ThisProcess
from difffit_core.target import Target

RESOLUTION, VOXEL = 7.0, 2.0
QUICK = FitSettings.preset("fast", starts=300, steps=30, candidates=20, polished=30)


@dataclass(frozen=True)
class Library:
    """A folder of models, of which ``right`` is the one that the density was made of; ``broken`` cannot be read."""

    folder: Path
    right: str
    broken: str


def piece(model: AtomicModel, chain: str, first: int, last: int) -> AtomicModel:
    """Residues of a chain, counted from 0, as a model of their own."""
    model = model.select_chains([chain])
    start = int(model.residue_index.min())
    structure = model.structure.clone()
    for name in [one.name for one in structure[0] if one.name != chain]:
        structure[0].remove_chain(name)
    residues = structure[0][0]
    for index in reversed(range(len(residues))):
        if not first <= index < last:
            del residues[index]
    keep = (model.residue_index - start >= first) & (model.residue_index - start < last)
    arrays = {name: array[keep] for name, array in model._arrays().items()}
    return replace(model, structure=structure, **arrays)


@pytest.fixture(scope="session")
def example_model(repository: Path) -> AtomicModel:
    return read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz")


@pytest.fixture(scope="session")
def small_map(example_model: AtomicModel) -> DensityMap:
    """The first 90 residues of chain A at 7 Å, with noise."""
    part = piece(example_model, "A", 0, 90)
    points, weights = part.fit_coordinates, part.fit_atomic_numbers.astype(float)
    origin = np.floor(points.min(axis=0)) - 10
    index = np.rint((points - origin) / VOXEL).astype(int)
    values = np.zeros(tuple(index.max(axis=0)[::-1] + 6), np.float32)
    np.add.at(values, tuple(index.T[::-1]), weights)
    values = gaussian_filter(values, 0.225 * RESOLUTION / VOXEL)
    values += np.random.default_rng(0).normal(0, 0.03 * values.max(), values.shape).astype(np.float32)
    return DensityMap(values / values.max(), np.full(3, VOXEL), origin)


@pytest.fixture(scope="session")
def library(example_model: AtomicModel, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Seven pieces of 55 to 90 residues in PDB and mmCIF, plain and gzipped, in folders; a broken file; and files that are no models."""
    folder = tmp_path_factory.mktemp("library") / "a library"
    (folder / "deeper").mkdir(parents=True)
    pieces = (
        ("A", 0, 90, "the right one.cif.gz"), ("E", 120, 200, "e2.pdb"), ("A", 180, 270, "a3.ent"), ("B", 0, 70, "b1.cif"),
        ("D", 0, 80, "deeper/d1.pdb.gz"), ("D", 110, 165, "deeper/d2.pdb"), ("E", 0, 85, "e1.pdb"),
    )  # fmt: skip
    for chain, first, last, name in pieces:
        write_model(folder / name, piece(example_model, chain, first, last))
    (folder / "broken.pdb").write_text("ATOM      1  N   MET A   1      xx.xxx\n")
    (folder / "index.tsv").write_text("file\tresidues\n")
    (folder / ".hidden.pdb").write_text("")
    return Library(folder, "the right one.cif.gz", "broken.pdb")


@pytest.fixture(scope="session")
def make_request(small_map: DensityMap) -> Callable[..., ScreenRequest]:
    def make(**changes: Any) -> ScreenRequest:
        return ScreenRequest(Target(small_map, RESOLUTION, 0.25), **{"settings": QUICK, "device": "cpu", **changes})

    return make


@pytest.fixture(scope="session")
def screened(make_request: Callable[..., ScreenRequest], library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a whole screen, done in this process without interruption."""
    path = tmp_path_factory.mktemp("screened") / "screen.sqlite"
    screen_all(path, make_request(), library.folder)
    return path


def screen_all(path: Path, request: ScreenRequest, library: Path) -> None:
    with open_screen(path, request, list_library(library), resume=False) as store:
        assert run_screen(store, ThisProcess(request, 1), request.promising)


def results(path: Path) -> dict[str, tuple[object, ...]]:
    """All that a store holds of each model, by name, but for ids: what two screens must agree on."""
    with ScreenStore.open(path, to_read=True) as store:
        return {
            os.path.relpath(row.path) + row.part: (
                *(getattr(row, name) for name in ScreenRow._fields if name not in ("id", "path", "part")),
                *(str(one.to_dict()) for one in store.placements(row.id)),
            )
            for row in store.rows()
        }
