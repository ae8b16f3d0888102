"""The last step of an alignment: map against map, voxel by voxel, to a small fraction of a voxel.

The moving map's voxels are moved as they are; the fixed map is interpolated by cubic splines. Their values obey, near the right pose,
``moving = gain * fixed(pose) + offset + noise``, which is linear in gain, offset and a small further move: a least-squares problem of eight
unknowns, solved again and again (Gauss-Newton). Where the two maps truly differ (a subunit that only one has, a domain that has moved) the
residuals are large; such voxels count less and less (Geman and McClure), so that the rest finds its own place.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.ndimage import map_coordinates, spline_filter
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array, position_to_index
from difffit_core.pose import Pose

MOST_VOXELS = 60_000
"""Voxels of the moving map that take part; more of them say nothing new at any resolution."""
_MARGIN = 6
_STEPS = 30
_OUTLIER = 2.0
"""Residuals of so many standard deviations count half as much as none."""
_CONVERGED = 1e-4


@dataclass(frozen=True, eq=False)
class Splines:
    """The fixed map as cubic splines: ``coefficients`` [z, y, x], ``voxel_size`` and ``origin`` (x, y, z) in Å."""

    coefficients: Array
    voxel_size: Array
    origin: Array

    @classmethod
    def of(cls, values: Array, voxel_size: Array, origin: Array) -> "Splines":
        return cls(np.asarray(spline_filter(values, 3, np.float32, mode="mirror")), voxel_size, origin)

    def near(self, points: Array) -> "Splines":
        """The part round ``points`` (N, 3) in Å, so that what is read again and again stays small."""
        index = position_to_index(points, self.voxel_size, self.origin)
        shape = np.array(self.coefficients.shape[::-1])
        low = np.clip(np.floor(index.min(axis=0)).astype(int) - _MARGIN, 0, shape - 1)
        high = np.clip(np.ceil(index.max(axis=0)).astype(int) + _MARGIN + 1, low + 1, shape)
        z, y, x = (slice(low[i], high[i]) for i in (2, 1, 0))
        return Splines(np.ascontiguousarray(self.coefficients[z, y, x]), self.voxel_size, self.origin + low * self.voxel_size)

    def inside(self, points: Array) -> Array:
        """Which (N,) of ``points`` (N, 3) lie in the box."""
        index = position_to_index(points, self.voxel_size, self.origin)
        return cast(Array, ((index >= 0) & (index <= np.array(self.coefficients.shape[::-1]) - 1)).all(axis=1))

    def values(self, points: Array) -> Array:
        """Interpolated values (N,) at ``points`` (N, 3) in Å; 0 outside the box."""
        index = position_to_index(points, self.voxel_size, self.origin)[:, ::-1].T
        return np.asarray(map_coordinates(self.coefficients, index, np.float64, order=3, mode="constant", prefilter=False))

    def gradients(self, points: Array) -> Array:
        """Slope (N, 3) along x, y and z, per Å, over half a voxel."""
        slopes = np.empty((len(points), 3))
        for axis in range(3):
            step = np.zeros(3)
            step[axis] = self.voxel_size[axis] / 4
            slopes[:, axis] = (self.values(points + step) - self.values(points - step)) / (2 * step[axis])
        return slopes


@dataclass(frozen=True)
class Refined:
    """Where the refinement ended.

    Attributes
    ----------
    pose : the move
    correlation : about the mean, of all voxels that take part
    shift_error, angle_error : standard errors, Å (of the shift in one direction) and degrees (about one axis), for as many independent
        values as the volume has resolution elements
    inside : share of the voxels within the fixed map's box, 0 to 1
    """

    pose: Pose
    correlation: float
    shift_error: float
    angle_error: float
    inside: float


def refine(
    target: Splines, points: Array, values: Array, start: Pose, elements: float, voxels: int = MOST_VOXELS, seed: int = 0
) -> Refined:
    """Move ``points`` (N, 3) in Å, which hold ``values`` (N,), to where the target is most like them.

    Parameters
    ----------
    start : within about half the resolution and a few degrees of the answer
    elements : number of independent resolution elements that the points cover, for the errors
    voxels : at most so many points take part, drawn with ``seed``
    """
    if len(points) > voxels:
        chosen = np.sort(np.random.default_rng([seed, 22]).choice(len(points), voxels, replace=False))
        points, values = points[chosen], values[chosen]
    target = target.near(start.apply(points))
    centre = points.mean(axis=0)
    pose, state = start, _State.at(target, points, values, start)
    for _ in range(_STEPS):
        moved = state.step(target, points, centre, pose)
        for _ in range(5):
            tried = moved.apply_to(pose, centre)
            following = _State.at(target, points, values, tried)
            if following.merit(state.scale) <= state.merit(state.scale):
                break
            moved = moved.halved()
        else:
            break
        pose, state = tried, following
        if moved.size(points, centre) < _CONVERGED:
            break
    shift_error, angle_error = state.errors(target, points, centre, pose, elements)
    return Refined(pose, state.correlation, shift_error, angle_error, float(state.inside.mean()))


@dataclass(frozen=True, eq=False)
class _Move:
    """A small turn (3,) in radians about the moved centre, then a shift (3,) in Å."""

    turn: Array
    shift: Array

    def apply_to(self, pose: Pose, centre: Array) -> Pose:
        small = Rotation.from_rotvec(self.turn).as_matrix()
        rotation = small @ pose.rotation
        u, _, v = np.linalg.svd(rotation)
        rotation = u @ v
        return Pose(rotation, pose.apply(centre) + self.shift - rotation @ centre)

    def halved(self) -> "_Move":
        return _Move(self.turn / 2, self.shift / 2)

    def size(self, points: Array, centre: Array) -> float:
        """About how far it moves the points, Å."""
        radius = float(np.sqrt(((points - centre) ** 2).sum(axis=1).mean()))
        return float(np.linalg.norm(self.shift) + radius * np.linalg.norm(self.turn))


@dataclass(frozen=True, eq=False)
class _State:
    """What the target holds under the points of a pose, and how it compares.

    ``scale`` is a robust standard deviation of the residuals; ``fitted`` is gain and offset.
    """

    seen: Array
    values: Array
    inside: Array
    residual: Array
    scale: float
    fitted: Array

    @classmethod
    def at(cls, target: Splines, points: Array, values: Array, pose: Pose) -> "_State":
        there = pose.apply(points)
        seen, inside = target.values(there), target.inside(there).astype(bool)
        fitted = _line(seen[inside], values[inside]) if inside.sum() > 8 else np.array([1.0, 0.0])
        residual = np.where(inside, values - fitted[0] * seen - fitted[1], values - values.mean())
        scale = max(1.4826 * float(np.median(np.abs(residual[inside] if inside.any() else residual))), 1e-12)
        return cls(seen, values, inside, residual, scale, fitted)

    @property
    def correlation(self) -> float:
        a, b = self.seen[self.inside], self.values[self.inside]
        if len(a) < 8 or a.std() == 0 or b.std() == 0:
            return 0.0
        return float(np.corrcoef(a, b)[0, 1])

    def weights(self, scale: float) -> Array:
        away = self.residual / (_OUTLIER * scale)
        return np.where(self.inside, 1 / (1 + away**2) ** 2, 0.0)

    def merit(self, scale: float) -> float:
        """What is to become small: Geman and McClure's sum; a point outside the box costs as an outlier does."""
        square = (self.residual / (_OUTLIER * scale)) ** 2
        return float(np.where(self.inside, square / (1 + square), 1.0).sum())

    def step(self, target: Splines, points: Array, centre: Array, pose: Pose) -> _Move:
        design = self._design(target, points, centre, pose)
        weights = self.weights(self.scale)
        normal = design.T @ (weights[:, None] * design)
        normal[np.diag_indices(8)] *= 1 + 1e-6
        normal += np.eye(8) * 1e-12 * np.trace(normal)
        solved = np.linalg.solve(normal, design.T @ (weights * self.residual))
        return _Move(np.asarray(solved[2:5], np.float64), np.asarray(solved[5:8], np.float64))

    def errors(self, target: Splines, points: Array, centre: Array, pose: Pose, elements: float) -> tuple[float, float]:
        design = self._design(target, points, centre, pose)
        weights = self.weights(self.scale)
        count = max(float((weights > 0).sum()), 9.0)
        independent = max(min(elements * self.inside.mean(), count), 9.0)
        noise = float((weights * self.residual**2).sum() / max(weights.sum(), 1e-12))
        normal = design.T @ (weights[:, None] * design) * (independent / max(weights.sum(), 1e-12))
        covariance = np.linalg.pinv(normal) * noise
        spread = np.sqrt(np.maximum(np.diag(covariance), 0))
        return float(np.sqrt((spread[5:8] ** 2).mean())), float(np.degrees(np.sqrt((spread[2:5] ** 2).mean())))

    def _design(self, target: Splines, points: Array, centre: Array, pose: Pose) -> Array:
        """Columns (N, 8): gain, offset, turn about x, y, z through the moved centre, shift along them."""
        there = pose.apply(points)
        slope = self.fitted[0] * target.gradients(there)
        arm = there - pose.apply(centre)
        return np.column_stack([self.seen, np.ones(len(points)), np.cross(arm, slope), slope])


def _line(seen: Array, values: Array) -> Array:
    """Gain and offset (2,) by least squares, robust after one look at the residuals."""
    weights = np.ones(len(seen))
    fitted = np.array([1.0, 0.0])
    for _ in range(3):
        total = weights.sum()
        a, b = (weights * seen).sum() / total, (weights * values).sum() / total
        spread = float((weights * (seen - a) ** 2).sum())
        gain = float((weights * (seen - a) * (values - b)).sum()) / spread if spread > 0 else 0.0
        fitted = np.array([gain, b - gain * a])
        residual = values - fitted[0] * seen - fitted[1]
        scale = max(1.4826 * float(np.median(np.abs(residual))), 1e-12)
        weights = 1 / (1 + (residual / (_OUTLIER * scale)) ** 2) ** 2
    return fitted
