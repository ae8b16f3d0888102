"""Laying points onto others as one rigid body."""

import numpy as np

from difffit_core.conventions import Array
from difffit_core.pose import Pose


def superposed(own: Array, onto: Array) -> Pose:
    """The rigid move of ``own`` (N, 3) in Å that comes nearest to ``onto`` (N, 3), by least squares (Kabsch)."""
    middle, there = own.mean(axis=0), onto.mean(axis=0)
    left, _, right = np.linalg.svd((own - middle).T @ (onto - there))
    proper = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right)) or 1.0])
    rotation = (left @ proper @ right).T
    return Pose(rotation, there - rotation @ middle)


def robustly_superposed(own: Array, onto: Array, rounds: int = 3) -> Pose:
    """The same of the atoms that move alike: those farther off than twice the median do not count in the next round."""
    keep = np.ones(len(own), bool)
    pose = superposed(own, onto)
    for _ in range(rounds):
        off = np.linalg.norm(pose.apply(own) - onto, axis=1)
        keep = off <= max(2 * float(np.median(off)), 0.5)
        if np.count_nonzero(keep) < 3:
            break
        pose = superposed(own[keep], onto[keep])
    return pose
