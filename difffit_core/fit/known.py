"""Placements that are known from elsewhere, as the result of a fit."""

from collections.abc import Sequence

import numpy as np

from difffit_core.conventions import Array, matrix_to_quaternion
from difffit_core.fit.request import FitResult
from difffit_core.placement import Placement


def known_result(placements: Sequence[Placement], centre: Array, device: str) -> FitResult:
    """The result of a fit that began where it ended.

    Parameters
    ----------
    placements : best first, at least one
    centre : (3,), the mean of the fitted atoms, Å
    device : where they were computed
    """
    rotations = np.array([one.pose.rotation for one in placements])
    translations = np.array([one.pose.translation for one in placements])
    starts = matrix_to_quaternion(rotations), rotations @ centre + translations
    return FitResult(tuple(placements), device, {}, False, *starts, centre)
