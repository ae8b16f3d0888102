"""The moves of a point group or of a helix, in a frame of their own.

Its main axis lies along z through the origin, a dyad along x; the 2-folds of T and the 4-folds of O lie along x, y and z.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.errors import UserError
from difffit_core.pose import Pose, PoseBatch

MOST_FOLD = 60
"""The highest order of an axis that is looked for."""
_SIZES = {"T": 12, "O": 24, "I": 60}


@dataclass(frozen=True)
class Group:
    """Cn, Dn, T, O, I, or a helix of one start.

    ``order`` is n of the main axis of C and D, and 1 of the others; ``rise`` in Å and ``twist`` in degrees belong to a helix.
    """

    kind: Literal["C", "D", "T", "O", "I", "helix"]
    order: int = 1
    rise: float = 0.0
    twist: float = 0.0

    def __str__(self) -> str:
        if self.kind == "helix":
            return f"helix of {self.rise:.2f} Å and {self.twist:.2f}°"
        return self.kind if self.kind in _SIZES else f"{self.kind}{self.order}"

    @property
    def size(self) -> int:
        """How many moves it has; 0 of a helix, which has as many as are asked for."""
        return _SIZES.get(self.kind) or {"C": self.order, "D": 2 * self.order}.get(self.kind, 0)

    def elements(self, index: NDArray[np.signedinteger] | None = None) -> PoseBatch:
        """Moves number ``index`` (I,), of a point group all of them if not given.

        0 stays. Of C and D 1 is the first turn; the second half of D turns over first. T, O and I go by their angles. Of a helix any whole
        number will do.
        """
        index = np.arange(self.size) if index is None else np.asarray(index)
        if self.kind == "T" or self.kind == "O" or self.kind == "I":
            return PoseBatch(_of_a_solid(self.kind)[index], np.zeros((len(index), 3)))
        turned_over = (self.kind == "D") & (index >= self.order)
        angle = np.radians(self.twist) * index if self.kind == "helix" else 2 * np.pi * (index % self.order) / self.order
        from scipy.spatial.transform import Rotation  # here, since reading a group's name should be quick

        rotations = Rotation.from_rotvec(np.outer(angle, [0, 0, 1])).as_matrix()
        rotations[turned_over] = rotations[turned_over] @ np.diag([1.0, -1.0, -1.0])
        return PoseBatch(rotations, np.outer(self.rise * index, [0, 0, 1]))

    def moves(self, frame: Pose, index: NDArray[np.signedinteger] | None = None) -> PoseBatch:
        """The elements ``index`` (I,), or all, as moves of the space in which the group stands in ``frame``."""
        there = PoseBatch.of([frame])
        return there.compose(self.elements(index)).compose(there.invert())

    def images(self, index: NDArray[np.signedinteger], frame: Pose, poses: PoseBatch) -> PoseBatch:
        """Poses moved by the elements ``index`` (I,) of the group in ``frame``; one of either goes with many."""
        return self.moves(frame, index).compose(poses)


@lru_cache
def _of_a_solid(kind: Literal["T", "O", "I"]) -> Array:
    """The turns (G, 3, 3) of T, O or I, the smallest first."""
    from scipy.spatial.transform import Rotation

    turns = Rotation.create_group(kind)
    return np.asarray(turns[np.argsort(turns.magnitude().round(9), kind="stable")].as_matrix())


def parse_group(text: str) -> Group:
    """C2 to C60, D2 to D60, T, O or I.

    Raises
    ------
    UserError
        If the text names no such group.
    """
    match = re.fullmatch(r"([CD])(\d{1,9})|([TOI])", text.strip().upper())
    if not match or (match[2] and not 2 <= int(match[2]) <= MOST_FOLD):
        raise UserError(f"symmetry must be C2 to C{MOST_FOLD}, D2 to D{MOST_FOLD}, T, O or I, got {text}")
    return Group(match[1], int(match[2])) if match[1] else Group(match[3])  # type: ignore[arg-type]  # the pattern allows no others
