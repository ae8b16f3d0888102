"""Every rigid move is a screw: a turn about an axis and a slide along it (Chasles)."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array
from difffit_core.pose import Pose


@dataclass(frozen=True, eq=False)
class Screw:
    """A turn by ``angle`` (degrees, 0 to 180) about the ``axis`` (3,) through ``point`` (3,), then ``slide`` Å along it."""

    axis: Array
    point: Array
    angle: float
    slide: float


def screw_of(move: Pose) -> Screw:
    """The screw of a move; ``point`` is the point of the axis next to the origin. A move that turns nothing slides along itself."""
    vector = Rotation.from_matrix(move.rotation).as_rotvec()
    angle = float(np.linalg.norm(vector))
    if angle < 1e-6:
        length = float(np.linalg.norm(move.translation))
        return Screw(move.translation / length if length else np.array([0.0, 0.0, 1.0]), np.zeros(3), 0.0, length)
    axis = vector / angle
    slide = float(axis @ move.translation)
    across = move.translation - slide * axis
    point = 0.5 * (across + np.cross(axis, across) / np.tan(angle / 2))
    return Screw(axis, point, float(np.degrees(angle)), slide)


def turn_about(axis: Array, point: Array, degrees: float, slide: float = 0.0) -> Pose:
    """The move of a screw; the inverse of `screw_of`."""
    rotation = Rotation.from_rotvec(np.radians(degrees) * axis).as_matrix()
    return Pose(rotation, point - rotation @ point + slide * axis)


def relative(first: Pose, second: Pose) -> Pose:
    """The move of space that takes what stands at ``first`` to ``second``."""
    return second.compose(first.invert())
