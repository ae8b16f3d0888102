"""Which point group a set of turns is: Cn, Dn, T, O or I, and how it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array, rotation_angle
from difffit_core.pose import PoseBatch

MOST_FOLD = 60
_SAME_LINE = 6.0
_SIZES = {"T": 12, "O": 24, "I": 60}


@dataclass(frozen=True, eq=False)
class Axis:
    """An axis of symmetry: how many-fold, and its direction (3,), a unit vector."""

    fold: int
    direction: Array


@dataclass(frozen=True, eq=False)
class PointGroup:
    """A point group and how it stands.

    Attributes
    ----------
    name : C1, C2, …, D2, …, T, O or I
    rotation : (3, 3), takes the group's own frame (main axis along z; 2-folds of T and 4-folds of O along x, y and z) to the map's
    centre : (3,) in Å, where the axes meet; of Cn the point of the axis beside the middle
    """

    name: str
    rotation: Array
    centre: Array

    @property
    def size(self) -> int:
        """How many moves it has."""
        return len(elements_of(self.name))

    @property
    def moves(self) -> PoseBatch:
        """All of them, in the map's frame; the first moves nothing."""
        turned = self.rotation @ elements_of(self.name) @ self.rotation.T
        return PoseBatch(turned, self.centre - turned @ self.centre)

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Every axis, in the map's frame, those of the highest fold first."""
        turned = self.rotation @ elements_of(self.name) @ self.rotation.T
        return tuple(sorted((axis for axis, _ in lines_of(turned[1:])), key=lambda one: -one.fold))


def elements_of(name: str) -> Array:
    """The rotations (G, 3, 3) of a group in its own frame, the first being none."""
    turns = Rotation.create_group(name).as_matrix()  # type: ignore[arg-type]  # "D7" and the like are allowed
    order = np.argsort(rotation_angle(np.eye(3), turns), kind="stable")
    return np.asarray(turns[order])


def lines_of(rotations: Array) -> list[tuple[Axis, list[int]]]:
    """Turns (P, 3, 3) sorted by their axes: each with its fold, and which turn about it."""
    vectors = Rotation.from_matrix(rotations).as_rotvec()
    angles = np.degrees(np.linalg.norm(vectors, axis=1))
    lines: list[tuple[Array, list[int]]] = []
    for i, vector in enumerate(vectors):
        direction = vector / max(float(np.linalg.norm(vector)), 1e-12)
        for mean, members in lines:
            if abs(float(direction @ mean)) > np.cos(np.radians(_SAME_LINE)):
                members.append(i)
                break
        else:
            lines.append((direction, [i]))
    found = []
    for mean, members in lines:
        signed = [vectors[i] * np.sign(vectors[i] @ mean) / np.radians(angles[i]) for i in members]
        direction = np.sum(signed, axis=0)
        fold = int(np.clip(round(360 / float(angles[members].min())), 2, MOST_FOLD))
        found.append((Axis(fold, direction / np.linalg.norm(direction)), members))
    return found


def name_group(rotations: Array) -> str:
    """The group to which turns (P, 3, 3), the one that turns nothing not among them, belong."""
    if len(rotations) == 0:
        return "C1"
    axes = [axis for axis, _ in lines_of(rotations)]
    high = sorted((one for one in axes if one.fold > 2), key=lambda one: -one.fold)
    if len(high) > 1:
        return "I" if high[0].fold == 5 else "O" if high[0].fold == 4 else "T"
    main = high[0] if high else axes[0]
    across = [one for one in axes if one is not main and abs(float(one.direction @ main.direction)) < np.sin(np.radians(_SAME_LINE))]
    return f"{'D' if across else 'C'}{main.fold}"


def stand(name: str, moves: PoseBatch, middle: Array) -> PointGroup:
    """The group in the place where its moves are nearest to those found (P,); ``middle`` (3,) in Å is near its centre."""
    if len(moves) == 0:
        return PointGroup("C1", np.eye(3), middle)
    ideal = elements_of(name)[1:]
    best, best_off = np.eye(3), np.inf
    for rotation in _frames(ideal, moves.rotations):
        off = _off(rotation @ ideal @ rotation.T, moves.rotations).mean()
        if off < best_off - 1e-6:
            best, best_off = rotation, off
    for _ in range(3):
        best = _nearer(best, ideal, moves.rotations)
    return PointGroup(name, best, _centre(moves, middle))


def _frames(ideal: Array, found: Array) -> Iterator[Array]:
    """Turns that take an axis, or two, of the ideal group to axes of the same fold that were found."""
    own, there = [axis for axis, _ in lines_of(ideal)], [axis for axis, _ in lines_of(found)]
    top = max(one.fold for one in own)
    first = next(one for one in own if one.fold == top)
    second = next((one for one in own if one is not first and 1e-3 < abs(float(one.direction @ first.direction)) < 0.999), None)
    second = second or next((one for one in own if one is not first), None)
    for a in (one for one in there if one.fold == top):
        if second is None:
            yield _turn([first.direction], [a.direction])
            continue
        for b in (one for one in there if one is not a and one.fold == second.fold):
            for sign in (1, -1):
                yield _turn([first.direction, second.direction], [a.direction, sign * b.direction])


def _turn(own: Sequence[Array], there: Sequence[Array]) -> Array:
    return np.asarray(Rotation.align_vectors(np.array(there), np.array(own))[0].as_matrix()) if len(own) > 1 else _least(own[0], there[0])


def _least(one: Array, other: Array) -> Array:
    """The smallest turn that takes one direction to another."""
    axis = np.cross(one, other)
    length = float(np.linalg.norm(axis))
    if length < 1e-9:
        return np.eye(3) if one @ other > 0 else np.diag([1.0, -1.0, -1.0])
    return np.asarray(Rotation.from_rotvec(axis / length * np.arctan2(length, float(one @ other))).as_matrix())


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
        return np.asarray(_least(own[0] * np.sign(own[0] @ there[0]), mean / np.linalg.norm(mean)) @ rotation)
    return np.asarray(Rotation.align_vectors(there, own)[0].as_matrix() @ rotation)


def _centre(moves: PoseBatch, middle: Array) -> Array:
    """The point that all turns leave where it is, as near to ``middle`` as they allow."""
    left = (moves.rotations - np.eye(3)).reshape(-1, 3)
    right = -(moves.apply(middle[None])[:, 0] - middle).ravel()
    return np.asarray(middle + np.linalg.lstsq(left, right, rcond=1e-3)[0])
