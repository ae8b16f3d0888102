"""The surface of a map at its contour level, small enough to put into a page."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap

Kind = TypeVar("Kind", bound=np.generic)
_MARGIN = 2


@dataclass(frozen=True, eq=False)
class Surface:
    """``points`` (n, 3) in Å, (x, y, z); ``triangles`` (m, 3) of their indices, seen from outside against the clock."""

    points: Array
    triangles: NDArray[np.int64]


def surface_of(density_map: DensityMap, level: float, most_points: int = 30_000) -> Surface:
    """The surface by naive surface nets, of voxels that are averaged until it has at most so many points; empty where nothing rises above.

    Sharper detail than the averaged voxels is not in it: it is for looking, not for measuring.
    """
    inside = np.argwhere(density_map.values >= level)
    if len(inside) == 0:
        return Surface(np.zeros((0, 3)), np.zeros((0, 3), np.int64))
    low = np.maximum(inside.min(axis=0) - _MARGIN, 0)
    high = np.minimum(inside.max(axis=0) + _MARGIN + 1, density_map.values.shape)
    cut = density_map.values[low[0] : high[0], low[1] : high[1], low[2] : high[2]]
    factor = max(1, int(np.ceil(max(cut.shape) / 128)))
    while True:
        values = np.pad(_averaged(cut, factor), 1, constant_values=min(float(cut.min()), level - abs(level) - 1e-6))
        zyx, triangles = _nets(values.astype(np.float64), level)
        if len(zyx) <= most_points or min(values.shape) <= 8:
            break
        factor += 1
    index = (zyx - 1) * factor + (factor - 1) / 2 + low
    points = density_map.origin + index[:, ::-1] * density_map.voxel_size
    return Surface(points, triangles)


def _averaged(values: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    if factor == 1:
        return values
    more = [(0, -n % factor) for n in values.shape]
    padded = np.pad(values, more, mode="edge")
    a, b, c = (n // factor for n in padded.shape)
    return np.asarray(padded.reshape(a, factor, b, factor, c, factor).mean(axis=(1, 3, 5)), np.float32)


def _nets(values: Array, level: float) -> tuple[Array, NDArray[np.int64]]:
    """Points (n, 3), indexed [z, y, x], one a cell that is crossed, at the mean of its edges' crossings; triangles (m, 3)."""
    above = values >= level
    cells = tuple(n - 1 for n in values.shape)
    total, count = np.zeros((*cells, 3)), np.zeros(cells)
    for axis in range(3):
        first, second = _pair(values, axis)
        crossed = _pair(above, axis)[0] != _pair(above, axis)[1]
        step = np.where(crossed, second - first, 1.0)
        along = np.where(crossed, (level - first) / step, 0.0)
        others = [other for other in range(3) if other != axis]
        for da in (0, 1):
            for db in (0, 1):
                place = [slice(None)] * 3
                place[others[0]] = slice(da, da + cells[others[0]])
                place[others[1]] = slice(db, db + cells[others[1]])
                here = crossed[tuple(place)]
                total[..., axis] += along[tuple(place)]
                total[..., others[0]] += here * da
                total[..., others[1]] += here * db
                count += here
    active = count > 0
    number = np.full(cells, -1, np.int64)
    number[active] = np.arange(np.count_nonzero(active))
    points = np.argwhere(active) + total[active] / count[active][:, None]
    return points, np.concatenate([_faces(above, number, axis) for axis in range(3)])


def _pair(values: NDArray[Kind], axis: int) -> tuple[NDArray[Kind], NDArray[Kind]]:
    first, second = [slice(None)] * 3, [slice(None)] * 3
    first[axis], second[axis] = slice(0, -1), slice(1, None)
    return values[tuple(first)], values[tuple(second)]


def _faces(above: NDArray[np.bool_], number: NDArray[np.int64], axis: int) -> NDArray[np.int64]:
    """Two triangles about each edge along an axis that the surface crosses, of the four cells that share the edge."""
    first, second = _pair(above, axis)
    b, c = (axis + 1) % 3, (axis + 2) % 3
    place = [slice(None)] * 3
    place[b], place[c] = slice(1, -1), slice(1, -1)
    starts, ends = first[tuple(place)], second[tuple(place)]
    at = np.argwhere(starts != ends)
    out = starts[tuple(at.T)]
    at[:, b] += 1
    at[:, c] += 1
    corners = []
    for db, dc in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
        cell = at.copy()
        cell[:, b] += db
        cell[:, c] += dc
        corners.append(number[tuple(cell.T)])
    quad = np.stack(corners, axis=1)
    quad[out] = quad[out][:, ::-1]
    return np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]])
