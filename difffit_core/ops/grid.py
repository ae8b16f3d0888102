"""A volume made ready for the sampling kernels, and every question that is asked of it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, quaternion_to_matrix
from difffit_core.ops import kernels

Array32 = NDArray[np.float32]


_BLOCK_SAMPLES = 20_000_000
_STEPS = 32_767


def bordered(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """``values`` [z, y, x] with its outermost voxels repeated once all round, as the kernels expect."""
    return np.pad(values, 1, mode="edge")


def step_of(low: float, high: float) -> np.float32:
    """The unit of 16-bit numbers that reach from the lowest value of a volume to its highest, 0 among them."""
    return np.float32(max(-low, high) / _STEPS or 1.0)


@dataclass(frozen=True)
class Schedule:
    """Adam's step sizes: of the quaternion, of the translation in Å; the share by which they shrink to the end; and how many steps."""

    turn_rate: float
    shift_rate: float
    decay: float
    steps: int


@dataclass(frozen=True, eq=False)
class PointSet:
    """N points in Å as the three separate float32 arrays that the kernels read."""

    x: Array32
    y: Array32
    z: Array32

    @classmethod
    def of(cls, points: Array) -> "PointSet":
        """From points (N, 3), N at least 1."""
        if len(points) == 0:
            raise ValueError("a point set needs at least one point")
        x, y, z = (np.ascontiguousarray(points[:, axis], np.float32) for axis in range(3))
        return cls(x, y, z)

    def __len__(self) -> int:
        return len(self.x)

    @property
    def columns(self) -> tuple[Array32, Array32, Array32]:
        return self.x, self.y, self.z


@dataclass(frozen=True, eq=False)
class Asked:
    """One of several climbs that are asked for together: points, weight (N,), quaternions (P, 4) and translations (P, 3), as for one."""

    points: PointSet
    weight: Array32 | None
    quaternions: Array
    translations: Array


@dataclass(frozen=True, eq=False)
class Grid:
    """A volume with the frame it lies in, laid out for the kernels. Outside its box the border value goes on.

    Poses are quaternions (P, 4), as (w, x, y, z), and translations (P, 3) in Å in the frame of the map, float64.
    """

    flat: Array32
    shape: NDArray[np.int32]
    scale: Array32
    origin: Array

    @classmethod
    def of(cls, values: NDArray[np.floating], voxel_size: Array, origin: Array) -> "Grid":
        """From values [z, y, x], voxel size (x, y, z) and the position of voxel [0, 0, 0], in Å."""
        padded = np.ascontiguousarray(bordered(values), np.float32)
        size = np.asarray(voxel_size, np.float64)
        return cls(
            padded.ravel(), np.array(padded.shape[::-1], np.int32), (1 / size).astype(np.float32), np.asarray(origin, np.float64) - size
        )

    @cached_property
    def _pairs(self) -> tuple[NDArray[np.int32], np.float32]:
        """What climbs and correlations read: each voxel with the next, in whole steps, and the step."""
        step = step_of(float(self.flat.min()), float(self.flat.max()))
        pairs = np.empty(self.flat.shape, np.int32)
        kernels.pair(self.flat, step, pairs)
        return pairs, step

    def _poses(self, quaternions: Array, translations: Array) -> tuple[Array32, Array32]:
        return quaternion_to_matrix(quaternions).astype(np.float32), (translations - self.origin).astype(np.float32)

    def mean(self, points: PointSet, quaternions: Array, translations: Array) -> Array32:
        """Mean (P,) of the volume over the points of each pose."""
        values = np.empty(len(quaternions), np.float32)
        gradients = np.empty((len(quaternions), 12), np.float32)
        kernels.mean_and_gradient(
            self.flat, self.shape, self.scale, *points.columns, *self._poses(quaternions, translations), values, gradients
        )
        return values

    def correlation(self, points: PointSet, weight: Array32, quaternions: Array, translations: Array) -> Array32:
        """Correlation about the mean (P,) of the volume at the points of each pose with ``weight`` (N,), of mean 0 and length 1."""
        values = np.empty(len(quaternions), np.float32)
        kernels.correlation(
            self._pairs[0], self.shape, self.scale, *points.columns, weight, *self._poses(quaternions, translations), values
        )
        return values

    def correlation_and_gradient(self, points: PointSet, weight: Array32, rotation: Array, translation: Array) -> tuple[float, Array]:
        """`correlation` at one pose, a matrix (3, 3) and (3,) in Å, and its gradient (6,).

        The gradient is by Å along (x, y, z), then by radian about each, turned round the points' origin.
        """
        gradient = np.empty(6, np.float32)
        value = kernels.correlation_and_gradient(
            self.flat, self.shape, self.scale, *points.columns, weight,
            rotation.astype(np.float32), (translation - self.origin).astype(np.float32), gradient,
        )  # fmt: skip
        return float(value), gradient.astype(np.float64)

    def samples(self, points: PointSet, quaternions: Array, translations: Array) -> Array32:
        """The volume (P, N) at every point of every pose."""
        values = np.empty((len(quaternions), len(points)), np.float32)
        kernels.samples(self.flat, self.shape, self.scale, *points.columns, *self._poses(quaternions, translations), values)
        return values

    def samples_at(self, points: PointSet, rotation: Array, translation: Array) -> Array32:
        """`samples` (N,) at one pose, a matrix (3, 3) and (3,) in Å, on the thread that calls: safe beside a fit that runs."""
        values = np.empty(len(points), np.float32)
        kernels.samples_at(
            self.flat, self.shape, self.scale, *points.columns,
            rotation.astype(np.float32), (translation - self.origin).astype(np.float32), values,
        )  # fmt: skip
        return values

    def block_poses(self, points: PointSet, schedule: Schedule) -> int:
        """How many poses to climb at a time to hear from it about ten times a second."""
        return max(1, _BLOCK_SAMPLES // (len(points) * schedule.steps))

    def climb(
        self, points: PointSet, weight: Array32 | None, quaternions: Array, translations: Array, schedule: Schedule
    ) -> tuple[Array, Array, Array32]:
        """Each pose moved uphill and left at the best place it saw: unit quaternions (P, 4), translations (P, 3), values (P,) there.

        The objective is the mean over the points or, with ``weight``, the correlation with it.
        """
        turns, shifts, values = self._climb(points, weight, quaternions, translations, schedule, np.empty((0, 0, 7), np.float32))
        return _unit(turns), shifts.astype(np.float64) + self.origin, values

    def trace(
        self, points: PointSet, weight: Array32 | None, quaternions: Array, translations: Array, schedule: Schedule
    ) -> tuple[Array, Array]:
        """The way that `climb` takes: the best place seen up to each of S steps, unit quaternions (S, P, 4) and translations (S, P, 3).

        The first is where it starts, the last where `climb` leaves the pose.
        """
        trace = np.empty((len(quaternions), schedule.steps, 7), np.float32)
        self._climb(points, weight, quaternions, translations, schedule, trace)
        steps = trace.transpose(1, 0, 2)
        return _unit(steps[..., :4]), steps[..., 4:].astype(np.float64) + self.origin

    def _climb(
        self, points: PointSet, weight: Array32 | None, quaternions: Array, translations: Array, schedule: Schedule, trace: Array32
    ) -> tuple[Array32, Array32, Array32]:
        turns = np.array(quaternions, np.float32, order="C")
        shifts = (translations - self.origin).astype(np.float32)
        values = np.empty(len(turns), np.float32)
        weights = np.empty(0, np.float32) if weight is None else weight
        pairs, step = self._pairs
        kernels.climb(
            pairs, self.shape, self.scale, *points.columns, weights, turns, shifts,
            schedule.turn_rate, schedule.shift_rate, schedule.decay, schedule.steps, values, trace,
        )  # fmt: skip
        if weight is None:
            values *= step
        return turns, shifts, values


def _unit(quaternions: NDArray[np.floating]) -> Array:
    wide: Array = quaternions.astype(np.float64)
    wide /= np.linalg.norm(wide, axis=-1, keepdims=True)
    return wide
