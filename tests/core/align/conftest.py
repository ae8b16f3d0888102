"""A real map, and the same turned away by splines into a box of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.conventions import rotation_angle
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map
from difffit_core.map_edit.onto_grid import resampled
from difffit_core.pose import Pose


@dataclass(frozen=True)
class Moved:
    """A map after ``pose``, of which an alignment should give the inverse."""

    density_map: DensityMap
    pose: Pose
    middle: np.ndarray

    def error(self, found: Pose) -> tuple[float, float]:
        """Degrees and Å, the latter at the middle of the box, by which a pose misses."""
        back = found.compose(self.pose)
        return float(rotation_angle(np.eye(3), back.rotation)), float(np.linalg.norm(back.apply(self.middle) - self.middle))


def move(density_map: DensityMap, seed: int, voxel: float | None = None) -> Moved:
    """Turn and shift at random, into a cubic box that holds all of it, with voxels of another size if that is given."""
    rng = np.random.default_rng(seed)
    size = voxel or float(density_map.voxel_size.min())
    middle = density_map.origin + (density_map.shape_xyz - 1) / 2 * density_map.voxel_size
    rotation = Rotation.random(rng=rng).as_matrix()
    pose = Pose(rotation, rng.uniform(-60, 60, 3) - rotation @ middle)
    count = int(np.ceil(np.linalg.norm(density_map.box) / size))
    corner = pose.apply(middle) - (count - 1) / 2 * size
    grid = DensityMap(np.zeros((count, count, count), np.float32), np.full(3, size), corner, f"{density_map.name} moved")
    return Moved(resampled(density_map, pose, grid)[0], pose, middle)


@pytest.fixture
def moved() -> Callable[..., Moved]:
    return move


@pytest.fixture(scope="session")
def example_map(repository: Path) -> DensityMap:
    """The map that ships: a T-cell receptor and an MHC molecule at 4 Å, 1.4 Å voxels."""
    return read_map(repository / "resources" / "example" / "1bd2_4A.mrc.gz")


def cut_out(density_map: DensityMap, centre: np.ndarray, radius: float) -> DensityMap:
    """What lies in a sphere, in a box of its own."""
    index = np.indices(density_map.values.shape)[::-1].reshape(3, -1).T * density_map.voxel_size + density_map.origin
    near = (((index - centre) ** 2).sum(axis=1) < radius**2).reshape(density_map.values.shape)
    corners = [np.flatnonzero(near.any(axis=tuple(a for a in range(3) if a != axis))) for axis in range(3)]
    box = tuple(slice(int(c[0]), int(c[-1]) + 1) for c in corners)
    origin = density_map.positions(np.array([[part.start for part in box]]))[0]
    return DensityMap(np.where(near, density_map.values, 0)[box], density_map.voxel_size, origin, "piece")
