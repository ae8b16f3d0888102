"""A protein chain in a map that is made of it, by summing Gaussians at voxel centres."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.io.models import read_model
from difffit_core.pose import Pose

VOXEL_SIZE = np.array([0.8, 0.7, 0.9])


def gaussian_map(points: np.ndarray, weights: np.ndarray, sigma: float, voxel_size: np.ndarray, margin: float = 6.0) -> DensityMap:
    """Sum of Gaussians at voxel centres."""
    origin = points.min(axis=0) - margin
    counts = np.ceil((np.ptp(points, axis=0) + 2 * margin) / voxel_size).astype(int)
    x, y, z = (np.exp(-0.5 * ((origin[i] + voxel_size[i] * np.arange(counts[i]) - points[:, [i]]) / sigma) ** 2) for i in range(3))
    planes = np.einsum("ay,ax->ayx", y, x).reshape(len(points), -1)
    values = ((z * weights[:, None]).T @ planes).reshape(counts[::-1])
    return DensityMap(values.astype(np.float32), voxel_size, origin)


@dataclass(frozen=True, eq=False)
class Placed:
    """A model, turned and shifted away; the pose that takes it back; and the coordinates where it takes them (M, 3)."""

    model: AtomicModel
    pose: Pose
    points: np.ndarray

    def shifted(self, x: float, y: float, z: float) -> Pose:
        """The pose, and then a shift in Å."""
        return Pose(self.pose.rotation, self.pose.translation + np.array([x, y, z]))


@pytest.fixture(scope="session")
def placed(repository: Path) -> Placed:
    """The first 60 residues of β2-microglobulin."""
    chain = read_model(repository / "resources" / "example" / "1bd2.pdb.gz").select_chains(["B"])
    keep = chain.residue_index < chain.residue_index.min() + 60
    first = replace(chain, **{name: array[keep] for name, array in chain._arrays().items()})
    away = Pose(Rotation.random(random_state=np.random.default_rng(7)).as_matrix(), np.array([61.0, -40.0, 12.0]))
    moved = replace(first, coordinates=away.apply(first.coordinates))
    return Placed(moved, away.invert(), away.invert().apply(moved.fit_coordinates))


@pytest.fixture(scope="session")
def make_map() -> Callable[..., DensityMap]:
    return gaussian_map


@pytest.fixture(scope="session")
def sharp_map(placed: Placed) -> DensityMap:
    """Every atom a Gaussian of 0.6 Å."""
    return gaussian_map(placed.points, np.ones(len(placed.points)), 0.6, VOXEL_SIZE / 2)


@pytest.fixture(scope="session")
def map_at_4(placed: Placed) -> DensityMap:
    """The map at 4 Å, 0.225 of that being the width of an atom, weighted by atomic number."""
    return gaussian_map(placed.points, placed.model.fit_atomic_numbers.astype(float), 0.225 * 4, VOXEL_SIZE)
