"""A map moved onto another's grid, or over itself by its symmetry."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates, spline_filter

from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.groups.group import Group
from difffit_core.ops.spectrum import low_passed
from difffit_core.pose import Pose

_FINER = 1.05
_UNITS = 60


def resampled(moving: DensityMap, pose: Pose, grid: DensityMap) -> tuple[DensityMap, NDArray[np.bool_]]:
    """``moving`` after ``pose`` on the voxels of ``grid``, by cubic splines; and bool [z, y, x], which of them lie in its box."""
    nz, ny, nx = grid.values.shape
    values, there = on_grid(moving, pose, (nz, ny, nx), grid.voxel_size, grid.origin)
    return DensityMap(values, grid.voxel_size, grid.origin, f"{moving.name} on {grid.name}"), there


def on_grid(
    moving: DensityMap, pose: Pose, shape: tuple[int, int, int], voxel_size: Array, origin: Array
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """``moving`` after ``pose`` on the voxels of a grid of ``shape`` (z, y, x), by cubic splines, and bool, which of them lie in its box.

    Beyond its box the map goes on with the median of its outermost voxels, which is its solvent. Detail that the grid's voxels cannot hold
    is taken out first.
    """
    values = moving.values
    coarsest = float(voxel_size.max())
    if coarsest > _FINER * float(moving.voxel_size.min()):
        values = low_passed(values, moving.voxel_size, 2 * coarsest)
    outside = _solvent(moving.values)
    filtered = spline_filter(values, 3, np.float32, mode="mirror")
    result = np.full(shape, np.float32(outside))
    there = np.zeros(shape, bool)
    back = pose.invert()
    last = moving.shape_xyz - 1 + 1e-6
    nz, ny, nx = shape
    y, x = np.meshgrid(np.arange(ny), np.arange(nx), indexing="ij")
    for z in range(nz):
        index = np.stack([x, y, np.full_like(x, z)], axis=-1)
        place = back.apply(origin + index * voxel_size)
        at = position_to_index(place, moving.voxel_size, moving.origin)
        inside = ((at >= -1e-6) & (at <= last)).all(axis=-1)
        if inside.any():
            result[z][inside] = map_coordinates(filtered, at[inside][:, ::-1].T, np.float32, order=3, mode="mirror", prefilter=False)
            there[z] = inside
    return result, there


def averaged(density_map: DensityMap, group: Group, helix: Group | None, frame: Pose) -> DensityMap:
    """The map averaged over a symmetry, on its own grid: over all moves of a point group, of a helix over those that stay in the box.

    Where a move brings nothing from inside the box, the others are averaged.

    Parameters
    ----------
    group : Cn, Dn, T, O, I; with a helix, the turns about its axis, C1 for none
    helix : the group of a helix, or None
    frame : takes the groups' own frame to the map's

    Raises
    ------
    UserError
        If it is C1.
    """
    total = np.zeros(density_map.values.shape)
    count = np.zeros(density_map.values.shape, np.int32)
    turns = group.moves(frame)
    moves = [turns[i] for i in range(group.size)]
    if helix is not None:
        most = int(min(float(np.linalg.norm(density_map.box)) / 2 / helix.rise, _UNITS))
        screws = helix.moves(frame, np.arange(-most, most + 1))
        moves = [screws[k].compose(one) for k in range(len(screws)) for one in moves]
    if len(moves) < 2:
        raise UserError(f"{density_map.path or density_map.name}: a symmetry to impose must be more than C1, got {group}")
    shape = density_map.values.shape
    for move in moves:
        moved, there = on_grid(density_map, move, (shape[0], shape[1], shape[2]), density_map.voxel_size, density_map.origin)
        total[there] += moved[there]
        count[there] += 1
    values = np.where(count > 0, total / np.maximum(count, 1), density_map.values)
    return density_map.with_values(values.astype(np.float32))


def _solvent(values: NDArray[np.float32]) -> float:
    faces = [np.take(values, side, axis=axis).ravel() for axis in range(3) for side in (0, -1)]
    return float(np.median(np.concatenate(faces)))
