"""Least squares: the frame of a group, and the pose whose images come closest to the copies."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from difffit_core.compose.body import Body
from difffit_core.conventions import Array
from difffit_core.groups.group import Group
from difffit_core.pose import Pose, PoseBatch


@dataclass(frozen=True, eq=False)
class Arrangement:
    """Copies sorted into orbits of a ``group`` in a ``frame``: ``members`` (K, 2), orbit and element of each, orbit -1 for none."""

    group: Group
    frame: Pose
    members: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many copies belong."""
        return int((self.members[:, 0] >= 0).sum())


def fit_frame(body: Body, poses: Sequence[Pose], arrangement: Arrangement) -> tuple[Group, Pose, tuple[Pose, ...], float]:
    """The group (rise and twist of a helix are fitted too), its frame, the ideal pose of each orbit, and the RMSD in Å that is left.

    The RMSD of two poses of a model is that of six points, at the square roots of its principal second moments on either side of its
    centre: they stand for all its atoms.
    """
    probes = _probes(body)
    group, start, members = arrangement.group, arrangement.frame, arrangement.members
    belong = np.flatnonzero(members[:, 0] >= 0)
    orbit, element = members[belong].T
    copies = PoseBatch.of(poses).take(belong)
    start = Pose(start.rotation, start.translation + _along(start, body.centres(copies).mean(axis=0) - start.translation, group))
    there = copies.apply(probes)

    def arranged(values: Array) -> tuple[Group, Pose, PoseBatch]:
        frame = Pose(Rotation.from_rotvec(values[:3]).as_matrix() @ start.rotation, start.translation + 100 * values[3:6])
        tried = replace(group, rise=group.rise + 100 * values[6], twist=group.twist + np.degrees(values[7])) if len(values) > 6 else group
        first = PoseBatch.of([frame])
        back = first.compose(tried.elements(element).invert()).compose(first.invert()).compose(copies)
        return tried, frame, _means(body, back, orbit)

    def residual(values: Array) -> Array:
        tried, frame, ideal = arranged(values)
        off: Array = (tried.images(element, frame, ideal.take(orbit)).apply(probes) - there).ravel()
        return off

    fitted = least_squares(residual, np.zeros(8 if group.kind == "helix" else 6), xtol=1e-6, ftol=1e-6)
    tried, frame, ideal = arranged(fitted.x)
    off = fitted.fun.reshape(-1, 3)
    return tried, frame, tuple(ideal[i] for i in range(len(ideal))), float(np.sqrt((off**2).sum(axis=1).mean()))


def _means(body: Body, poses: PoseBatch, orbit: NDArray[np.int64]) -> PoseBatch:
    """The middle of each orbit's poses, which differ little: their mean rotation, and the mean place of the centre."""
    centres = body.centres(poses)
    each = [np.flatnonzero(orbit == number) for number in range(int(orbit.max()) + 1)]
    rotations = np.array([Rotation.from_matrix(poses.rotations[these]).mean().as_matrix() for these in each])
    return body.uncentred(rotations, np.array([centres[these].mean(axis=0) for these in each]))


def _along(frame: Pose, offset: Array, group: Group) -> Array:
    """The part of an offset by which the origin of a frame may move freely: along the axis, where no others cross it."""
    z = frame.rotation[:, 2]
    return (offset @ z) * z if group.kind in ("C", "helix") else np.zeros(3)


def _probes(body: Body) -> Array:
    moments, axes = np.linalg.eigh(body.covariance)
    arms = np.sqrt(3 * np.maximum(moments, 0)) * axes
    probes: Array = body.centre + np.concatenate([arms.T, -arms.T])
    return probes
