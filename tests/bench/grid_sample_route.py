"""The same objective by stock torch: quaternion → matrix → grid → `grid_sample` of every volume, with autograd, as in the paper."""

import torch
from torch import Tensor
from torch.nn.functional import grid_sample


def rotation_matrix(quaternion: Tensor) -> Tensor:
    """(P, 3, 3) of quaternions (P, 4), (w, x, y, z), of any length."""
    w, x, y, z = (quaternion / quaternion.norm(dim=1, keepdim=True)).unbind(1)
    rows = (
        torch.stack((1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)), 1),
        torch.stack((2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)), 1),
        torch.stack((2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)), 1),
    )
    return torch.stack(rows, 1)


def mean_density(volumes: Tensor, points: Tensor, quaternion: Tensor, translation: Tensor, *, at_once: bool) -> Tensor:
    """Sum over the volumes of the mean over the points, (P,).

    Parameters
    ----------
    volumes : (V, nz, ny, nx)
    points : (N, 3), (x, y, z), in voxels
    quaternion, translation : (P, 4), and (P, 3) in voxels
    at_once : the volumes as channels of one call (which computes each corner's weights once), not a call each
    """
    sides = torch.tensor(volumes.shape[:0:-1], dtype=points.dtype)
    moved = points @ rotation_matrix(quaternion).transpose(1, 2) + translation[:, None]
    grid = (2 * moved / (sides - 1) - 1)[None, :, :, None]
    stacks = [volumes[None]] if at_once else [volume[None, None] for volume in volumes]
    sampled = [grid_sample(stack, grid, mode="bilinear", padding_mode="border", align_corners=True) for stack in stacks]
    return torch.stack([one.sum(dim=1).mean(dim=(0, 2, 3)) for one in sampled]).sum(dim=0)
