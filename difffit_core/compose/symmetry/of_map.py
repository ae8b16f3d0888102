"""The copies of a model that the symmetry of the map asks for."""

from collections.abc import Sequence

import numpy as np

from difffit_core.compose.body import Body
from difffit_core.density_map import DensityMap
from difffit_core.groups.standing import Standing
from difffit_core.pose import Pose, PoseBatch


def images(body: Body, poses: Sequence[Pose], standing: Standing, density_map: DensityMap, apart: float) -> list[Pose]:
    """Where the symmetry takes copies of a model: each place once, none that is taken, and none with its middle outside the map's box.

    Two poses whose RMSD is below ``apart`` (Å) are one place.
    """
    moves = standing.moves(float(np.linalg.norm(density_map.box)))
    low, high = density_map.origin, density_map.origin + density_map.box
    there: list[Pose] = []
    for pose in poses:
        moved = moves.compose(PoseBatch.of([pose]))
        centres = body.centres(moved)
        for i in np.flatnonzero(((centres >= low) & (centres <= high)).all(axis=1)):
            one = PoseBatch.of([moved[int(i)]])
            if body.rmsd(one, PoseBatch.of([*poses, *there])).min() >= apart:
                there.append(moved[int(i)])
    return there
