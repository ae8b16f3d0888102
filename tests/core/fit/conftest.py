"""Known answers: a protein chain and its map, made by summing Gaussians at voxel centres; and the shipped example."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import map_coordinates
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.fit.request import FitRequest
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.pose import Pose
from difffit_core.target import Target

VOXEL_SIZE, RESOLUTION = np.array([1.6, 1.5, 1.8]), 6.0


def gaussians(points: np.ndarray, weights: np.ndarray, resolution: float, axes: list[np.ndarray]) -> np.ndarray:
    """Sum [z, y, x] of Gaussians of σ = 0.225 resolution at the voxel centres that ``axes`` (x, y, z) span; its own simulation."""
    sigma = 0.225 * resolution
    x, y, z = (np.exp(-0.5 * ((axis - points[:, [i]]) / sigma) ** 2) for i, axis in enumerate(axes))
    planes = np.einsum("ay,ax->ayx", y, x).reshape(len(points), -1)
    total = (z * weights[:, None]).T @ planes / ((2 * np.pi) ** 1.5 * sigma**3)
    return total.reshape(len(axes[2]), len(axes[1]), len(axes[0]))


def simulated_map(
    points: np.ndarray, weights: np.ndarray, resolution: float, voxel_size: np.ndarray, margin: float = 8.0, noise: float = 0.0
) -> DensityMap:
    """A map of atoms, scaled to a maximum of 3; ``noise`` is a share of that, smoothed by nothing, seeded."""
    origin = points.min(axis=0) - margin
    counts = np.ceil((np.ptp(points, axis=0) + 2 * margin) / voxel_size).astype(int)
    axes = [origin[i] + voxel_size[i] * np.arange(counts[i]) for i in range(3)]
    values = gaussians(points, weights, resolution, axes)
    values *= 3 / values.max()
    values += np.random.default_rng(0).normal(0, 3 * noise, values.shape)
    return DensityMap(values.astype(np.float32), voxel_size, origin)


def rmsd(a: Pose, b: Pose, points: np.ndarray) -> float:
    """Root mean square distance in Å of ``points`` (N, 3) moved by either pose."""
    return float(np.sqrt(((a.apply(points) - b.apply(points)) ** 2).sum(axis=1).mean()))


def moved(model: AtomicModel, pose: Pose) -> AtomicModel:
    return replace(model, coordinates=pose.apply(model.coordinates))


@dataclass(frozen=True, eq=False)
class Problem:
    """A model, a map of anisotropic voxels and shifted origin in which it sits at ``truth``, and a level that encloses it."""

    model: AtomicModel
    density_map: DensityMap
    truth: Pose
    resolution: float
    level: float

    def request(self, preset: str = "fast", *, seed: int = 0, threads: int | None = None, **changes: Any) -> FitRequest:
        settings = FitSettings.preset(preset, **changes)
        return FitRequest(Target(self.density_map, self.resolution, self.level), self.model, settings, seed, "cpu", threads)

    def error(self, pose: Pose) -> float:
        """RMSD in Å to the truth."""
        return rmsd(pose, self.truth, self.model.fit_coordinates)


@pytest.fixture(scope="session")
def example_folder(repository: Path) -> Path:
    return repository / "resources" / "example"


@pytest.fixture(scope="session")
def beta2(example_folder: Path) -> AtomicModel:
    """β2-microglobulin as deposited, 100 residues."""
    return read_model(example_folder / "1bd2.pdb.gz").select_chains(["B"])


@pytest.fixture(scope="session")
def problem(beta2: AtomicModel) -> Problem:
    """That chain in a map of its own at 6 Å, turned and shifted away from it."""
    density_map = simulated_map(beta2.fit_coordinates, beta2.fit_atomic_numbers.astype(float), RESOLUTION, VOXEL_SIZE, noise=0.01)
    away = Pose(Rotation.random(random_state=np.random.default_rng(7)).as_matrix(), np.array([61.0, -40.0, 12.0]))
    return Problem(moved(beta2, away), density_map, away.invert(), RESOLUTION, 0.6)


@pytest.fixture(scope="session")
def example(example_folder: Path) -> Problem:
    """The shipped example, chains D and E: a T-cell receptor in the map of its complex; the truth is that of its README."""
    model = read_model(example_folder / "1bd2_moved.pdb.gz").select_chains(["D", "E"])
    table = [line.replace("|", " ").split() for line in (example_folder / "README.md").read_text().splitlines() if " |  " in line]
    matrix = np.array([[float(number) for number in row] for row in table if len(row) == 4])
    truth = Pose(matrix[:, :3], matrix[:, 3])
    return Problem(model, read_map(example_folder / "1bd2_4A.mrc.gz"), truth, 4.0, 0.4)


@pytest.fixture(scope="session")
def simulated_at_atoms() -> Callable[[np.ndarray, np.ndarray, float, float], np.ndarray]:
    """A model's own density at its atoms (N,), sampled on a grid of that spacing as the map is on its voxels."""

    def sample(points: np.ndarray, weights: np.ndarray, resolution: float, spacing: float) -> np.ndarray:
        low, high = np.floor(points.min(axis=0) / spacing) - 5, np.ceil(points.max(axis=0) / spacing) + 6
        axes = [spacing * np.arange(start, end) for start, end in zip(low, high, strict=True)]
        values = gaussians(points, weights, resolution, axes)
        return map_coordinates(values, (points / spacing - low)[:, ::-1].T, order=1)

    return sample


@pytest.fixture(scope="session")
def make_map() -> Callable[..., DensityMap]:
    return simulated_map


@pytest.fixture(scope="session")
def pose_rmsd() -> Callable[[Pose, Pose, np.ndarray], float]:
    return rmsd


@pytest.fixture(scope="session")
def move_model() -> Callable[[AtomicModel, Pose], AtomicModel]:
    return moved
