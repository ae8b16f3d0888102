"""The mean of a volume over a set of points at many poses, as a differentiable torch operator, ``torch.ops.difffit.mean_density``.

On the CPU it is one pass of the compiled kernel of `ops.kernels` over the points, which yields the value and the gradient at once; on every
other device the plain torch operations of `ops.torch_kernels`. It equals ``grid_sample(mode="bilinear", padding_mode="border",
align_corners=True)`` averaged over the points, and stores nothing for a point (design: method, section 4).
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, library

from difffit_core.ops import kernels, torch_kernels

DTYPES = (torch.float32, torch.float64)
LARGEST = 1e15
"""Coordinates beyond this could overflow on their way to an index."""


@dataclass(frozen=True, eq=False)
class BorderedVolume:
    """A volume made ready once for many calls of `mean_density`: ``values`` [z, y, x] with the outermost voxels repeated all round."""

    values: Tensor

    @classmethod
    def of(cls, volume: Tensor) -> "BorderedVolume":
        """From a volume (nz, ny, nx), indexed [z, y, x], float32 or float64, no side 0; raises `ValueError` for any other."""
        if volume.requires_grad:
            raise ValueError("volume is a constant of mean_density and must not require grad")
        if volume.ndim != 3 or volume.numel() == 0:
            raise ValueError(f"volume must be a non-empty [z, y, x] tensor, got shape {tuple(volume.shape)}")
        if volume.dtype not in DTYPES:
            raise ValueError(f"volume must be float32 or float64, got {volume.dtype}")
        return cls(torch_kernels.bordered(volume))


def mean_density(volume: Tensor | BorderedVolume, points: Tensor, rotation: Tensor, translation: Tensor) -> Tensor:
    """Mean of a volume over the points of each pose, differentiable once with respect to the pose.

    Parameters
    ----------
    volume : (nz, ny, nx), indexed [z, y, x], or the same as a `BorderedVolume`, which spares many calls the copy
    points : (N, 3), (x, y, z), in voxels
    rotation : (P, 3, 3), any matrices; anisotropic voxels go into their rows
    translation : (P, 3), (x, y, z), in voxels: point ``p`` falls on the fractional index ``rotation @ p + translation``, voxel centres
        being whole numbers. Outside the box the volume goes on as its border.

    Returns
    -------
    Tensor (P,), of the dtype (float32 or float64) and on the device that all four share.

    Raises
    ------
    ValueError
        If shapes, dtypes or devices do not fit, something is empty or not finite, or volume or points require grad.
    """
    ready = volume if isinstance(volume, BorderedVolume) else BorderedVolume.of(volume)
    value: Tensor = _mean_density(ready.values, points, rotation, translation)[0]
    return value


def mean_density_plain(
    volume: Tensor | BorderedVolume, points: Tensor, rotation: Tensor, translation: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """`mean_density` by plain torch operations on any device, with its gradients, unseen by autograd.

    Returns the value (P,), its gradient with respect to the rotation (P, 3, 3) and to the translation (P, 3).
    """
    ready = volume if isinstance(volume, BorderedVolume) else BorderedVolume.of(volume)
    with torch.no_grad():
        return _plain(ready.values, points, rotation, translation)


def _plain(bordered: Tensor, points: Tensor, rotation: Tensor, translation: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    _check(bordered, points, rotation, translation)
    _check_values(points, rotation, translation)
    columns = torch_kernels.homogeneous(points)
    moves = torch.cat([rotation, translation[:, :, None] + 1], dim=2)
    value, slope = moves.new_empty(len(moves)), torch.empty_like(moves)
    for chunk in torch_kernels.chunks(len(moves), columns):
        value[chunk], slope[chunk] = torch_kernels.mean_and_gradient(bordered, columns, moves[chunk])
    return value, slope[:, :, :3].clone(memory_format=torch.contiguous_format), slope[:, :, 3].clone()


_mean_density = library.custom_op("difffit::mean_density", _plain, mutates_args=())


@_mean_density.register_kernel("cpu")
def _compiled(bordered: Tensor, points: Tensor, rotation: Tensor, translation: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    _check(bordered, points, rotation, translation)
    _check_values(points, rotation, translation)
    value, slope = bordered.new_empty(len(rotation)), bordered.new_empty(len(rotation), 12)
    sides = torch.tensor(bordered.shape[::-1], dtype=torch.int32)
    x, y, z = points.detach().T.contiguous().numpy()
    kernels.mean_and_gradient(
        bordered.detach().contiguous().view(-1).numpy(),
        sides.numpy(),
        bordered.new_ones(3).numpy(),
        x,
        y,
        z,
        rotation.detach().contiguous().numpy(),
        (translation.detach() + 1).contiguous().numpy(),
        value.numpy(),
        slope.numpy(),
    )
    return value, slope[:, 3:].clone().view(-1, 3, 3), slope[:, :3].clone()


@_mean_density.register_fake
def _shapes(bordered: Tensor, points: Tensor, rotation: Tensor, translation: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    _check(bordered, points, rotation, translation)
    poses = rotation.shape[0]
    return bordered.new_empty(poses), bordered.new_empty(poses, 3, 3), bordered.new_empty(poses, 3)


def _keep_gradients(ctx: Any, inputs: tuple[Tensor, ...], output: tuple[Tensor, Tensor, Tensor]) -> None:
    if inputs[0].requires_grad or inputs[1].requires_grad:
        raise ValueError("volume and points are constants of mean_density and must not require grad")
    ctx.mark_non_differentiable(*output[1:])
    ctx.save_for_backward(*output[1:])


def _chain(ctx: Any, of_value: Tensor, *_: Tensor | None) -> tuple[None, None, Tensor, Tensor]:
    if torch.is_grad_enabled():
        raise RuntimeError("mean_density has first derivatives only: call backward or grad without create_graph")
    by_rotation, by_translation = ctx.saved_tensors
    return None, None, of_value[:, None, None] * by_rotation, of_value[:, None] * by_translation


_mean_density.register_autograd(_chain, setup_context=_keep_gradients)


def _check(bordered: Tensor, points: Tensor, rotation: Tensor, translation: Tensor) -> None:
    """What can be told from shapes, dtypes and devices; the compiled kernel checks nothing itself."""
    if bordered.ndim != 3 or min(bordered.shape) < 3:
        raise ValueError(f"volume must be a non-empty [z, y, x] tensor with its border, got shape {tuple(bordered.shape)}")
    if bordered.numel() >= 2**31:
        raise ValueError(f"volume must have fewer than 2^31 voxels with its border, got {bordered.numel()}")
    if points.ndim != 2 or points.shape[1] != 3 or points.shape[0] == 0:
        raise ValueError(f"points must be (N, 3) with N at least 1, got shape {tuple(points.shape)}")
    if rotation.ndim != 3 or rotation.shape[1:] != (3, 3) or rotation.shape[0] == 0:
        raise ValueError(f"rotation must be (P, 3, 3) with P at least 1, got shape {tuple(rotation.shape)}")
    if translation.ndim != 2 or translation.shape[1] != 3 or translation.shape[0] != rotation.shape[0]:
        raise ValueError(f"translation must be (P, 3) with P = {rotation.shape[0]}, got shape {tuple(translation.shape)}")
    tensors = {"volume": bordered, "points": points, "rotation": rotation, "translation": translation}
    if bordered.dtype not in DTYPES or len({tensor.dtype for tensor in tensors.values()}) > 1:
        got = ", ".join(f"{name} {tensor.dtype}" for name, tensor in tensors.items())
        raise ValueError(f"all tensors must be float32 or all float64, got {got}")
    if len({tensor.device for tensor in tensors.values()}) > 1:
        got = ", ".join(f"{name} {tensor.device}" for name, tensor in tensors.items())
        raise ValueError(f"all tensors must be on one device, got {got}")


def _check_values(points: Tensor, rotation: Tensor, translation: Tensor) -> None:
    for name, tensor in (("points", points), ("rotation", rotation), ("translation", translation)):
        largest = float(tensor.abs().amax())
        if not largest < LARGEST:
            raise ValueError(f"{name} must be finite and below {LARGEST:g}, got {largest:g}")
