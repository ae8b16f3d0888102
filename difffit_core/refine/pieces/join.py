"""Joining the bodies of a chain: about a joint its residues go over from one body into the other, so that no single bond takes it all."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from difffit_core.conventions import Array
from difffit_core.pose import Pose
from difffit_core.refine.pieces.bodies import Bodies
from difffit_core.refine.trace import Trace

WIDTHS = (0, 2, 4, 7, 12)
"""Residues on either side of a joint over which it is spread, one after the other until the joined chain is sound."""
_LONGEST_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Joint:
    """Where a chain goes from one body into another: ``at`` is the index of the first residue of the second."""

    at: int
    before: Pose
    after: Pose


def joints_of(trace: Trace, bodies: Bodies) -> list[Joint]:
    """Every change of body along linked residues."""
    labels = bodies.labels
    changes = 1 + np.flatnonzero((np.diff(labels) != 0) & trace.linked[1:])
    return [Joint(int(at), bodies.poses[labels[at - 1]], bodies.poses[labels[at]]) for at in changes]


def spread(trace: Trace, bodies: Bodies, own: Array, width: int) -> Array:
    """The fitted atoms (M, 3) in Å of a chain as its bodies stand, with joints spread over ``width`` residues on either side.

    Each residue there keeps its shape, turned and moved part of the way; ``own`` (M, 3) are the atoms as the model's file has them. No
    joint is spread over more than half of the way to the next.
    """
    of_atom = trace.residues.of_atom
    points = bodies.apply(own, of_atom)
    if width == 0:
        return points
    joints = joints_of(trace, bodies)
    ends = [0, *(one.at for one in joints), len(trace)]
    for number, joint in enumerate(joints):
        room = (joint.at - ends[number], ends[number + 2] - joint.at)
        low, high = (max(min(width, int(_LONGEST_SHARE * one)), 0) for one in room)
        if low + high < 2:
            continue
        turn = Slerp([0.0, 1.0], Rotation.from_matrix(np.array([joint.before.rotation, joint.after.rotation])))
        for residue in range(joint.at - low, joint.at + high):
            share = (residue - (joint.at - low) + 1) / (low + high + 1)
            mine = of_atom == residue
            middle = own[mine].mean(axis=0)
            place = (1 - share) * joint.before.apply(middle) + share * joint.after.apply(middle)
            points[mine] = (own[mine] - middle) @ turn([share]).as_matrix()[0].T + place
    return points
