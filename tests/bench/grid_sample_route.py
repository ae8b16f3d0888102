"""The same objective by stock torch: quaternion → matrix → grid → `grid_sample` of every volume, with autograd, as in the paper."""

from enum import StrEnum

import torch
from torch import Tensor
from torch.nn.functional import grid_sample


def rotation_matrix(quaternion: Tensor) -> Tensor:
    """(P, 3, 3) of quaternions (P, 4), (w, x, y, z), of any length; in few small operations, since both routes pay for each."""
    w, x, y, z = (quaternion * (2**0.5 / quaternion.norm(dim=1, keepdim=True))).unbind(1)
    xx, yy, zz = x * x, y * y, z * z
    xy, xz, yz, wx, wy, wz = x * y, x * z, y * z, w * x, w * y, w * z
    entries = (1 - yy - zz, xy - wz, xz + wy, xy + wz, 1 - xx - zz, yz - wx, xz - wy, yz + wx, 1 - xx - yy)
    return torch.stack(entries, dim=1).view(-1, 3, 3)


class Calls(StrEnum):
    """How the volumes and poses are put to `grid_sample`; what is fastest depends on the volume's size and the number of cores."""

    EACH = "a call each"
    CHANNELS = "as channels"
    BATCH = "poses as batch"


def mean_density(volumes: Tensor, points: Tensor, quaternion: Tensor, translation: Tensor, calls: Calls) -> Tensor:
    """Sum over the volumes of the mean over the points, (P,).

    Parameters
    ----------
    volumes : (V, nz, ny, nx)
    points : (N, 3), (x, y, z), in voxels
    quaternion, translation : (P, 4), and (P, 3) in voxels
    calls : a call for each volume; or all volumes as channels of one call, which finds each corner once; or that with each pose an item of
        the batch, over which torch shares the work among its threads
    """
    sides = torch.tensor(volumes.shape[:0:-1], dtype=points.dtype)
    moved = points @ rotation_matrix(quaternion).transpose(1, 2) + translation[:, None]
    scaled = 2 * moved / (sides - 1) - 1
    if calls is Calls.BATCH:
        sampled = _sample(volumes[None].expand(len(scaled), -1, -1, -1, -1), scaled[:, :, None, None])
        return sampled.sum(dim=1).mean(dim=(1, 2, 3))
    grid = scaled[None, :, :, None]
    stacks = [volumes[None]] if calls is Calls.CHANNELS else [volume[None, None] for volume in volumes]
    return torch.stack([_sample(stack, grid).sum(dim=1).mean(dim=(0, 2, 3)) for stack in stacks]).sum(dim=0)


def _sample(volumes: Tensor, grid: Tensor) -> Tensor:
    return grid_sample(volumes, grid, mode="bilinear", padding_mode="border", align_corners=True)
