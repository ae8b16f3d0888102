"""Joint refinement of all placed models: each towards the density that the others leave it, none into another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.spatial.transform import Rotation

from difffit_core.compose.body import Body
from difffit_core.compose.solve.contacts import Contacts
from difffit_core.compose.solve.together import Together, put_together
from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.fit.search.field import surrounded
from difffit_core.fit.search.subject import ModelSide, weighting_of
from difffit_core.fit.search.template import sharpen
from difffit_core.ops.grid import Grid
from difffit_core.pose import Pose, PoseBatch

SWEEPS = 3
"""How many times the density that the others leave is computed anew."""
_STEPS = 60
_MARGIN = 6.0
_NOTHING = 1e-12
_MOST_FALLEN = 1.0
"""Standard deviations of Fisher's z by which a part's correlation may fall in a sweep."""


@dataclass(frozen=True, eq=False)
class Part:
    """One placed model: which body, prepared for a fit, where it is, and whether it must stay there."""

    body: Body
    side: ModelSide
    pose: Pose
    elements: float
    stays: bool = False


def refine(density_map: DensityMap, resolution: float, parts: Sequence[Part], keep_going: Callable[[], bool] = lambda: True) -> list[Pose]:
    """Poses of all parts, moved together to where their summed evidence less the cost of contacts is higher; never to where it is lower.

    The evidence of a part is n/2 atanh(c)², with n the resolution elements it covers and c its local correlation with the map less what
    the other parts explain of it, at the scale by which all of them explain the map best. Each of at most `SWEEPS` sweeps climbs in what
    the poses before it leave, and counts only if the total rises in what the new poses leave, and no part falls by more than chance.
    Where that does not hold for all, it is tried with those parts alone that did not fall. ``keep_going`` is asked before each sweep.
    """
    poses = [part.pose for part in parts]
    if not parts:
        return poses
    standing = _Standing.of(density_map, resolution, parts, poses)
    for _ in range(SWEEPS):
        if not keep_going():
            break
        moved = _climb(parts, standing.grids, poses, standing.evidence(parts))
        after = _Standing.of(density_map, resolution, parts, moved)
        if not after.is_better(standing, parts):
            rose = after.heights >= standing.heights
            moved = [new if ok else old for new, old, ok in zip(moved, poses, rose, strict=True)]
            after = _Standing.of(density_map, resolution, parts, moved)
            if not after.is_better(standing, parts):
                break
        poses, standing = moved, after
    return poses


@dataclass(frozen=True, eq=False)
class _Standing:
    """Parts at their poses: what the others leave each of them, atanh of its correlation with that (K,), and what all are worth."""

    grids: tuple[Grid, ...]
    heights: Array
    total: float

    @classmethod
    def of(cls, density_map: DensityMap, resolution: float, parts: Sequence[Part], poses: Sequence[Pose]) -> "_Standing":
        together = put_together(density_map, resolution, [part.body for part in parts], list(enumerate(poses)))
        grids = tuple(_left_for(density_map, resolution, together, i, part, poses[i]) for i, part in enumerate(parts))
        values = [
            grid.correlation_and_gradient(*part.side.halo, pose.rotation, pose.apply(part.body.centre))[0]
            for part, grid, pose in zip(parts, grids, poses, strict=True)
        ]
        heights = np.arctanh(np.clip(np.array(values), -0.999, 0.999))
        evidence = _evidence(heights, parts)
        cost = np.minimum(contact_costs(parts, poses), np.minimum(evidence[:, None], evidence)).sum()
        return cls(grids, heights, float(evidence.sum() - cost))

    def evidence(self, parts: Sequence[Part]) -> Array:
        """Of each part (K,)."""
        return np.maximum(_evidence(self.heights, parts), 0.0)

    def is_better(self, before: "_Standing", parts: Sequence[Part]) -> bool:
        """Whether these poses explain more, and no part much less."""
        spread = np.sqrt(np.maximum(np.array([part.elements for part in parts]) - 3, 1.0))
        fallen = (before.heights - self.heights) * spread
        return bool(self.total > before.total and fallen.max(initial=0.0) < _MOST_FALLEN)


def _evidence(heights: Array, parts: Sequence[Part]) -> Array:
    elements = np.array([part.elements for part in parts])
    evidence: Array = 0.5 * elements * heights * np.abs(heights)
    return evidence


def contact_costs(parts: Sequence[Part], poses: Sequence[Pose]) -> Array:
    """What the contacts of each two parts cost (K, K), in the unit of evidence, each two told once."""
    start = PoseBatch.of(poses)
    centres = np.array([pose.apply(part.body.centre) for part, pose in zip(parts, poses, strict=True)])
    contacts = Contacts.between([part.body.sure - part.body.centre for part in parts], start.rotations, centres)
    return contacts.costs(start.rotations, centres)


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
    weighting = weighting_of(density_map, resolution)
    if weighting is None:
        left = sharpen(left, density_map.voxel_size, resolution, part.side.template.laplacian_weight)
    else:
        left = weighting.map(left, density_map.voxel_size)
    origin = density_map.positions(np.array([low[::-1]]))[0]
    return Grid.of(*surrounded(left, density_map.voxel_size, origin, 0.0))


def _climb(parts: Sequence[Part], grids: Sequence[Grid], poses: Sequence[Pose], evidence: Array) -> list[Pose]:
    """The best poses near these; contacts of two parts cost no more than the ``evidence`` (K,) of the weaker."""
    most = np.minimum(evidence[:, None], evidence)
    start = PoseBatch.of(poses)
    centres = np.array([part.body.centre @ r.T + t for part, r, t in zip(parts, start.rotations, start.translations, strict=True)])
    contacts = Contacts.between([part.body.sure - part.body.centre for part in parts], start.rotations, centres)
    lever = np.array([max(float(np.sqrt(np.trace(part.body.covariance))), 1.0) for part in parts])
    elements = np.array([part.elements for part in parts])

    def cost_and_slope(flat: Array) -> tuple[float, Array]:
        moves = flat.reshape(-1, 6)
        turns = moves[:, 3:] / lever[:, None]
        rotations = Rotation.from_rotvec(turns).as_matrix() @ start.rotations
        at = centres + moves[:, :3]
        cost, slope = contacts.cost_and_gradient(rotations, at, most)
        for k, (part, grid) in enumerate(zip(parts, grids, strict=True)):
            value, gradient = grid.correlation_and_gradient(*part.side.halo, rotations[k], at[k])
            c = float(np.clip(value, -0.999, 0.999))
            height = np.arctanh(c)
            cost -= 0.5 * elements[k] * height * abs(height)
            slope[k] -= elements[k] * abs(height) / (1 - c * c) * gradient
        slope[:, 3:] = np.einsum("kji,kj->ki", _left_jacobian(turns), slope[:, 3:]) / lever[:, None]
        return cost, slope.ravel()

    reach = [0.0 if part.stays else _MARGIN / 2 for part in parts for _ in range(6)]
    found = minimize(
        cost_and_slope, np.zeros(6 * len(parts)), jac=True, method="L-BFGS-B", bounds=[(-far, far) for far in reach],
        options={"maxiter": _STEPS, "maxls": 10},
    )  # fmt: skip
    moves = found.x.reshape(-1, 6)
    rotations = Rotation.from_rotvec(moves[:, 3:] / lever[:, None]).as_matrix() @ start.rotations
    return [
        part_pose if part.stays else Pose(rotation, centre + move[:3] - rotation @ part.body.centre)
        for part, part_pose, rotation, centre, move in zip(parts, poses, rotations, centres, moves, strict=True)
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
