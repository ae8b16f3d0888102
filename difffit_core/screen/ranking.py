"""Which models stand out of a library, and how sure that is.

A model's height, or z, is how far its best placement rises above its own wrong placements, in standard deviations of Fisher's z: that
takes out the size of the model and what the density offers to any model of its size. A model that was searched in full has the z and the
p-value of that search, and those are a fit's (`fit.significance`): a screen and a fit of one model agree. The first pass has too few
placements to be judged by them alone. Its models are held against the fit's distribution and against the heights that the others of the
library reach at their size, and get the lower of the two scores; those that stand out are searched in full. Scores are in scales of the
extreme-value (Gumbel) distribution which the best of many wrong poses follows, p is its tail, q Benjamini and Hochberg's false discovery
rate.

The library's distribution is fitted to the first passes. Its highest tenth is only counted, not measured (right-censored), so that the
models sought do not hide themselves; and what was seen on other maps counts as some models more, so that a library of a few can be judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import ndtri

from difffit_core.conventions import Array
from difffit_core.fit.judge.significance import ENOUGH, NULL_MODE, NULL_SCALE
from difffit_core.placement import Verdict
from difffit_core.screen.rows import ScreenRow

SIGNIFICANT = 0.01
"""A model is significant where its q-value is below this."""
CLEAR_GAP = 2.5
"""Lead of the best over the next distinct placement, in spreads of the wrong ones, beyond which the place is called unique."""
TYPICAL_ELEMENTS = 300.0
"""Resolution elements of the size at which the distribution's mode is told."""
_PRIOR = (0.48, 0.10, 0.16)
"""Mode at that size, its growth with the logarithm of the size, and scale, as seen on five maps (`make bench ARGS="screen"`)."""
_PRIOR_MODELS = 15
_NOTHING = -10.0
"""The score, at most, of a model that cannot be judged; its p is 1."""
_FITTED = 4000
"""Of a larger library, about so many models, evenly spread over the heights, are enough for the fit."""
_MEASURED = 0.9
"""Share of the models, the lowest, whose heights are measured in the fit."""


@dataclass(frozen=True)
class Null:
    """Gumbel distribution of the height of models that do not belong: its mode grows by ``slope`` with the logarithm of the elements."""

    mode: float
    slope: float
    scale: float

    def standardised(self, heights: Array, elements: Array) -> Array:
        """Heights (M,) in scales above the mode at their sizes."""
        return np.asarray((heights - self.mode - self.slope * _log_size(elements)) / self.scale)


@dataclass(frozen=True, eq=False)
class Ranking:
    """M models that were tried, best first.

    ``rows`` of the store; ``z_scores`` (M,), heights above the own wrong placements; ``scores`` (M,), by which they are ranked, in Gumbel
    scales; ``p_values`` and ``q_values`` (M,); ``verdicts``, which are the places' and hold only where a model is significant.
    """

    rows: tuple[ScreenRow, ...]
    z_scores: Array
    scores: Array
    p_values: Array
    q_values: Array
    verdicts: tuple[Verdict, ...]
    null: Null

    @property
    def significant(self) -> NDArray[np.bool_]:
        """Which (M,) of them are."""
        return self.q_values < SIGNIFICANT


def rank(rows: Sequence[ScreenRow]) -> Ranking:
    """Rank what has been tried, whether or not all has.

    Parameters
    ----------
    rows : of a store
    """
    tried = sorted((row for row in rows if row.correlation is not None), key=lambda row: (row.path, row.part))
    elements = np.array([row.elements for row in tried], np.float64)
    middle = np.array([row.middle for row in tried], np.float64)
    first = _heights(np.array([row.first_correlation for row in tried], np.float64), middle, elements)
    null = fit_null(first, elements)
    full = np.array([row.z_score is not None for row in tried], bool)
    z = np.where(full, np.array([row.z_score or 0.0 for row in tried], np.float64), first)
    of_a_fit = (z - NULL_MODE) / NULL_SCALE
    scores = np.where(full, of_a_fit, np.minimum(of_a_fit, null.standardised(first, elements)))
    blind = (elements < ENOUGH) | np.array([row.verdict == Verdict.CANNOT_BE_JUDGED for row in tried], bool)
    scores = np.where(blind, np.minimum(scores, _NOTHING), scores)
    p = gumbel_tail(scores)
    q = false_discovery_rates(p)
    order = np.argsort(-scores, kind="stable")
    verdicts = tuple(_verdict(tried[i], bool(q[i] < SIGNIFICANT)) for i in order)
    return Ranking(tuple(tried[i] for i in order), z[order], scores[order], p[order], q[order], verdicts, null)


def promising(rows: Sequence[ScreenRow], below: float) -> list[int]:
    """Ids of the models whose first pass puts their p-value below that; the others' have no say but through the null."""
    tried = [row for row in rows if row.first_correlation is not None]
    first, middle, elements = (
        np.array([getattr(row, name) for row in tried], np.float64) for name in ("first_correlation", "middle", "elements")
    )
    heights = _heights(first, middle, elements)
    p = gumbel_tail(fit_null(heights, elements).standardised(heights, elements))
    return [row.id for row, value in zip(tried, p, strict=True) if value < below or below >= 1]


def gumbel_tail(standardised: Array) -> Array:
    """Chance that a Gumbel variate is as high as these (M,) standardised ones, or higher."""
    return np.asarray(-np.expm1(-np.exp(-np.maximum(standardised, -700))))


def false_discovery_rates(p_values: Array) -> Array:
    """Benjamini and Hochberg's q (M,) of p-values (M,): as scipy.stats has it, whose import takes longer than ranking 100 000 models."""
    order = np.argsort(p_values, kind="stable")
    count = len(order)
    rates = np.minimum.accumulate((p_values[order] * count / np.arange(1, count + 1))[::-1])[::-1]
    result = np.empty(count)
    result[order] = np.minimum(rates, 1.0)
    return result


def fit_null(heights: Array, elements: Array) -> Null:
    """Maximum-likelihood Gumbel distribution of heights (M,) against the elements (M,), with the prior's models beside the library's.

    The prior's models lie at evenly spread quantiles of the prior and at all sizes of a spread typical of libraries.
    """
    mode, slope, scale = _PRIOR
    quantiles = (np.arange(_PRIOR_MODELS) + 0.5) / _PRIOR_MODELS
    sizes = 0.5 * ndtri(np.roll(quantiles, _PRIOR_MODELS // 2))
    prior = mode + slope * sizes - scale * np.log(-np.log(quantiles))
    some = np.argsort(heights, kind="stable")[:: max(1, len(heights) // _FITTED)]
    x = np.concatenate([_log_size(elements[some]), sizes])
    y = np.concatenate([heights[some], prior])
    guess = np.array([mode, slope, np.log(scale)])
    for _ in range(2):
        residual = y - guess[0] - guess[1] * x
        bound = np.quantile(residual, _MEASURED)
        measured = residual <= bound
        known = x, np.where(measured, y, guess[0] + guess[1] * x + bound), measured
        guess = minimize(_surprise, guess, known, "L-BFGS-B", jac=True).x
    return Null(float(guess[0]), float(guess[1]), float(np.exp(guess[2])))


def _surprise(parameters: Array, x: Array, y: Array, measured: NDArray[np.bool_]) -> tuple[float, Array]:
    """Negative log-likelihood of heights y (M,) at sizes x (M,), with its gradient; those not measured are only known to be above y."""
    scale = np.exp(parameters[2])
    u = (y - parameters[0] - parameters[1] * x) / scale
    rest = np.exp(-np.clip(u, -50, 700))
    seen = np.where(measured, -parameters[2] - u - rest, np.log(-np.expm1(-rest)))
    by_u = np.where(measured, rest - 1, -rest / np.expm1(np.minimum(rest, 700)))
    gradient = np.array([by_u.sum() / scale, (by_u * x).sum() / scale, (by_u * u).sum() + measured.sum()])
    return -float(seen.sum()), gradient


def _heights(correlation: Array, middle: Array, elements: Array) -> Array:
    """Height of Fisher's z over the wrong placements, in its standard deviations."""
    return np.asarray((np.arctanh(np.clip(correlation, -0.999999, 0.999999)) - middle) * np.sqrt(elements - 3))


def _log_size(elements: Array) -> Array:
    return np.log(np.asarray(elements, np.float64) / TYPICAL_ELEMENTS)


def _verdict(row: ScreenRow, significant: bool) -> Verdict:
    if (row.elements or 0) < ENOUGH or row.verdict == Verdict.CANNOT_BE_JUDGED:
        return Verdict.CANNOT_BE_JUDGED
    if not significant:
        return Verdict.NOT_SIGNIFICANT
    if row.verdict in (Verdict.UNIQUE, Verdict.AMBIGUOUS):
        return Verdict(row.verdict)
    return Verdict.UNIQUE if (row.gap or 0) >= CLEAR_GAP else Verdict.AMBIGUOUS
