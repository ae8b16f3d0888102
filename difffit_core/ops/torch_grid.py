"""`ops.grid.Grid` for every device that torch knows: the same questions, the same answers, float32 and numpy in and out.

The climb is that of `ops.kernels.climb`: on CUDA in one kernel (`ops.triton_climb`), elsewhere by plain torch operations
(`ops.torch_climb`). Step by step they do the same sums in another order, so that two devices part by rounding only; Adam divides by the
size of the gradient, and a rounding error grows with every step near a maximum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from difffit_core.conventions import Array, quaternion_to_matrix
from difffit_core.ops import torch_kernels
from difffit_core.ops.grid import Array32, Asked, PointSet, Schedule, step_of
from difffit_core.ops.torch_climb import climb_on, together_on

_STEP_SAMPLES = 2_000_000


@dataclass(frozen=True, eq=False)
class TorchGrid:
    """A volume on a torch device with the frame it lies in. Outside its box the border value goes on.

    Poses are quaternions (P, 4), as (w, x, y, z), and translations (P, 3) in Å in the frame of the map, float64, and must be finite.

    Attributes
    ----------
    volume : float32 [z, y, x] with its border
    scale : float32 (3,), 1 / voxel size (x, y, z)
    origin : (3,) in Å, the centre of the border's voxel [0, 0, 0]
    """

    volume: Tensor
    scale: Tensor
    origin: Array

    @classmethod
    def of(cls, values: NDArray[np.floating], voxel_size: Array, origin: Array, device: str | torch.device) -> "TorchGrid":
        """From values [z, y, x], voxel size (x, y, z) and the position of voxel [0, 0, 0], in Å."""
        size = np.asarray(voxel_size, np.float64)
        volume = torch.tensor(np.asarray(values, np.float32), device=device)
        scale = torch.tensor((1 / size).astype(np.float32), device=device)
        return cls(torch_kernels.bordered(volume), scale, np.asarray(origin, np.float64) - size)

    @cached_property
    def _in_steps(self) -> Tensor:
        """What climbs and correlations read: the volume in the whole steps that `ops.grid.Grid` reads, so that both climb the same."""
        return (self.volume / self._step).round_()

    @cached_property
    def _step(self) -> float:
        return float(step_of(float(self.volume.min()), float(self.volume.max())))

    def mean(self, points: PointSet, quaternions: Array, translations: Array) -> Array32:
        """Mean (P,) of the volume over the points of each pose."""
        columns, moves, values = self._columns(points), self._moves(quaternions, translations), np.empty(len(quaternions), np.float32)
        for chunk in torch_kernels.chunks(len(moves), columns):
            values[chunk] = torch_kernels.mean_and_gradient(self.volume, columns, moves[chunk])[0].cpu().numpy()
        return values

    def correlation(self, points: PointSet, weight: Array32, quaternions: Array, translations: Array) -> Array32:
        """Correlation about the mean (P,) of the volume at the points of each pose with ``weight`` (N,), of mean 0 and length 1."""
        columns, moves, values = self._columns(points), self._moves(quaternions, translations), np.empty(len(quaternions), np.float32)
        weights = self._put(weight)
        for chunk in torch_kernels.chunks(len(moves), columns):
            values[chunk] = torch_kernels.correlation_and_gradient(self._in_steps, columns, weights, moves[chunk])[0].cpu().numpy()
        return values

    def samples(self, points: PointSet, quaternions: Array, translations: Array) -> Array32:
        """The volume (P, N) at every point of every pose."""
        columns, moves = self._columns(points), self._moves(quaternions, translations)
        values = np.empty((len(quaternions), len(points)), np.float32)
        for chunk in torch_kernels.chunks(len(moves), columns):
            pieces = torch_kernels.pieces(columns, chunk.stop - chunk.start)
            parts = [torch_kernels.interpolate(self.volume, piece, moves[chunk])[0].cpu() for piece in pieces]
            values[chunk] = torch.cat(parts, dim=1).numpy()
        return values

    def block_poses(self, points: PointSet, schedule: Schedule) -> int:  # noqa: ARG002
        """How many poses to climb at a time: enough for every step to fill a GPU."""
        return max(1, _STEP_SAMPLES // len(points))

    def climb(
        self, points: PointSet, weight: Array32 | None, quaternions: Array, translations: Array, schedule: Schedule
    ) -> tuple[Array, Array, Array32]:
        """Each pose moved uphill and left at the best place it saw: unit quaternions (P, 4), translations (P, 3), values (P,) there.

        The objective is the mean over the points or, with ``weight``, the correlation with it.
        """
        states, values = self._climb(points, weight, quaternions, translations, schedule)
        return *self._poses(states[-1]), values

    def climb_together(self, asked: Sequence[Asked], schedule: Schedule) -> list[tuple[Array, Array, Array32]]:
        """Several climbs, all of the mean or all of the correlation: what `climb` gives for each, in one launch on CUDA."""
        together = together_on(self.volume.device.type)
        if together is None or len(asked) == 1:
            return [self.climb(one.points, one.weight, one.quaternions, one.translations, schedule) for one in asked]
        points = [self._put(np.stack(one.points.columns, axis=1)) for one in asked]
        weights = [self._put(one.weight) for one in asked if one.weight is not None] or None
        starts = [self._starts(one.quaternions, one.translations) for one in asked]
        found = together(self._in_steps, self.scale, points, weights, starts, schedule)
        return [(*self._poses(states.cpu().double().numpy()[-1]), self._values(values, weights is None)) for states, values in found]

    def trace(
        self, points: PointSet, weight: Array32 | None, quaternions: Array, translations: Array, schedule: Schedule
    ) -> tuple[Array, Array]:
        """The way that `climb` takes: the best place seen up to each of S steps, unit quaternions (S, P, 4) and translations (S, P, 3).

        The first is where it starts, the last where `climb` leaves the pose.
        """
        return self._poses(self._climb(points, weight, quaternions, translations, schedule, every_step=True)[0])

    def _poses(self, states: Array) -> tuple[Array, Array]:
        return states[..., :4] / np.linalg.norm(states[..., :4], axis=-1, keepdims=True), states[..., 4:] + self.origin

    def _climb(
        self,
        points: PointSet,
        weight: Array32 | None,
        quaternions: Array,
        translations: Array,
        schedule: Schedule,
        every_step: bool = False,
    ) -> tuple[Array, Array32]:
        """Best states (1 or steps, P, 7), and the objective at the last of them (P,)."""
        weights = None if weight is None else self._put(weight)
        starts = self._starts(quaternions, translations)
        points_here = self._put(np.stack(points.columns, axis=1))
        climb = climb_on(starts.device.type)
        states, reached = climb(self._in_steps, self.scale, points_here, weights, starts, schedule, every_step)
        return states.cpu().double().numpy(), self._values(reached, weight is None)

    def _starts(self, quaternions: Array, translations: Array) -> Tensor:
        return self._put(np.concatenate([quaternions, self._local(translations)], axis=1))

    def _values(self, reached: Tensor, of_mean: bool) -> Array32:
        """The objective (P,) in the volume's own units, where it is the mean."""
        values: Array32 = reached.cpu().numpy()
        return values * np.float32(self._step) if of_mean else values

    def _put(self, array: NDArray[np.floating]) -> Tensor:
        return torch.tensor(np.asarray(array, np.float32), device=self.volume.device)

    def _columns(self, points: PointSet) -> Tensor:
        return torch_kernels.homogeneous(self._put(np.stack(points.columns, axis=1)))

    def _local(self, translations: Array) -> Array:
        if not np.isfinite(translations).all():
            raise ValueError("translations must be finite")
        return np.asarray(translations - self.origin, np.float64)

    def _moves(self, quaternions: Array, translations: Array) -> Tensor:
        """Poses as moves (P, 3, 4) to indices."""
        poses = np.concatenate([quaternion_to_matrix(quaternions), self._local(translations)[:, :, None]], axis=2)
        return self.scale[:, None] * self._put(poses)
