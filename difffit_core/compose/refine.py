"""Joint refinement of all placed models: each towards the density that the others leave it, none into another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.spatial.transform import Rotation

from difffit_core.compose.body import Body
from difffit_core.compose.contacts import Contacts
from difffit_core.compose.together import Together, put_together
from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.fit.field import surrounded
from difffit_core.fit.subject import ModelSide
from difffit_core.fit.template import sharpen
from difffit_core.ops.grid import Grid
from difffit_core.pose import Pose, PoseBatch

SWEEPS = 3
"""How many times the density that the others leave is computed anew."""
_STEPS = 60
_MARGIN = 6.0
_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class Part:
    """One placed model: which body, prepared for a fit, and where it is."""

    body: Body
    side: ModelSide
    pose: Pose
    elements: float


def refine(density_map: DensityMap, resolution: float, parts: Sequence[Part], keep_going: Callable[[], bool] = lambda: True) -> list[Pose]:
    """Poses of all parts, moved together to where their summed evidence less the cost of contacts is highest.

    The evidence of a part is n/2 atanh(c)², with n the resolution elements it covers and c its local correlation with the map less what
    the other parts explain of it, at the scale by which all of them explain the map best. That is recomputed `SWEEPS` times.
    ``keep_going`` is asked before each.
    """
    poses = [part.pose for part in parts]
    for _ in range(SWEEPS):
        if not keep_going() or not parts:
            break
        bodies = [part.body for part in parts]
        together = put_together(density_map, resolution, bodies, list(enumerate(poses)))
        grids = [_left_for(density_map, resolution, together, i, part, poses[i]) for i, part in enumerate(parts)]
        poses = _climb(parts, grids, poses)
    return poses


def _left_for(density_map: DensityMap, resolution: float, together: Together, index: int, part: Part, pose: Pose) -> Grid:
    """The sharpened map round one part, less what the others explain of it."""
    centre = pose.apply(part.body.centre)
    reach = np.full(3, part.body.radius + _MARGIN) + 4 * density_map.voxel_size
    low = np.floor(position_to_index(centre - reach, density_map.voxel_size, density_map.origin)).astype(int)
    high = np.ceil(position_to_index(centre + reach, density_map.voxel_size, density_map.origin)).astype(int) + 1
    limits = density_map.shape_xyz
    low, high = np.clip(low, 0, limits - 1), np.clip(high, 1, limits)
    box = (slice(int(low[2]), int(high[2])), slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0])))
    left = together.without(index, density_map.values, box)
    left = sharpen(left, density_map.voxel_size, resolution, part.side.template.laplacian_weight)
    origin = density_map.positions(np.array([low[::-1]]))[0]
    return Grid.of(*surrounded(left, density_map.voxel_size, origin, 0.0))


def _climb(parts: Sequence[Part], grids: Sequence[Grid], poses: Sequence[Pose]) -> list[Pose]:
    start = PoseBatch.of(poses)
    centres = np.array([part.body.centre @ r.T + t for part, r, t in zip(parts, start.rotations, start.translations, strict=True)])
    contacts = Contacts.between([part.body.coordinates - part.body.centre for part in parts], start.rotations, centres)
    lever = np.array([max(float(np.sqrt(np.trace(part.body.covariance))), 1.0) for part in parts])
    elements = np.array([part.elements for part in parts])

    def cost_and_slope(flat: Array) -> tuple[float, Array]:
        moves = flat.reshape(-1, 6)
        turns = moves[:, 3:] / lever[:, None]
        rotations = Rotation.from_rotvec(turns).as_matrix() @ start.rotations
        at = centres + moves[:, :3]
        cost, slope = contacts.cost_and_gradient(rotations, at)
        for k, (part, grid) in enumerate(zip(parts, grids, strict=True)):
            value, gradient = grid.correlation_and_gradient(*part.side.halo, rotations[k], at[k])
            c = float(np.clip(value, -0.999, 0.999))
            height = np.arctanh(c)
            cost -= 0.5 * elements[k] * height * abs(height)
            slope[k] -= elements[k] * abs(height) / (1 - c * c) * gradient
        slope[:, 3:] = np.einsum("kji,kj->ki", _left_jacobian(turns), slope[:, 3:]) / lever[:, None]
        return cost, slope.ravel()

    found = minimize(
        cost_and_slope, np.zeros(6 * len(parts)), jac=True, method="L-BFGS-B", bounds=[(-_MARGIN / 2, _MARGIN / 2)] * (6 * len(parts)),
        options={"maxiter": _STEPS, "maxls": 10},
    )  # fmt: skip
    moves = found.x.reshape(-1, 6)
    rotations = Rotation.from_rotvec(moves[:, 3:] / lever[:, None]).as_matrix() @ start.rotations
    return [
        Pose(rotation, centre + move[:3] - rotation @ part.body.centre)
        for part, rotation, centre, move in zip(parts, rotations, centres, moves, strict=True)
    ]


def _left_jacobian(turns: Array) -> Array:
    """(K, 3, 3): by what a rotation vector (K, 3) changes the rotation vector applied on the left of it (Solà 2018, eq. 145)."""
    angle = np.linalg.norm(turns, axis=1)
    safe = np.maximum(angle, _NOTHING)
    axis = turns / safe[:, None]
    cross = np.zeros((len(turns), 3, 3))
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -axis[:, 2], axis[:, 1], -axis[:, 0]
    cross -= cross.transpose(0, 2, 1)
    sine = np.where(angle > 1e-6, np.sin(safe) / safe, 1.0)[:, None, None]
    cosine = np.where(angle > 1e-6, (1 - np.cos(safe)) / safe, 0.0)[:, None, None]
    jacobian: Array = sine * np.eye(3) + (1 - sine) * axis[:, :, None] * axis[:, None, :] + cosine * cross
    return jacobian
