"""The climb of `ops.kernels.climb` on a torch device: by plain operations, all poses of a chunk side by side, or by a fused kernel."""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from subprocess import SubprocessError

import numpy as np
import torch
from torch import Tensor

from difffit_core.ops import torch_kernels
from difffit_core.ops.grid import Schedule

LOWEST = float(-np.finfo(np.float32).max)

Climb = Callable[[Tensor, Tensor, Tensor, Tensor | None, Tensor, Schedule, bool], tuple[Tensor, Tensor]]
ClimbTogether = Callable[
    [Tensor, Tensor, Sequence[Tensor], Sequence[Tensor] | None, Sequence[Tensor], Schedule], list[tuple[Tensor, Tensor]]
]

_logger = logging.getLogger(__name__)


@cache
def climb_on(kind: str) -> Climb:
    """What climbs on that kind of device: the Triton kernel on CUDA, if it can be compiled there, else `climb`."""
    return _fused() or climb if kind == "cuda" else climb


def together_on(kind: str) -> ClimbTogether | None:
    """What climbs several sets of points on that kind of device in one launch; None where nothing does."""
    if climb_on(kind) is climb:
        return None
    from difffit_core.ops import triton_climb

    return triton_climb.climb_together


def _fused() -> Climb | None:
    try:
        from difffit_core.ops import triton_climb

        volume = torch.ones(3, 3, 3, device="cuda")
        start = torch.tensor([[1.0, 0, 0, 0, 1, 1, 1]], device="cuda")
        for weight in (None, volume[0, 0]):
            triton_climb.climb(volume, volume[0, 0], volume[0], weight, start, Schedule(0.0, 0.0, 0.0, 1), False)
    except (ImportError, OSError, RuntimeError, SubprocessError) as error:
        _logger.warning("the fused kernel cannot be used (%s); plain torch operations climb instead, more slowly", error)
        return None
    return triton_climb.climb


def climb(
    volume: Tensor, scale: Tensor, points: Tensor, weight: Tensor | None, starts: Tensor, schedule: Schedule, every_step: bool
) -> tuple[Tensor, Tensor]:
    """Move poses uphill by Adam and leave each at the best place it saw.

    Parameters
    ----------
    volume : float32 [z, y, x] with its border, contiguous
    scale : (3,), 1 / voxel size (x, y, z)
    points : (N, 3) in Å
    weight : (N,), of mean 0 and length 1, or None to climb the mean of the volume over the points
    starts : (P, 7), quaternions (w, x, y, z) and translations from the centre of the border's voxel [0, 0, 0]

    Returns
    -------
    The best state of each pose (1, P, 7) or, with ``every_step``, that up to each step (steps, P, 7); the objective at the last (P,).
    """
    columns = torch_kernels.homogeneous(points)
    states, values = starts.new_empty(schedule.steps if every_step else 1, len(starts), 7), starts.new_empty(len(starts))
    for chunk in torch_kernels.chunks(len(starts), columns):
        found = starts[chunk], torch.full_like(starts[chunk, 0], LOWEST)
        for step, found in enumerate(_steps(volume, scale, columns, weight, starts[chunk], schedule)):
            if every_step:
                states[step, chunk] = found[0]
        states[-1:, chunk], values[chunk] = found
    return states, values


def _steps(
    volume: Tensor, scale: Tensor, columns: Tensor, weight: Tensor | None, state: Tensor, schedule: Schedule
) -> Iterator[tuple[Tensor, Tensor]]:
    """Best state (P, 7) up to each step, and the objective there (P,)."""
    first, second = torch.zeros_like(state), torch.zeros_like(state)
    best, highest = state, torch.full_like(state[:, 0], LOWEST)
    rates = state.new_tensor([schedule.turn_rate] * 4 + [schedule.shift_rate] * 3)
    one, b1, b2 = np.float32(1), np.float32(0.9), np.float32(0.999)
    p1 = p2 = one
    for step in range(schedule.steps):
        value, slope = _value_and_slope(volume, scale[:, None], columns, weight, state)
        better = value > highest
        highest, best = torch.where(better, value, highest), torch.where(better[:, None], state, best)
        yield best, highest
        first = first * float(b1) + slope * float(one - b1)
        second = second * float(b2) + slope * slope * float(one - b2)
        p1, p2 = p1 * b1, p2 * b2
        damp = 1 - schedule.decay * step / schedule.steps
        state = state + damp * rates * (first / float(one - p1)) / ((second / float(one - p2)).sqrt() + 1e-8)


def _value_and_slope(volume: Tensor, scale: Tensor, columns: Tensor, weight: Tensor | None, state: Tensor) -> tuple[Tensor, Tensor]:
    """The objective (P,) and its gradient (P, 7) with respect to quaternion and translation."""
    quaternion, rotation = state[:, :4], _rotation_of(state[:, :4])
    moves = scale * torch.cat([rotation, state[:, 4:, None]], dim=2)
    if weight is None:
        value, by_move = torch_kernels.mean_and_gradient(volume, columns, moves)
    else:
        value, by_move = torch_kernels.correlation_and_gradient(volume, columns, weight, moves)
    by_move = scale * by_move
    return value, torch.cat([_quaternion_slope(quaternion, rotation, by_move[:, :, :3]), by_move[:, :, 3]], dim=1)


def _rotation_of(quaternion: Tensor) -> Tensor:
    """Rotation matrices (P, 3, 3) of quaternions (P, 4) of any length; the tensor form of `conventions.quaternion_to_matrix`."""
    w, x, y, z = (quaternion / quaternion.norm(dim=1, keepdim=True)).unbind(1)
    rows = [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    return torch.stack(rows, dim=1).view(-1, 3, 3)


def _quaternion_slope(quaternion: Tensor, rotation: Tensor, by_rotation: Tensor) -> Tensor:
    """Gradient (P, 4) with respect to a quaternion of any length, from that with respect to its rotation matrix (P, 3, 3).

    A small turn by the vector ω on the left changes the objective by torque·ω, and ω = 2 dq q* / |q|².
    """
    turned = rotation @ by_rotation.mT
    torque = torch.stack([turned[:, 1, 2] - turned[:, 2, 1], turned[:, 2, 0] - turned[:, 0, 2], turned[:, 0, 1] - turned[:, 1, 0]], dim=1)
    w, xyz = quaternion[:, :1], quaternion[:, 1:]
    slope = torch.cat([-(torque * xyz).sum(1, keepdim=True), w * torque + torch.linalg.cross(torque, xyz)], dim=1)
    return 2 * slope / (quaternion * quaternion).sum(1, keepdim=True)
