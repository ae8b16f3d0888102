"""A chain as rigid bodies: which residue belongs to which, and where each stands."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.pose import Pose
from difffit_core.refine.trace import Trace

_CHANGE = 0.5
"""What beginning another body costs, in correlation of one residue: less than that of two residues that fit is not worth it."""
_GAP = 0.15
"""What each Å costs by which two bodies stand apart where the chain passes from one into the other."""
_WIDEST = 30.0


@dataclass(frozen=True, eq=False)
class Bodies:
    """``labels`` (n,) number the body of each residue of a trace, and ``poses`` say where each body stands."""

    labels: NDArray[np.int64]
    poses: tuple[Pose, ...]

    @classmethod
    def one(cls, trace: Trace, pose: Pose) -> "Bodies":
        return cls(np.zeros(len(trace), np.int64), (pose,))

    def apply(self, points: Array, of_residue: NDArray[np.int64]) -> Array:
        """Points (M, 3) in Å moved with their residues (M,)."""
        moved = np.empty_like(points)
        label = self.labels[of_residue]
        for number, pose in enumerate(self.poses):
            mine = label == number
            moved[mine] = pose.apply(points[mine])
        return moved

    def without_unused(self) -> "Bodies":
        """The same with only bodies that have residues."""
        used, labels = np.unique(self.labels, return_inverse=True)
        return Bodies(labels.astype(np.int64), tuple(self.poses[number] for number in used))


def divide(trace: Trace, poses: tuple[Pose, ...], support: Array) -> NDArray[np.int64]:
    """The best division of a chain among bodies at their poses, (n,).

    Parameters
    ----------
    trace : the chain of n residues
    poses : of B bodies
    support : (B, n), what speaks for each residue in each pose, as a correlation

    The sum of the support, less what each change of body costs: more, the farther apart the two stand there, since the chain has to
    get from one to the other (Viterbi).
    """
    count, n = support.shape
    places = np.array([pose.apply(trace.places) for pose in poses])
    apart = np.minimum(np.linalg.norm(places[:, None] - places[None], axis=3), _WIDEST)
    keep = np.eye(count, dtype=bool)
    best = np.zeros((n, count))
    came_from = np.zeros((n, count), np.int64)
    best[0] = support[:, 0]
    for r in range(1, n):
        gap = np.minimum(apart[:, :, r], apart[:, :, r - 1]) if trace.linked[r] else np.zeros((count, count))
        total = best[r - 1][:, None] - np.where(keep, 0.0, (_CHANGE if trace.linked[r] else 0.0) + _GAP * gap)
        came_from[r] = total.argmax(axis=0)
        best[r] = total.max(axis=0) + support[:, r]
    labels = np.zeros(n, np.int64)
    labels[-1] = best[-1].argmax()
    for r in range(n - 1, 0, -1):
        labels[r - 1] = came_from[r, labels[r]]
    return labels
