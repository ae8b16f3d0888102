"""One chain of the shipped receptor, where it belongs in its map, and the same with a domain turned about a hinge."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model


@pytest.fixture(scope="session")
def example_folder(repository: Path) -> Path:
    return repository / "resources" / "example"


@pytest.fixture(scope="session")
def density(example_folder: Path) -> DensityMap:
    return read_map(example_folder / "1bd2_4A.mrc.gz")


@pytest.fixture(scope="session")
def receptor(example_folder: Path) -> AtomicModel:
    """Both chains, where they belong."""
    return read_model(example_folder / "1bd2.pdb.gz").select_chains(["D", "E"])


@pytest.fixture(scope="session")
def chain(receptor: AtomicModel) -> AtomicModel:
    """One of them."""
    return receptor.select_chains(["E"])


@pytest.fixture(scope="session")
def hinged() -> Callable[[AtomicModel, int, float], AtomicModel]:
    """A model with the residues from one on of chain E turned as one body about its CA, by an angle in degrees."""

    def turn(model: AtomicModel, first: int, degrees: float) -> AtomicModel:
        ours = model.chain_names == "E"
        part = ours & (model.residue_numbers >= first)
        pivot = model.coordinates[ours & (model.residue_numbers == first) & (model.atom_names == "CA")][0]
        coordinates = model.coordinates.copy()
        turned = Rotation.from_rotvec(np.radians(degrees) * np.array([0.8, 0.5, -0.33])).apply(coordinates[part] - pivot)
        coordinates[part] = turned + pivot
        return replace(model, coordinates=coordinates)

    return turn
