"""Resolution by place: the shell correlation of half maps in a window that is moved through the box."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import map_coordinates

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.halves.pair import HalfMaps
from difffit_core.ops.spectrum import Shells, of_transforms

THRESHOLD = 0.5
"""Of the correlation in a window, which rests on few coefficients and would fall below 0.143 by chance."""
_WIDTH, _FEWEST, _MOST = 6.0, 16, 48
"""A window's side in resolutions, and the voxels that it has at least and at most."""
_STEPS = 4
"""Windows across the side of one."""
_MOST_WINDOWS = 12_000


def local_resolution(halves: HalfMaps, mask: Array, resolution: float, go_on: Callable[[float], bool] | None = None) -> DensityMap | None:
    """Resolution [z, y, x] in Å where the ``mask`` [z, y, x] is above a half, 0 elsewhere.

    ``resolution`` in Å is the map's as a whole. Each window falls off to its sides as a cosine. ``go_on`` is told the share that is done;
    where it says False, there is no answer.
    """
    voxel, values = halves.first.voxel_size, (halves.first.values, halves.second.values)
    side = int(np.clip(round(_WIDTH * resolution / float(voxel.min())), _FEWEST, _MOST))
    side += side % 2
    inside = mask > 0.5
    if not inside.any():
        return None
    step = max(side // _STEPS, 1, round(float((inside.sum() / _MOST_WINDOWS) ** (1 / 3))))
    padded = [np.pad(one, side // 2, mode="reflect" if min(one.shape) > side // 2 else "edge") for one in values]
    window = np.hanning(side + 2)[1:-1]
    weight = window[:, None, None] * window[None, :, None] * window[None, None, :]
    shells = Shells.make((side,) * 3, voxel)
    nodes = [np.unique(np.append(np.arange(0, n, step), n - 1)) for n in inside.shape]
    found = np.full([len(axis) for axis in nodes], np.nan)
    near = _near(inside, nodes, step)
    wanted = np.argwhere(near)
    coarsest, finest = side * float(voxel.max()) / 2, 2 * float(voxel.max())
    for number, (i, j, k) in enumerate(wanted):
        corner = nodes[0][i], nodes[1][j], nodes[2][k]
        box = tuple(slice(int(at), int(at) + side) for at in corner)
        parts = [_windowed(one[box], weight) for one in padded]
        curve = of_transforms(fft.rfftn(parts[0]), fft.rfftn(parts[1]), shells)
        at = curve.resolution(THRESHOLD)
        found[i, j, k] = float(np.clip(at if at is not None else finest, finest, coarsest))
        if number % 50 == 0 and go_on is not None and not go_on(number / len(wanted)):
            return None
    return DensityMap(_between(found, nodes, inside), voxel, halves.first.origin, f"local resolution of {halves.mean.name}")


def _windowed(part: NDArray[np.float32], weight: Array) -> Array:
    mean = float((part * weight).sum() / weight.sum())
    return np.asarray((part - mean) * weight)


def _near(inside: NDArray[np.bool_], nodes: list[NDArray[np.int64]], step: int) -> NDArray[np.bool_]:
    """Which nodes have a voxel of the mask within a step: those between which one lies."""
    near = np.zeros([len(axis) for axis in nodes], bool)
    where = np.argwhere(inside)
    for low in np.ndindex(2, 2, 2):
        index = [np.clip(where[:, a] // step + low[a], 0, len(nodes[a]) - 1) for a in range(3)]
        near[tuple(index)] = True
    return near


def _between(found: Array, nodes: list[NDArray[np.int64]], inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Values at nodes, straight lines between them, where the mask is."""
    from scipy.ndimage import distance_transform_edt

    nearest = distance_transform_edt(np.isnan(found), return_distances=False, return_indices=True)
    filled = found[tuple(nearest)]
    where = np.argwhere(inside)
    at = np.stack([np.interp(where[:, a], nodes[a], np.arange(len(nodes[a]))) for a in range(3)])
    values = np.zeros(inside.shape, np.float32)
    values[tuple(where.T)] = map_coordinates(filled, at, order=1, mode="nearest")
    return values
