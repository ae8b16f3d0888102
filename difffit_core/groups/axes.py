"""Turns sorted by the axes about which they go."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.conventions import Array
from difffit_core.groups.group import MOST_FOLD
from difffit_core.groups.screw import Screw

_SAME_LINE = 6.0
"""Degrees within which turns about one point have one axis."""


@dataclass(frozen=True, eq=False)
class Axis:
    """An axis of symmetry: how many-fold, and its direction (3,), a unit vector."""

    fold: int
    direction: Array


def lines_of(screws: Sequence[Screw], degrees: float = _SAME_LINE, apart: float = np.inf) -> list[list[int]]:
    """Which screws go about one axis: of directions within ``degrees`` of its first, and no farther than ``apart`` Å from it."""
    lines: list[list[int]] = []
    for number, one in enumerate(screws):
        for line in lines:
            first = screws[line[0]]
            away = one.point - first.point
            across = away - (away @ first.axis) * first.axis
            if abs(float(one.axis @ first.axis)) > np.cos(np.radians(degrees)) and np.linalg.norm(across) < apart:
                line.append(number)
                break
        else:
            lines.append([number])
    return lines


def axes_of(rotations: Array) -> list[Axis]:
    """The axes of turns (P, 3, 3), each as many-fold as the least turn about it says; what turns nothing has none."""
    vectors = Rotation.from_matrix(rotations).as_rotvec()
    angles = np.linalg.norm(vectors, axis=1)
    turning = np.flatnonzero(angles > 1e-6)
    screws = [Screw(vectors[i] / angles[i], np.zeros(3), float(np.degrees(angles[i])), 0.0) for i in turning]
    found = []
    for line in lines_of(screws):
        first = screws[line[0]].axis
        direction = np.sum([screws[i].axis * np.sign(screws[i].axis @ first) for i in line], axis=0)
        fold = int(np.clip(round(360 / min(screws[i].angle for i in line)), 2, MOST_FOLD))
        found.append(Axis(fold, direction / np.linalg.norm(direction)))
    return found
