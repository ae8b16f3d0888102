"""A model made ready to be one part of a composite."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.solid import solid_atoms, sure_atoms
from difffit_core.conventions import Array, matrix_to_quaternion
from difffit_core.density_map import DensityMap
from difffit_core.ops.simulate import LocalDensity, simulate_on_grid
from difffit_core.pose import Pose, PoseBatch


@dataclass(frozen=True, eq=False)
class Body:
    """The fitted atoms of a model, and every question about them at a pose. Lengths in Å.

    Attributes
    ----------
    model : the model as it was read; only its ``in_fit`` atoms count
    bends : of those (N,), which may lie otherwise, so that they take no room for sure; None for none
    """

    model: AtomicModel
    bends: NDArray[np.bool_] | None = None

    @cached_property
    def coordinates(self) -> Array:
        """(N, 3), as in the file."""
        return self.model.fit_coordinates

    @cached_property
    def sure(self) -> Array:
        """(S, 3), as in the file: atoms that another model must not touch, see `solid.sure_atoms`; all where there is none."""
        return self._unbent(sure_atoms(self.model))

    @cached_property
    def solid(self) -> Array:
        """(S, 3), as in the file: atoms that take up room for sure, see `solid.solid_atoms`; all where there is none."""
        return self._unbent(solid_atoms(self.model))

    def _unbent(self, kept: NDArray[np.bool_]) -> Array:
        kept = kept if self.bends is None else kept & ~self.bends
        return self.coordinates[kept] if kept.any() else self.coordinates

    @cached_property
    def weights(self) -> Array:
        """(N,), what each atom weighs in a map: its atomic number."""
        return self.model.fit_atomic_numbers.astype(np.float64)

    @cached_property
    def centre(self) -> Array:
        """(3,), the mean of the atoms."""
        centre: Array = self.coordinates.mean(axis=0)
        return centre

    @cached_property
    def covariance(self) -> Array:
        """(3, 3) in Å², of the atoms about their centre."""
        points = self.coordinates - self.centre
        spread: Array = points.T @ points / len(points)
        return spread

    @cached_property
    def radius(self) -> float:
        """From the centre to the outermost atom."""
        return float(np.linalg.norm(self.coordinates - self.centre, axis=1).max())

    def density(self, pose: Pose, like: DensityMap, resolution: float) -> LocalDensity:
        """What the model at ``pose`` would put on the grid of a map of ``resolution``."""
        return simulate_on_grid(pose.apply(self.coordinates), self.weights, resolution, like.voxel_size, like.origin, like.values.shape)

    def rmsd(self, first: PoseBatch, second: PoseBatch) -> Array:
        """Root mean square distance (P, Q) of the atoms between every pose of ``first`` and every one of ``second``."""
        a, b = self.centres(first), self.centres(second)
        common = np.einsum("pij,jk,qik->pq", first.rotations, self.covariance, second.rotations)
        apart = ((a[:, None] - b) ** 2).sum(axis=2)
        distance: Array = np.sqrt(np.maximum(apart + 2 * (np.trace(self.covariance) - common), 0))
        return distance

    def centres(self, poses: PoseBatch) -> Array:
        """Where each pose puts the centre, (P, 3)."""
        return poses.rotations @ self.centre + poses.translations

    def centred(self, poses: PoseBatch) -> tuple[Array, Array]:
        """Poses as a search takes them: quaternions (P, 4) and the place of the centre (P, 3)."""
        return matrix_to_quaternion(poses.rotations), self.centres(poses)

    def uncentred(self, rotations: Array, centres: Array) -> PoseBatch:
        """Poses from rotations (P, 3, 3) and where they put the centre (P, 3)."""
        return PoseBatch(rotations, centres - rotations @ self.centre)
