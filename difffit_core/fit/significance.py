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
_FEWEST = 8


@dataclass(frozen=True, eq=False)
class Significance:
    """``z_scores`` (C,), ``p_values`` (C,) and ``verdicts`` of C placements."""

    z_scores: Array
    p_values: Array
    verdicts: tuple[Verdict, ...]


def judge(correlation: NDArray[np.floating], copy_of: NDArray[np.int64], volume: float, resolution: float) -> Significance:
    """Judge placements by their local correlations (C,), best first.

    Parameters
    ----------
    correlation : (C,)
    copy_of : (C,), index of the placement that each is a symmetric copy of, or -1
    volume, resolution : Å³ that the model covers, and Å

    z is the height of Fisher's z, atanh(c), above the median of the rest, times sqrt(n - 3), with n the number of independent resolution
    elements that the model covers. p asks the search itself. The rest, that is all placements but the best and its copies, are local
    optima of wrong poses; the upper half of such a sample falls off at least exponentially, its scale is read off between the median and
    the ninth decile, and p is the chance that the highest of as many reaches this far. With fewer than 8 others p is 1.
    """
    height = np.arctanh(np.clip(np.asarray(correlation, np.float64), -0.999999, 0.999999))
    if len(height) == 0:
        return Significance(np.empty(0), np.empty(0), ())
    best_class = (np.arange(len(height)) == 0) | (copy_of == 0)
    rest = height[~best_class]
    elements = max(volume / resolution**3, 4.0)
    if len(rest) < _FEWEST:
        z = (height - (np.median(rest) if len(rest) else 0.0)) * np.sqrt(elements - 3)
        return Significance(z, np.ones(len(height)), tuple(_verdicts(np.ones(len(height)), height, copy_of, np.inf)))
    middle, ninth = np.quantile(rest, [0.5, 0.9])
    scale = max((ninth - middle) / np.log(5.0), 1e-6)
    single = 0.5 * np.exp(-np.maximum(height - middle, 0) / scale)
    p = -np.expm1(len(rest) * np.log1p(-single))
    spread = max(float(np.quantile(rest, 0.8413) - middle), 1e-6)
    return Significance((height - middle) * np.sqrt(elements - 3), p, tuple(_verdicts(p, height, copy_of, CLEAR_GAP * spread)))


def _verdicts(p: Array, height: Array, copy_of: NDArray[np.int64], clear: float) -> list[Verdict]:
    originals = np.flatnonzero(copy_of < 0)
    verdicts = []
    for i in range(len(p)):
        rivals = [j for j in originals[:2] if j != i]
        if p[i] >= SIGNIFICANT:
            verdicts.append(Verdict.NOT_SIGNIFICANT)
        elif copy_of[i] >= 0:
            verdicts.append(Verdict.SYMMETRIC_COPY)
        elif any(height[i] - height[j] < clear for j in rivals):
            verdicts.append(Verdict.AMBIGUOUS)
        else:
            verdicts.append(Verdict.UNIQUE)
    return verdicts
