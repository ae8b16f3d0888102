"""Which point group a set of turns is: Cn, Dn, T, O or I, and how it stands."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array, rotation_angle
from difffit_core.groups.axes import Axis, axes_of
from difffit_core.groups.frame import least_turn, meeting_point, turns_onto
from difffit_core.groups.group import Group
from difffit_core.pose import Pose, PoseBatch

_RIGHT_ANGLE = 6.0


@dataclass(frozen=True, eq=False)
class PointGroup:
    """A point group and how it stands.

    Attributes
    ----------
    group : C1, C2, …, D2, …, T, O or I
    frame : takes the group's own frame to the map's; where its axes meet, or, of Cn, the point of the axis beside the middle, is its shift
    """

    group: Group
    frame: Pose

    @property
    def name(self) -> str:
        """As people write it."""
        return str(self.group)

    @property
    def size(self) -> int:
        """How many moves it has."""
        return self.group.size

    @property
    def rotation(self) -> Array:
        """(3, 3) of the frame."""
        return np.asarray(self.frame.rotation)

    @property
    def centre(self) -> Array:
        """(3,) in Å of the frame."""
        return np.asarray(self.frame.translation)

    @cached_property
    def moves(self) -> PoseBatch:
        """All of them, in the map's frame; the first moves nothing."""
        return self.group.moves(self.frame)

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """Every axis, in the map's frame, those of the highest fold first."""
        return tuple(sorted(axes_of(self.moves.rotations[1:]), key=lambda one: -one.fold))


def name_group(rotations: Array) -> Group:
    """The group to which turns (P, 3, 3), the one that turns nothing not among them, belong."""
    if len(rotations) == 0:
        return Group("C", 1)
    axes = axes_of(rotations)
    high = sorted((one for one in axes if one.fold > 2), key=lambda one: -one.fold)
    if len(high) > 1:
        return Group("I" if high[0].fold == 5 else "O" if high[0].fold == 4 else "T")
    main = high[0] if high else axes[0]
    level = np.sin(np.radians(_RIGHT_ANGLE))
    across = [one for one in axes if one is not main and abs(float(one.direction @ main.direction)) < level]
    return Group("D" if across else "C", main.fold)


def stand(group: Group, moves: PoseBatch, middle: Array) -> PointGroup:
    """The group in the place where its moves are nearest to those found (P,); ``middle`` (3,) in Å is near its centre."""
    if len(moves) == 0:
        return PointGroup(Group("C", 1), Pose(np.eye(3), middle))
    ideal = group.elements().rotations[1:]
    best, best_off = np.eye(3), np.inf
    for rotation in turns_onto(ideal, axes_of(moves.rotations)):
        off = _off(rotation @ ideal @ rotation.T, moves.rotations).mean()
        if off < best_off - 1e-6:
            best, best_off = rotation, off
    for _ in range(3):
        best = _nearer(best, ideal, moves.rotations)
    shifts = moves.apply(middle[None])[:, 0] - middle
    return PointGroup(group, Pose(best, meeting_point(moves.rotations, shifts, middle)))


def _off(ideal: Array, found: Array) -> Array:
    """Degrees (P,) from each turn found to the nearest ideal one."""
    return np.array([rotation_angle(ideal, one).min() for one in found])


def _nearer(rotation: Array, ideal: Array, found: Array) -> Array:
    """The frame turned by the mean of what takes its axes to those found."""
    turned = rotation @ ideal @ rotation.T
    pairs = [(turned[np.argmin(rotation_angle(turned, one))], one) for one in found]
    own, there = (Rotation.from_matrix(np.array(side)).as_rotvec() for side in zip(*pairs, strict=True))
    own, there = (side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-12) for side in (own, there))
    there = there * np.sign((own * there).sum(axis=1, keepdims=True))
    if np.linalg.matrix_rank(own, tol=0.2) < 2:
        mean = (there * np.sign(there @ there[0])[:, None]).sum(axis=0)
        return np.asarray(least_turn(own[0] * np.sign(own[0] @ there[0]), mean / np.linalg.norm(mean)) @ rotation)
    return np.asarray(Rotation.align_vectors(there, own)[0].as_matrix() @ rotation)
