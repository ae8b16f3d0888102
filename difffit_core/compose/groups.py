"""The moves of a point group or of a helix, in a frame of their own: main axis along z through the origin, a dyad along x."""

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from difffit_core.errors import UserError
from difffit_core.pose import Pose, PoseBatch

MOST_FOLD = 60
"""The highest order of an axis that is looked for."""


@dataclass(frozen=True)
class Group:
    """Cn, Dn, or a helix of one start.

    ``order`` is n of the main axis; ``rise`` in Å and ``twist`` in degrees belong to a helix, whose order is 1.
    """

    kind: Literal["C", "D", "helix"]
    order: int = 1
    rise: float = 0.0
    twist: float = 0.0

    def __str__(self) -> str:
        if self.kind == "helix":
            return f"helix of {self.rise:.2f} Å and {self.twist:.2f}°"
        return f"{self.kind}{self.order}"

    @property
    def size(self) -> int:
        """How many moves it has; of a helix, as many as are asked for."""
        return {"C": self.order, "D": 2 * self.order, "helix": 0}[self.kind]

    def elements(self, index: NDArray[np.signedinteger]) -> PoseBatch:
        """Moves number ``index`` (I,).

        0 stays, 1 is the first turn; the second half of D turns over first. Of a helix any whole number will do.
        """
        index = np.asarray(index)
        turned_over = (self.kind == "D") & (index >= self.order)
        angle = np.radians(self.twist) * index if self.kind == "helix" else 2 * np.pi * (index % self.order) / self.order
        from scipy.spatial.transform import Rotation  # here, since reading a group's name should be quick

        rotations = Rotation.from_rotvec(np.outer(angle, [0, 0, 1])).as_matrix()
        rotations[turned_over] = rotations[turned_over] @ np.diag([1.0, -1.0, -1.0])
        return PoseBatch(rotations, np.outer(self.rise * index, [0, 0, 1]))

    def images(self, index: NDArray[np.signedinteger], frame: Pose, poses: PoseBatch) -> PoseBatch:
        """Poses in the map's frame moved by the elements ``index`` (I,) of the group in ``frame``; one of either goes with many."""
        there = PoseBatch.of([frame])
        return there.compose(self.elements(index)).compose(there.invert()).compose(poses)


def parse_group(text: str) -> Group:
    """C2 to C60 or D2 to D60.

    Raises
    ------
    UserError
        If the text names no such group.
    """
    match = re.fullmatch(r"([CD])(\d+)", text.strip().upper())
    if not match or not 2 <= int(match[2]) <= MOST_FOLD:
        raise UserError(f"symmetry must be auto, none, C2 to C{MOST_FOLD} or D2 to D{MOST_FOLD}, got {text}")
    return Group("C" if match[1] == "C" else "D", int(match[2]))
