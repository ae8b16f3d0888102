"""The symmetry among copies of one model: found from their relative moves, used to complete missing copies, or imposed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.compose.body import Body
from difffit_core.compose.symmetry.least_squares import Arrangement, fit_frame
from difffit_core.conventions import Array
from difffit_core.groups.axes import Axis, lines_of
from difffit_core.groups.frame import frame_of, turns_onto
from difffit_core.groups.group import MOST_FOLD, Group
from difffit_core.groups.screw import Screw, relative, screw_of
from difffit_core.groups.standing import Standing
from difffit_core.pose import Pose, PoseBatch

COMPLETE = 0.5
"""More than this share of an orbit must be there for its symmetry to be believed."""
_MOST_STARTS = 12
_LEAST_OF_A_HELIX = 3
_SAME_DIRECTION = 4.0
_SAME_LINE = 2.0
_SOLIDS = {3: Group("T"), 4: Group("O"), 5: Group("I")}
_MOST_PAIRS = 12
_RIGHT_ANGLE = float(np.sin(np.radians(75)))


@dataclass(frozen=True, eq=False)
class Symmetry:
    """A symmetry that copies of one model obey.

    Attributes
    ----------
    group : which
    frame : takes the group's own frame (axis along z) to the map's
    members : orbit and element of each copy, in the order they were given; (-1, 0) for a copy that does not belong
    ideal : for each orbit, the pose whose images the copies are
    rmsd : of the copies to their exact places, in Å
    """

    group: Group
    frame: Pose
    members: tuple[tuple[int, int], ...]
    ideal: tuple[Pose, ...]
    rmsd: float

    @property
    def axis(self) -> Array:
        """Direction (3,) of the main axis."""
        return np.asarray(self.frame.rotation[:, 2])

    @property
    def centre(self) -> Array:
        """(3,) in Å: where the axes meet; of C or a helix, the point of the axis beside the middle of the copies."""
        return np.asarray(self.frame.translation)

    def image(self, orbit: int, element: int) -> Pose:
        """The exact pose of one member of an orbit."""
        return self.group.images(np.array([element]), self.frame, PoseBatch.of([self.ideal[orbit]]))[0]

    def imposed(self, poses: Sequence[Pose]) -> list[Pose]:
        """The copies at their exact places; those that do not belong stay."""
        return [pose if orbit < 0 else self.image(orbit, element) for pose, (orbit, element) in zip(poses, self.members, strict=True)]

    def missing(self) -> list[tuple[int, int]]:
        """Orbit and element of every copy that the symmetry asks for and is not there; of a helix, the gaps and one beyond either end."""
        absent = []
        for orbit in range(len(self.ideal)):
            there = {element for where, element in self.members if where == orbit}
            wanted = range(min(there) - 1, max(there) + 2) if self.group.kind == "helix" else range(self.group.size)
            absent += [(orbit, element) for element in wanted if element not in there]
        return absent


def obeying(body: Body, poses: Sequence[Pose], tolerance: float, standing: Standing) -> Symmetry | None:
    """The copies sorted by a symmetry that is known to stand in the map; None where they are too few of it."""
    if not poses:
        return None
    placed = PoseBatch.of(poses)
    arrangement = _arrange(body, placed, standing.group, standing.frame, tolerance)
    return None if arrangement is None else _fitted(body, poses, placed, arrangement, tolerance)


def find_symmetry(body: Body, poses: Sequence[Pose], tolerance: float, wanted: Group | None = None) -> Symmetry | None:
    """The symmetry that most of the copies obey, the larger of two; None if they obey none.

    Parameters
    ----------
    body, poses : the model and its copies
    tolerance : RMSD in Å within which a copy is the image of another
    wanted : look for this group alone
    """
    placed = PoseBatch.of(poses)
    best: tuple[float, ...] = (0.0,)
    found: Symmetry | None = None
    for group, frame in _hypotheses(body, poses, tolerance, wanted):
        arrangement = _arrange(body, placed, group, frame, tolerance)
        if arrangement is None or (arrangement.count, group.size) < best[:2]:
            continue
        one = _fitted(body, poses, placed, arrangement, tolerance)
        if one is not None and (key := _merit(one)) > best:
            best, found = key, one
        if best[0] == len(poses) == best[1]:
            break
    return found


def _merit(one: Symmetry) -> tuple[float, ...]:
    """Copies that belong, then the larger group, then the shorter step, then the better fit."""
    count = sum(orbit >= 0 for orbit, _ in one.members)
    return (count, one.group.size, -abs(one.group.rise), -one.rmsd)


def _hypotheses(body: Body, poses: Sequence[Pose], tolerance: float, wanted: Group | None) -> Iterator[tuple[Group, Pose]]:
    """Groups, with the frames in which the relative moves of the copies would belong to them; the larger ones first."""
    starts = range(min(len(poses), _MOST_STARTS))
    screws = [screw_of(relative(poses[i], poses[j])) for i in starts for j in range(len(poses)) if i != j]
    turning = [one for one in screws if abs(one.slide) < tolerance and one.angle > 180 / MOST_FOLD]
    lines = [[turning[i] for i in line] for line in lines_of(turning, _SAME_DIRECTION, _SAME_LINE)]
    dyads = [line[0] for line in lines if any(one.angle > 150 for one in line)]
    centres = body.centres(PoseBatch.of(poses))
    orders = [_orders(line, _lever(body, centres, line[0]), tolerance, len(poses)) for line in lines]
    hypotheses = list(_solids(lines, orders, tolerance))
    for line, possible in zip(lines, orders, strict=True):
        main = line[0]
        for order in possible:
            hypotheses += [(Group("D", order), frame) for frame in _dihedral_frames(main, dyads)]
            hypotheses.append((Group("C", order), frame_of(main.axis, main.point)))
    hypotheses.sort(key=lambda one: -one[0].size)
    yield from (one for one in hypotheses if wanted in (None, one[0]))
    if wanted is None:
        slides = {(round(one.slide), round(one.angle / 3)): one for one in screws if abs(one.slide) > 1.0}
        for one in slides.values():
            sign = float(np.sign(one.slide))
            yield Group("helix", 1, abs(one.slide), sign * one.angle), frame_of(sign * one.axis, one.point)


def _lever(body: Body, centres: Array, main: Screw) -> float:
    """How far from an axis the atoms lie, Å: by so much a turn of one radian moves them."""
    apart = centres - main.point
    across = apart - (apart @ main.axis)[:, None] * main.axis
    return float(np.sqrt((across**2).sum(axis=1).mean() + np.trace(body.covariance)))


def _orders(line: Sequence[Screw], lever: float, tolerance: float, copies: int) -> list[int]:
    """Orders of an axis of which one of its turns is a primitive one."""
    slack = float(np.degrees(tolerance / lever))
    orders = []
    for order in range(2, min(MOST_FOLD, 2 * copies) + 1):
        turns = [round(one.angle * order / 360) for one in line]
        if any(np.gcd(n, order) == 1 and abs(one.angle - 360 * n / order) < slack for one, n in zip(line, turns, strict=True)):
            orders.append(order)
    return orders


def _solids(lines: Sequence[Sequence[Screw]], orders: Sequence[Sequence[int]], tolerance: float) -> Iterator[tuple[Group, Pose]]:
    """T, O or I from two axes of its highest fold, or one and a dyad, that meet."""
    by_size = sorted(range(len(lines)), key=lambda i: -len(lines[i]))
    for fold, group in _SOLIDS.items():
        own = group.elements().rotations[1:]
        tried = 0
        for i in (i for i in by_size if fold in orders[i]):
            for j in (j for j in by_size if j != i):
                where = _crossing(lines[i][0], lines[j][0], tolerance)
                if where is None or tried >= _MOST_PAIRS:
                    continue
                there = [Axis(fold, lines[i][0].axis), *(Axis(order, lines[j][0].axis) for order in orders[j])]
                frames = [Pose(turn, where) for turn in turns_onto(own, there)]
                tried += bool(frames)
                yield from ((group, frame) for frame in frames)


def _crossing(one: Screw, other: Screw, tolerance: float) -> Array | None:
    """The point (3,) in Å half-way between two lines where they are nearest; None if they pass, or are parallel."""
    directions = np.column_stack([one.axis, -other.axis])
    if np.linalg.norm(np.cross(one.axis, other.axis)) < np.sin(np.radians(_SAME_DIRECTION)):
        return None
    along = np.linalg.lstsq(directions, other.point - one.point, rcond=None)[0]
    near = one.point + along[0] * one.axis, other.point + along[1] * other.axis
    return np.asarray((near[0] + near[1]) / 2) if np.linalg.norm(near[0] - near[1]) < 2 * tolerance else None


def _dihedral_frames(main: Screw, dyads: Sequence[Screw]) -> Iterator[Pose]:
    """Frames of D from its main axis and every dyad that crosses it at about a right angle."""
    for dyad in dyads:
        across = dyad.axis - (dyad.axis @ main.axis) * main.axis
        if np.linalg.norm(across) > _RIGHT_ANGLE:
            along = float((dyad.point - main.point) @ main.axis)
            yield frame_of(main.axis, main.point + along * main.axis, across)


def _arrange(body: Body, placed: PoseBatch, group: Group, frame: Pose, tolerance: float) -> Arrangement | None:
    """Sort copies into orbits; None if no orbit is complete enough."""
    if group.kind == "helix":
        return _along_a_helix(body, placed, group, frame, tolerance)
    everyone = np.arange(group.size)
    members = np.full((len(placed), 2), (-1, 0))
    orbits = 0
    for k in range(len(placed)):
        if members[k, 0] >= 0:
            continue
        near = body.rmsd(group.images(everyone, frame, placed.take(np.array([k]))), placed)
        near[:, members[:, 0] >= 0] = np.inf
        element, copy = np.unravel_index(np.argsort(near, axis=None), near.shape)
        taken: dict[int, int] = {}
        for e, c in zip(element.tolist(), copy.tolist(), strict=True):
            if near[e, c] > tolerance:
                break
            if c not in taken and e not in taken.values():
                taken[c] = e
        if len(taken) > COMPLETE * group.size:
            for c, e in taken.items():
                members[c] = orbits, e
            orbits += 1
    return Arrangement(group, frame, members) if orbits else None


def _along_a_helix(body: Body, placed: PoseBatch, group: Group, frame: Pose, tolerance: float) -> Arrangement | None:
    """The longest chain of copies each of which is the image of the one before."""
    near = body.rmsd(group.images(np.array([1]), frame, placed), placed)
    following = np.where(near.min(axis=1) < tolerance, near.argmin(axis=1), -1)
    longest: list[int] = []
    for first in range(len(placed)):
        chain = [first]
        while (after := int(following[chain[-1]])) >= 0 and after not in chain:
            chain.append(after)
        longest = max(longest, chain, key=len)
    if len(longest) < _LEAST_OF_A_HELIX or len(longest) <= COMPLETE * len(placed):
        return None
    members = np.full((len(placed), 2), (-1, 0))
    for element, copy in enumerate(longest):
        members[copy] = 0, element
    return Arrangement(group, frame, members)


def _fitted(body: Body, poses: Sequence[Pose], placed: PoseBatch, arrangement: Arrangement, tolerance: float) -> Symmetry | None:
    """Fit the frame to the copies, sort them anew, fit again."""
    for _ in range(2):
        group, frame, ideal, rmsd = fit_frame(body, poses, arrangement)
        if rmsd > tolerance:
            return None
        again = _arrange(body, placed, group, frame, tolerance)
        if again is None or again.count < arrangement.count:
            break
        arrangement = again
    return Symmetry(group, frame, _pairs(arrangement.members), ideal, rmsd)


def _pairs(members: NDArray[np.int64]) -> tuple[tuple[int, int], ...]:
    return tuple((int(orbit), int(element)) for orbit, element in members)
