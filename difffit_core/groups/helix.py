"""Which helix a set of screws is: rise, twist and axis."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array
from difffit_core.groups.frame import frame_of, meeting_point
from difffit_core.groups.group import Group
from difffit_core.pose import Pose, PoseBatch

_PARALLEL = float(np.cos(np.radians(8)))
_WHOLE = 0.2
_WRAP = 8.0


@dataclass(frozen=True, eq=False)
class Helix:
    """A helix: each unit is the one before, raised along the axis and turned about it.

    Attributes
    ----------
    rise : in Å, positive
    twist : in degrees, -180 to 180; positive is right-handed
    axis, point : (3,), (3,) in Å, the direction of the rise, and the point of the axis beside the middle of the density
    starts : n of a rotation by 360/n about the axis that the map has, too
    rise_error, twist_error : standard errors from how well the moves that were found agree
    """

    rise: float
    twist: float
    axis: Array
    point: Array
    starts: int
    rise_error: float
    twist_error: float

    @property
    def group(self) -> Group:
        """Its moves, in a frame of their own."""
        return Group("helix", 1, self.rise, self.twist)

    @property
    def frame(self) -> Pose:
        """Takes that frame to the map's."""
        return frame_of(self.axis, self.point)

    def moves(self, numbers: Sequence[int]) -> PoseBatch:
        """The moves by so many units."""
        return self.group.moves(self.frame, np.array(numbers))

    def __str__(self) -> str:
        starts = f", C{self.starts} about the axis" if self.starts > 1 else ""
        return f"helix of {self.rise:.2f} Å rise and {self.twist:.2f}° twist{starts}"


def find_helix(moves: PoseBatch, middle: Array, least_rise: float) -> Helix | None:
    """The helix whose moves these (P,) are; None if no two of them slide along one axis by more than ``least_rise`` Å.

    The unit is the move of the smallest rise; of several, where the map also turns about the axis, that of the smallest twist. The rest
    are its multiples, from which rise and twist are fitted.
    """
    vectors = Rotation.from_matrix(moves.rotations).as_rotvec()
    shifts = moves.apply(middle[None])[:, 0] - middle
    axis = _axis(vectors, shifts)
    if axis is None:
        return None
    turns = np.degrees(vectors @ axis)
    across = np.linalg.norm(vectors - np.outer(vectors @ axis, axis), axis=1) < 0.14 * np.maximum(np.linalg.norm(vectors, axis=1), 0.5)
    slides = shifts @ axis
    along = across & (np.abs(slides) > least_rise)
    if not along.any():
        return None
    lowest = float(np.abs(slides[along]).min())
    units = np.flatnonzero(along & (np.abs(slides) < lowest + least_rise))
    unit = units[np.argmin(np.abs(turns[units]))]
    rise, twist = abs(float(slides[unit])), float(turns[unit] * np.sign(slides[unit]))
    steps = np.flatnonzero(across & (np.abs(slides) < least_rise))
    starts = max((round(360 / abs(t)) for t in turns[steps] if abs(t) > 5), default=1)
    every = np.flatnonzero(along)
    for _ in range(3):
        number = np.round(slides[every] / rise)
        fits = (number != 0) & (np.abs(slides[every] / rise - number) < _WHOLE)
        off = _wrapped(turns[every] - number * twist, 360 / starts)
        fits &= np.abs(off) < _WRAP
        if not fits.any():
            break
        k = number[fits]
        rise = float(k @ slides[every][fits] / (k @ k))
        twist += float(k @ off[fits] / (k @ k))
    number = np.round(slides[every] / rise)
    off_rise, off_twist = slides[every] - number * rise, _wrapped(turns[every] - number * twist, 360 / starts)
    count = max(len(every) - 1, 1)
    weight = float(np.sqrt(np.maximum((number**2).sum(), 1)))
    errors = [float(np.sqrt((x**2).sum() / count)) / weight for x in (off_rise, off_twist)]
    point = meeting_point(moves.rotations[every], shifts[every] - np.outer(slides[every], axis), middle, cutoff=1e-2)
    point = point - ((point - middle) @ axis) * axis
    return Helix(rise, float(_wrapped(np.array([twist]), 360)[0]), axis, point, starts, *errors)


def _axis(vectors: Array, shifts: Array) -> Array | None:
    """The direction that most turns share, pointing with the first slide along it."""
    lengths = np.linalg.norm(vectors, axis=1)
    turning = np.flatnonzero(lengths > np.radians(3))
    if len(turning) == 0:
        return None
    directions = vectors[turning] / lengths[turning][:, None]
    alike = np.abs(directions @ directions.T) > _PARALLEL
    slides = np.abs((shifts[turning] * directions).sum(axis=1))
    best = int(np.argmax((alike * slides[None]).sum(axis=1)))
    group = np.flatnonzero(alike[best])
    signed = directions[group] * np.sign(directions[group] @ directions[best])[:, None]
    mean = (signed * (slides[group] + 1e-6)[:, None]).sum(axis=0)
    return np.asarray(mean / np.linalg.norm(mean))


def _wrapped(degrees: Array, period: float) -> Array:
    return np.asarray((degrees + period / 2) % period - period / 2)
