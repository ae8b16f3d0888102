"""How a group stands: the frame that takes its own axes to those of the space."""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array
from difffit_core.groups.axes import Axis, axes_of
from difffit_core.pose import Pose

_ANGLE = 8.0


def frame_of(axis: Array, point: Array, dyad: Array | None = None) -> Pose:
    """A frame with z along ``axis`` through ``point``, and x along ``dyad`` as far as it is across."""
    z = axis / np.linalg.norm(axis)
    x = dyad if dyad is not None else np.eye(3)[int(np.argmin(np.abs(z)))]
    x = x - (x @ z) * z
    x = x / np.linalg.norm(x)
    return Pose(np.column_stack([x, np.cross(z, x), z]), point)


def turns_onto(own: Array, there: Sequence[Axis]) -> Iterator[Array]:
    """Turns (3, 3) that take one axis, or two, of a group's turns ``own`` (G, 3, 3) to axes of the same fold that are ``there``."""
    axes = axes_of(own)
    top = max(one.fold for one in axes)
    first = next(one for one in axes if one.fold == top)
    second = next((one for one in axes if one is not first and 1e-3 < abs(float(one.direction @ first.direction)) < 0.999), None)
    second = second or next((one for one in axes if one is not first), None)
    for a in (one for one in there if one.fold == top):
        if second is None:
            yield least_turn(first.direction, a.direction)
            continue
        wanted = abs(float(first.direction @ second.direction))
        for b in (one for one in there if one is not a and one.fold == second.fold):
            if abs(abs(float(a.direction @ b.direction)) - wanted) > np.sin(np.radians(_ANGLE)):
                continue
            for sign in (1, -1):
                pair = np.array([a.direction, sign * b.direction]), np.array([first.direction, second.direction])
                yield np.asarray(Rotation.align_vectors(*pair)[0].as_matrix())


def least_turn(one: Array, other: Array) -> Array:
    """The smallest turn (3, 3) that takes one direction (3,) to another."""
    axis = np.cross(one, other)
    length = float(np.linalg.norm(axis))
    if length < 1e-9:
        return np.eye(3) if one @ other > 0 else np.diag([1.0, -1.0, -1.0])
    return np.asarray(Rotation.from_rotvec(axis / length * np.arctan2(length, float(one @ other))).as_matrix())


def meeting_point(rotations: Array, shifts: Array, middle: Array, cutoff: float = 1e-3) -> Array:
    """The point (3,) that moves leave where it is, as near to ``middle`` (3,) as they allow; ``shifts`` (P, 3) are those of ``middle``."""
    left = (np.eye(3) - rotations).reshape(-1, 3)
    return np.asarray(middle + np.linalg.lstsq(left, shifts.ravel(), rcond=cutoff)[0])
