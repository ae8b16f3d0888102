"""A symmetry imposed on a map: the mean of what its moves make of it."""

import numpy as np

from difffit_core.align.resample import resampled
from difffit_core.align.symmetry import MapSymmetry
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.pose import Pose

_UNITS = 60


def imposed(density_map: DensityMap, symmetry: MapSymmetry) -> DensityMap:
    """The map averaged over its symmetry, on its own grid: over all moves of a point group, of a helix over those that stay in the box.

    Where a move brings nothing from inside the box, the others are averaged.

    Raises
    ------
    UserError
        If the symmetry is C1.
    """
    total = np.zeros(density_map.values.shape)
    count = np.zeros(density_map.values.shape, np.int32)
    moves = _moves(density_map, symmetry)
    if len(moves) < 2:
        raise UserError(f"{density_map.path or density_map.name}: a symmetry to impose must be more than C1, got {symmetry.name}")
    for move in moves:
        moved, there = resampled(density_map, move, density_map)
        total[there] += moved.values[there]
        count[there] += 1
    values = np.where(count > 0, total / np.maximum(count, 1), density_map.values)
    name = f"{density_map.name}, {symmetry.name}"
    return DensityMap(values.astype(np.float32), density_map.voxel_size, density_map.origin, name)


def _moves(density_map: DensityMap, symmetry: MapSymmetry) -> list[Pose]:
    helix = symmetry.helix
    point = [symmetry.group.moves[i] for i in range(symmetry.group.size)]
    if helix is None:
        return point
    most = min(int(np.linalg.norm(density_map.box) / 2 / helix.rise), _UNITS)
    screws = helix.moves(range(-most, most + 1))
    return [screws[k].compose(one) for k in range(len(screws)) for one in point]
