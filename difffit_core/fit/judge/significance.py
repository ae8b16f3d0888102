"""How sure is a placement: against the wrong poses of the same search, and against its rivals (design, method section 6)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.fit.judge.kin import Kin
from difffit_core.placement import Verdict

SIGNIFICANT = 0.05
"""A placement is significant where its p-value is below this."""
TOLD_APART = 1.645
"""Standard deviations of the difference of two correlations beyond which the better place is told from the other, at 5 %."""
ENOUGH = 10.0
"""Fewer independent resolution elements than this fit anywhere: with ten, a chance pose of some hundreds still reaches 0.9."""
IN_THE_BOX = 0.5
"""Where less of the model than this lies in the map's box, it is not that model that is judged."""
_COMPARED = 10
RIVALS = 50
"""How many of the best wrong placements stand for the rest."""
NULL_MODE, NULL_SCALE = 0.66, 0.17
"""Gumbel distribution of the best z of models that do not belong in the map, as measured (`make bench ARGS=calibration`)."""


@dataclass(frozen=True, eq=False)
class Significance:
    """``z_scores`` (C,), ``p_values`` (C,) and ``verdicts`` of C placements; ``level``, the Fisher's z that wrong poses reach here."""

    z_scores: Array
    p_values: Array
    verdicts: tuple[Verdict, ...]
    level: float


@dataclass(frozen=True)
class Earlier:
    """What is known from earlier searches of the same fit: how many there were, and the ``level`` of wrong poses in the first."""

    searches: int
    level: float


def judge(correlation: NDArray[np.floating], kin: Kin, volume: float, resolution: float, earlier: Earlier | None = None) -> Significance:
    """Judge placements by their local correlations (C,), best first.

    Parameters
    ----------
    correlation : (C,)
    kin : which of them are one place, copies, or overlap, and how much of the model lies in the map
    volume, resolution : Å³ that the model covers, and Å
    earlier : the searches before the last one, if there were any

    The rest, that is all distinct places but the best and all symmetric copies, are local optima of wrong poses; its best 50 tell what a
    wrong pose reaches in this map. z is the height of Fisher's z, atanh(c), above their median, times sqrt(n - 3), with n the number of
    independent resolution elements that the model covers. p is the chance that the best placement of a model that does not belong
    in the map has such a z, from the extreme-value distribution that such models showed in real maps. That distribution is one search's:
    of several, the first says what a wrong pose reaches, and p is the chance in all of them. Where the map has too few resolution
    elements under the model to say anything, p is 1 and the placement cannot be judged.
    """
    height = np.arctanh(np.clip(np.asarray(correlation, np.float64), -0.999999, 0.999999))
    if len(height) == 0:
        return Significance(np.empty(0), np.empty(0), (), 0.0)
    rest = np.sort(height[1:][(kin.copy_of[1:] < 0) & kin.distinct[1:]])[-RIVALS:]
    middle = earlier.level if earlier else float(np.median(rest)) if len(rest) else 0.0
    elements = independent_elements(volume, resolution)
    z = (height - middle) * np.sqrt(elements - 3)
    blind = (volume / resolution**3 * kin.inside < ENOUGH) | (kin.inside < IN_THE_BOX)
    p = np.where(blind, 1.0, p_value(z, 1 + earlier.searches if earlier else 1))
    return Significance(z, p, tuple(_verdicts(p, height, blind, kin, elements)), middle)


def cannot_say(volume: float, resolution: float, inside: float) -> str:
    """Why a placement of a model that covers ``volume`` Å³, ``inside`` of it in the map's box, cannot be judged; "" where it can."""
    elements = volume / resolution**3
    if inside < IN_THE_BOX:
        return f"only {inside:.0%} of the model lies inside the map's box: the map is too small for this model"
    if elements * inside < ENOUGH:
        return (
            f"at {resolution:g} Å the map has only {elements * inside:.1f} independent resolution elements under the model, and with fewer "
            f"than {ENOUGH:g} a model fits anywhere: take a larger part of the structure"
        )
    return ""


def independent_elements(volume: float, resolution: float) -> float:
    """How many resolution elements, of ``resolution`` Å, a model that covers ``volume`` Å³ has; at least 4."""
    return max(volume / resolution**3, 4.0)


def p_value(z: Array | float, searches: int = 1) -> Array:
    """Chance (C,) that the best placement of a model that does not belong in the map has a z-score of ``z`` (C,) or more in one of so many
    searches.
    """
    return np.asarray(-np.expm1(-searches * np.exp(np.minimum((NULL_MODE - np.asarray(z)) / NULL_SCALE, 700))))


def told_apart(better: float, others: Array, alike: Array, elements: float) -> Array:
    """By how many standard deviations (O,) a place's correlation stands above those of ``others`` (O,).

    The test of two dependent correlations of Meng, Rosenthal and Rubin (1992): both are correlations with the same model, and the map's
    values in the two places have the correlation ``alike`` (O,) themselves. ``elements`` is the number of independent resolution elements.
    """
    common = np.clip(np.asarray(alike, np.float64), -0.99, 0.99)
    square = np.minimum((better**2 + np.asarray(others, np.float64) ** 2) / 2, 0.999)
    f = np.minimum((1 - common) / (2 * (1 - square)), 1.0)
    h = (1 - f * square) / (1 - square)
    lead = np.arctanh(np.clip(better, -0.999999, 0.999999)) - np.arctanh(np.clip(others, -0.999999, 0.999999))
    return np.asarray(lead * np.sqrt((elements - 3) / (2 * (1 - common) * h)))


def _verdicts(p: Array, height: Array, blind: NDArray[np.bool_], kin: Kin, elements: float) -> list[Verdict]:
    """Rivals are distinct places that do not overlap and are no copies. What is told from the best is weaker: it may well be where part
    of the model belongs, or one of its kin, but is no answer as good. What overlaps a better placement is a variant of that.
    """
    correlation = np.tanh(height)
    others = np.flatnonzero((kin.copy_of < 0) & kin.distinct)
    others = others[others > 0]
    others = _elsewhere(others, kin)
    lead = told_apart(float(correlation[0]), correlation[others], kin.alike(0, others), elements) if len(others) else np.empty(0)
    rivals = set(others[lead < TOLD_APART].tolist())
    verdicts: list[Verdict] = []
    taken: list[int] = []
    for i in range(len(p)):
        if blind[i]:
            verdicts.append(Verdict.CANNOT_BE_JUDGED)
        elif p[i] >= SIGNIFICANT:
            verdicts.append(Verdict.NOT_SIGNIFICANT)
        elif taken and kin.overlaps(i, np.array(taken)).any():
            verdicts.append(Verdict.SAME_PLACE)
        else:
            taken.append(i)
            if kin.copy_of[i] >= 0:
                verdicts.append(Verdict.SYMMETRIC_COPY)
            elif i == 0:
                verdicts.append(Verdict.AMBIGUOUS if rivals else Verdict.UNIQUE)
            else:
                verdicts.append(Verdict.AMBIGUOUS if i in rivals else Verdict.WEAKER)
    return verdicts


def _elsewhere(others: NDArray[np.int64], kin: Kin) -> NDArray[np.int64]:
    """The first ten of ``others`` (O,), best first, that do not overlap the best placement."""
    found = np.empty(0, np.int64)
    for start in range(0, len(others), 2 * _COMPARED):
        block = others[start : start + 2 * _COMPARED]
        found = np.concatenate([found, block[~kin.overlaps(0, block)]])[:_COMPARED]
        if len(found) == _COMPARED:
            break
    return found
