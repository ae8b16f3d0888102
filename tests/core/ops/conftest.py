"""A small anisotropic volume with points and poses, and what plain numpy says of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates

from difffit_core.conventions import position_to_index, quaternion_to_matrix
from difffit_core.ops.grid import Grid, PointSet
from difffit_core.pose import PoseBatch


@dataclass(frozen=True, eq=False)
class Problem:
    """Values [z, y, x] in a shifted frame with three different voxel sizes; poses put about a third of the points outside the box."""

    values: np.ndarray
    voxel_size: np.ndarray
    origin: np.ndarray
    points: np.ndarray
    weight: np.ndarray
    quaternions: np.ndarray
    translations: np.ndarray

    @property
    def grid(self) -> Grid:
        return Grid.of(self.values, self.voxel_size, self.origin)

    @property
    def frame(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.values, self.voxel_size, self.origin

    @property
    def point_set(self) -> PointSet:
        return PointSet.of(self.points)

    @property
    def poses(self) -> tuple[np.ndarray, np.ndarray]:
        return self.quaternions, self.translations

    def reference_samples(self, quaternions: np.ndarray | None = None, translations: np.ndarray | None = None) -> np.ndarray:
        """The volume (P, N) at the moved points, by scipy in float64."""
        q, t = self.poses if quaternions is None or translations is None else (quaternions, translations)
        moved = PoseBatch(quaternion_to_matrix(q), t).apply(self.points)
        index = position_to_index(moved, self.voxel_size, self.origin)[..., ::-1]
        return map_coordinates(self.values.astype(np.float64), np.moveaxis(index, -1, 0), order=1, mode="nearest")

    def reference_correlation(self, quaternions: np.ndarray | None = None, translations: np.ndarray | None = None) -> np.ndarray:
        """Pearson's correlation (P,) of those samples with the weight."""
        return np.array([np.corrcoef(row, self.weight)[0, 1] for row in self.reference_samples(quaternions, translations)])


def make_problem(poses: int, points: int, smoothing: float = 1.0, seed: int = 0) -> Problem:
    rng = np.random.default_rng(seed)
    values = gaussian_filter(rng.normal(size=(18, 23, 27)), smoothing)
    voxel_size, origin = np.array([1.3, 1.0, 0.8]), np.array([-40.0, 12.5, 103.0])
    weight = rng.normal(size=points)
    weight -= weight.mean()
    quaternions = rng.normal(size=(poses, 4))
    return Problem(
        (values / values.std()).astype(np.float32),
        voxel_size,
        origin,
        rng.normal(0, 4, (points, 3)),
        (weight / np.linalg.norm(weight)).astype(np.float32),
        quaternions / np.linalg.norm(quaternions, axis=1, keepdims=True),
        origin + rng.uniform(0, 1, (poses, 3)) * np.array(values.shape[::-1]) * voxel_size,
    )


@pytest.fixture(scope="session")
def new_problem() -> Callable[..., Problem]:
    """Makes a problem of so many poses and points."""
    return make_problem


@pytest.fixture(scope="session")
def problem() -> Problem:
    return make_problem(poses=40, points=150)
