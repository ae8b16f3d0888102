"""How sure is a placement: against the wrong poses of the same search, and against its rivals (design, method section 6)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.placement import Verdict

SIGNIFICANT = 0.05
"""A placement is significant where its p-value is below this."""
CLEAR_GAP = 2.5
"""Lead over the next distinct placement, in spreads of the rest, beyond which a fit is called unique (PowerFit's rule of thumb)."""
RIVALS = 50
"""How many of the best wrong placements stand for the rest."""
NULL_MODE, NULL_SCALE = 0.66, 0.17
"""Gumbel distribution of the best z of models that do not belong in the map, as measured (`make bench ARGS=calibration`)."""


@dataclass(frozen=True, eq=False)
class Significance:
    """``z_scores`` (C,), ``p_values`` (C,) and ``verdicts`` of C placements."""

    z_scores: Array
    p_values: Array
    verdicts: tuple[Verdict, ...]


def judge(
    correlation: NDArray[np.floating],
    copy_of: NDArray[np.int64],
    volume: float,
    resolution: float,
    overlapping: NDArray[np.bool_] | None = None,
) -> Significance:
    """Judge placements by their local correlations (C,), best first.

    Parameters
    ----------
    correlation : (C,)
    copy_of : (C,), index of the placement that each is a symmetric copy of, or -1
    volume, resolution : Å³ that the model covers, and Å
    overlapping : (C,), placements in the place of the best or of a copy of it, which are no rivals; none if not given

    The rest, that is all placements but the best and all symmetric copies, are local optima of wrong poses; its best 50 tell what a wrong
    pose reaches in this map. z is the height of Fisher's z, atanh(c), above their median, times sqrt(n - 3), with n the number of
    independent resolution elements that the model covers. p is the chance that the best placement of a model that does not belong
    in the map has such a z, from the extreme-value distribution that such models showed in real maps.
    """
    height = np.arctanh(np.clip(np.asarray(correlation, np.float64), -0.999999, 0.999999))
    if len(height) == 0:
        return Significance(np.empty(0), np.empty(0), ())
    rest = np.sort(height[1:][copy_of[1:] < 0])[-RIVALS:]
    middle, spread = (float(np.median(rest)), float(rest.std())) if len(rest) else (0.0, 0.0)
    z = (height - middle) * np.sqrt(independent_elements(volume, resolution) - 3)
    p = p_value(z)
    return Significance(z, p, tuple(_verdicts(p, height, copy_of, CLEAR_GAP * spread, overlapping)))


def independent_elements(volume: float, resolution: float) -> float:
    """How many resolution elements, of ``resolution`` Å, a model that covers ``volume`` Å³ has; at least 4."""
    return max(volume / resolution**3, 4.0)


def p_value(z: Array | float) -> Array:
    """Chance (C,) that the best placement of a model that does not belong in the map has a z-score of ``z`` (C,) or more."""
    return np.asarray(-np.expm1(-np.exp(np.minimum((NULL_MODE - np.asarray(z)) / NULL_SCALE, 700))))


def _verdicts(p: Array, height: Array, copy_of: NDArray[np.int64], clear: float, overlapping: NDArray[np.bool_] | None) -> list[Verdict]:
    """Only those within a clear lead of the best are its rivals; what is further down may well be where part of the model belongs, or one
    of its kin, but is no answer as good as the best.
    """
    originals = np.flatnonzero(copy_of < 0)
    elsewhere = np.ones(len(p), bool) if overlapping is None else ~overlapping
    best = originals[0] if len(originals) else 0
    after = originals[1:][elsewhere[originals[1:]]][:1]
    verdicts = []
    for i in range(len(p)):
        rivals = after if i == best else np.array([best])
        if p[i] >= SIGNIFICANT:
            verdicts.append(Verdict.NOT_SIGNIFICANT)
        elif copy_of[i] >= 0:
            verdicts.append(Verdict.SYMMETRIC_COPY)
        elif elsewhere[i] and any(abs(height[i] - height[j]) < clear for j in rivals):
            verdicts.append(Verdict.AMBIGUOUS)
        else:
            verdicts.append(Verdict.UNIQUE if i == best else Verdict.WEAKER)
    return verdicts
