"""Whole particles in whole particles: how many of their resolution elements are independent, as wrong places show.

Particles are alike in what is coarse: where a wrong place puts one envelope into another, its resolution elements agree or disagree
together, and correlations of wrong places scatter more than as many independent elements would have it. A mirrored particle then looked far
too sure.
"""

import numpy as np
from numpy.typing import NDArray

from difffit_core.fit.judge.kin import Kin
from difffit_core.fit.judge.significance import ENOUGH, IN_THE_BOX, RIVALS

WHOLE = 0.5
"""A model that covers more than this share of the density is a whole particle."""
_TAIL = 0.2
"""Scale of the tail of wrong places' Fisher z times the root of the number of independent elements, for models as a fit judges them."""
_FEWEST = 20


def independent_volume(correlation: NDArray[np.floating], kin: Kin, volume: float, resolution: float) -> float:
    """The volume, Å³, that wrong places show to be independent; at most the ``volume`` that is covered.

    How the best of the wrong ones fall off (an exponential tail, by its median, which a few nearly right places among them do not move)
    tells how many there are. ``correlation`` (C,) is that of places, best first; ``resolution`` is in Å.
    """
    height = np.arctanh(np.clip(np.asarray(correlation, np.float64), -0.999999, 0.999999))
    rest = np.sort(height[1:][(kin.copy_of[1:] < 0) & kin.distinct[1:]])[-RIVALS:]
    if len(rest) < _FEWEST:
        return volume
    tail = float(np.median(rest) - rest[0]) / np.log(2)
    least = (ENOUGH + 1) / max(float(kin.inside[0]), IN_THE_BOX) * resolution**3
    return float(min(volume, max(((_TAIL / max(tail, 1e-9)) ** 2 + 3) * resolution**3, least)))
