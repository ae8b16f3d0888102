"""What `ops.kernels` computes, in plain torch operations that every device has (MPS, for one, has no 3-D grid_sample backward).

A volume is [z, y, x] and carries a border one voxel thick that repeats its outermost voxels (`bordered`). Points come as `homogeneous`
columns (4, N) and poses as moves (P, 3, 4) from there to fractional indices (x, y, z) of the bordered volume. Poses are taken in `chunks`
and points in pieces, so that no more than `chunk_samples` samples exist at a time.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

CHUNK_SAMPLES = {"cpu": 2**15}
"""Most samples at a time on a kind of device; on the CPU they then stay in its cache."""
OTHER_CHUNK_SAMPLES = 2**21
"""The same on every other kind. A float32 sample takes up to 170 bytes on the way: memory stays below 0.4 GB whatever is asked."""


def bordered(volume: Tensor) -> Tensor:
    """Contiguous ``volume`` [z, y, x] with its outermost voxels repeated once all round."""
    rows = [torch.arange(-1, n + 1, device=volume.device).clamp_(0, n - 1) for n in volume.shape]
    for axis, row in enumerate(rows):
        volume = volume.index_select(axis, row)
    return volume.contiguous()


def homogeneous(points: Tensor) -> Tensor:
    """Points (N, 3) as columns (4, N), the last row ones."""
    return torch.cat([points.T, torch.ones_like(points[:, :1]).T])


def chunk_samples(device: torch.device) -> int:
    """Most samples at a time on ``device``."""
    return CHUNK_SAMPLES.get(device.type, OTHER_CHUNK_SAMPLES)


def chunks(poses: int, points: Tensor) -> Iterator[slice]:
    """Slices of the poses small enough for `chunk_samples` at the ``points`` (4, N), or of one pose where the points alone are too many."""
    size = max(1, chunk_samples(points.device) // points.shape[1])
    for start in range(0, poses, size):
        yield slice(start, min(start + size, poses))


def interpolate(volume: Tensor, points: Tensor, moves: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor, Tensor]]:
    """Trilinear value (P, N) of the bordered ``volume`` at every point of every pose, and its gradient (x, y, z), each (P, N), per voxel.

    Positions outside are clamped into the border, where the gradient across it is zero by itself; not-a-number counts as far below.
    """
    nz, ny, nx = volume.shape
    parts, corner = [], torch.zeros((), dtype=torch.int64, device=volume.device)
    for row, (n, stride) in enumerate(((nx, 1), (ny, nx), (nz, nx * ny))):
        last = torch.tensor((n - 1) * (1 - 1e-6), dtype=volume.dtype, device=volume.device)
        at = torch.fmax(torch.fmin(moves[:, row] @ points, last), torch.zeros_like(last))
        whole = at.to(torch.int64)
        parts.append(at - whole)
        corner = corner + whole * stride
    fu, fv, fw = parts
    flat = volume.reshape(-1)
    b = corner.reshape(-1)

    def voxel(offset: int) -> Tensor:
        return flat.index_select(0, b + offset).view(corner.shape)

    c000, c010, c100, c110 = voxel(0), voxel(nx), voxel(nx * ny), voxel(nx * ny + nx)
    d00, d01, d10, d11 = voxel(1) - c000, voxel(nx + 1) - c010, voxel(nx * ny + 1) - c100, voxel(nx * ny + nx + 1) - c110
    e00 = torch.addcmul(c000, fu, d00)
    e10 = torch.addcmul(c100, fu, d10)
    q0 = torch.addcmul(c010, fu, d01) - e00
    q1 = torch.addcmul(c110, fu, d11) - e10
    h0 = torch.addcmul(e00, fv, q0)
    gz = torch.addcmul(e10, fv, q1) - h0
    da, db = torch.lerp(d00, d01, fv), torch.lerp(d10, d11, fv)
    return torch.addcmul(h0, fw, gz), (torch.lerp(da, db, fw), torch.lerp(q0, q1, fw), gz)


def mean_and_gradient(volume: Tensor, points: Tensor, moves: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (P,) of the bordered ``volume`` over the points of each pose, and its gradient (P, 3, 4) with respect to the moves."""
    total = moves.new_zeros(len(moves))
    slope = torch.zeros_like(moves)
    for piece in pieces(points, len(moves)):
        value, gradient = interpolate(volume, piece, moves)
        total += value.sum(1)
        slope += torch.stack([component @ piece.T for component in gradient], 1)
    return total / points.shape[1], slope / points.shape[1]


def correlation_and_gradient(volume: Tensor, points: Tensor, weight: Tensor, moves: Tensor) -> tuple[Tensor, Tensor]:
    """Correlation about the mean (P,) of the bordered ``volume`` at each pose's points with ``weight`` (N,), of mean 0 and length 1.

    With its gradient (P, 3, 4) with respect to the moves; both are 0 where the volume is constant. The sums are those of `ops.kernels`.
    """
    s, ss, sw = moves.new_zeros(3, len(moves))
    a, b, c = moves.new_zeros(3, *moves.shape)
    for piece, w in zip(pieces(points, len(moves)), pieces(weight[None], len(moves)), strict=True):
        value, gradient = interpolate(volume, piece, moves)
        s += value.sum(1)
        ss += (value * value).sum(1)
        sw += value @ w[0]
        a += torch.stack([component @ piece.T for component in gradient], 1)
        b += torch.stack([(component * value) @ piece.T for component in gradient], 1)
        c += torch.stack([component @ (piece * w).T for component in gradient], 1)
    mean = s / points.shape[1]
    d2 = ss - s * mean
    varies = d2 > ss * 1e-7
    d2 = torch.where(varies, d2, 1)
    d, f = d2.sqrt(), sw / d2
    slope = (c - f[:, None, None] * (b - mean[:, None, None] * a)) / d[:, None, None]
    return torch.where(varies, sw / d, 0), torch.where(varies[:, None, None], slope, 0)


def pieces(columns: Tensor, poses: int) -> tuple[Tensor, ...]:
    """``columns`` (..., N) cut so that a piece of them at ``poses`` poses is at most `chunk_samples` samples."""
    return torch.split(columns, max(1, chunk_samples(columns.device) // max(1, poses)), dim=-1)
