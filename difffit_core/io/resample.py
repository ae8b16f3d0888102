"""Resampling of maps whose axes are not x, y, z (oblique cells of crystals, turned grids) to an upright grid, by gemmi's interpolation."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.errors import FileFormatError
from difffit_core.io.map_geometry import MapGeometry, orthogonalisation

_SLAB_VOXELS = 1 << 20
_LARGEST_GROWTH = 8


def to_orthogonal(path: Path, take: Callable[[], NDArray[np.float32]], geometry: MapGeometry) -> tuple[NDArray[np.float32], Array, Array]:
    """Fill the smallest upright box around the stored one; a turned grid gets cubic voxels of its smallest step.

    Where the box holds the whole cell it repeats beyond its faces, as the crystal does; otherwise what lies outside it is 0. The
    distances between the new planes are those between the old ones, so no detail is lost to coarser sampling.

    Parameters
    ----------
    path : the file, for messages
    take : gives the values, float32 (nz, ny, nx) along the cell's own axes; they are let go of once they are copied
    geometry : the grid they lie on

    Returns
    -------
    values : float32 (nz, ny, nx) along orthogonal axes
    voxel_size : (3,) (x, y, z) in Å
    origin : (3,) (x, y, z) in Å

    Raises
    ------
    FileFormatError
        If the cell is so oblique that the box would be more than 8 times as large.
    """
    import gemmi

    values = take()
    orth = orthogonalisation(geometry.step, geometry.angles)
    to_space = geometry.rotation @ orth
    count = np.array(values.shape[::-1])
    corners = np.array(list(np.ndindex(2, 2, 2))) * (count - 1) @ to_space.T
    low, high = corners.min(0), corners.max(0)
    turned = not np.array_equal(geometry.rotation, np.eye(3))
    voxel = np.full(3, np.diag(orth).min()) if turned else np.diag(orth).copy()
    size = np.ceil((high - low) / voxel - 1e-6).astype(int) + 1
    if np.prod(size) > _LARGEST_GROWTH * values.size:
        angles = ", ".join(f"{angle:g}" for angle in geometry.angles)
        raise FileFormatError(
            f"{path}: a cell must fit in an upright box of at most {_LARGEST_GROWTH} times its voxels, got one with angles {angles}"
            f"{' that is turned' if turned else ''}"
        )

    repeats = geometry.covers_cell and not turned  # a turned grid is from a viewer, not a crystal
    pad = 0 if repeats else 1  # so that cubic taps do not reach around the faces of a partial box
    cells = count + 2 * pad
    grid = gemmi.FloatGrid(*cells.tolist())
    grid.set_unit_cell(gemmi.UnitCell(*(cells * geometry.step), *geometry.angles))
    _fill(grid.array, values.transpose(2, 1, 0), pad)
    del values
    first_in_grid = orth @ np.full(3, float(pad))

    to_index, to_grid = np.linalg.inv(to_space), geometry.rotation.T
    result = np.empty(size[::-1], np.float32)
    sections = max(1, _SLAB_VOXELS // int(size[0] * size[1]))
    for first in range(0, int(size[2]), sections):
        last = min(first + sections, int(size[2]))
        slab = np.zeros((size[0], size[1], last - first), np.float32)
        start = low + voxel * (0, 0, first)
        move = gemmi.Transform(gemmi.Mat33((to_grid * voxel).tolist()), gemmi.Vec3(*(to_grid @ start + first_in_grid)))
        grid.interpolate_values(slab, move, order=3)
        if not repeats:
            axes = [start[i] + voxel[i] * np.arange(slab.shape[i]) for i in range(3)]
            for axis in range(3):
                index = sum(np.expand_dims(to_index[axis, i] * axes[i], [j for j in range(3) if j != i]) for i in range(3))
                slab[(index < -1e-3) | (index > count[axis] - 1 + 1e-3)] = 0
        result[first:last] = slab.transpose(2, 1, 0)
    return result, voxel, geometry.origin + low


def _fill(into: NDArray[np.float32], values: NDArray[np.float32], pad: int) -> None:
    """Copy [x, y, z] values into an array that is larger by ``pad`` on every side, where their outermost planes go on."""
    into[tuple(slice(pad, pad + count) for count in values.shape)] = values
    for axis, count in enumerate(values.shape):
        across = np.moveaxis(into, axis, 0)
        across[:pad], across[pad + count :] = across[pad], across[pad + count - 1]
