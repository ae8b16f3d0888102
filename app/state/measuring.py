"""Atoms between which distances and angles are measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.pose import Pose

MOST = 3
"""Atoms of one measurement: two have a distance, three two distances and the angle at the middle one."""


@dataclass(frozen=True, eq=False)
class MeasuredAtom:
    """An atom of a model by its number there; ``pose`` is that of an accepted copy, and None for the model wherever it is drawn."""

    model: str
    atom: int
    pose: Pose | None = None


Measurement = tuple[MeasuredAtom, ...]
"""From one to `MOST` atoms."""


def with_atom(measurements: tuple[Measurement, ...], atom: MeasuredAtom) -> tuple[Measurement, ...]:
    """The last measurement goes on with one more atom, unless it has all: then another begins."""
    if measurements and len(measurements[-1]) < MOST:
        return (*measurements[:-1], (*measurements[-1], atom))
    return (*measurements, (atom,))


def distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Between two points (3,), Å."""
    return float(np.linalg.norm(second - first))


def angle(first: NDArray[np.float64], middle: NDArray[np.float64], last: NDArray[np.float64]) -> float | None:
    """At the middle one of three points (3,), in degrees; None where two are the same."""
    one, other = first - middle, last - middle
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return None if lengths == 0 else float(np.degrees(np.arccos(np.clip(one @ other / lengths, -1, 1))))
