"""Parts that do not stand out alone, but do of all others in what the assembly leaves of the map.

Where all but one place is taken, a model has no wrong places left by which it could be judged: a helix of eight nucleotides that stands
right in the last piece of a map has p = 0.8 there. What it can be held against is what others reach in the same piece: first the other
models of the library, each at its best place, then, since chance gives small ones higher correlations than large ones, compact pieces of
those that are cut to its size. Fisher's z of the local correlations times sqrt(n - 3), n their resolution elements, follows a Gumbel
distribution. Measured in what eight assemblies at 7 to 20 Å leave where a part is taken out (RESULTS.md): the right part has 4e-7 to 4e-14
among pieces of its size, and of 1 799 strangers and pieces of strangers none is below 0.01 among the others.
A right part also fits as right parts do; one of its kin that stands out of strangers does not (see `likeness`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from difffit_core.conventions import Array
from difffit_core.placement import Placement
from difffit_core.screen.ranking import SIGNIFICANT as OF_MANY
from difffit_core.screen.ranking import false_discovery_rates, gumbel_tail
from difffit_core.screen.rows import ScreenRow

FEWEST = 20
"""Models that must have been tried, for the others to say what chance reaches."""
_BELOW = 0.9
"""Share of the models, the lowest, by which the distribution's mode is fitted against size."""
_LOW, _MIDDLE, _HIGH = 0.1, 0.5, 0.7
"""Shares between which its width is measured, so that parts which belong do not widen it."""
_HIGH_OF_PIECES = 0.9
"""The same of pieces, few of which can belong."""
_PASSES = 4
_HOPEFUL = 0.03
"""A model with a p-value below this among the others is held against pieces of its size."""
MOST_HOPEFUL = 3
"""At most so many are."""

Reached = Callable[[ScreenRow], tuple[Array, Array]]
"""Gives the best local correlations (D,) of pieces of others of a model's size, and the resolution elements (D,) they cover."""


@dataclass(frozen=True)
class Others:
    """What the models of a library reach in a piece of a map: a Gumbel distribution whose mode is ``mode + slope · log(elements)``."""

    mode: float
    slope: float
    scale: float

    @classmethod
    def of(cls, correlation: Array, elements: Array) -> "Others":
        """From the best local correlation (M,) of each model and the resolution elements (M,) that it covers."""
        heights, size = _heights(correlation, elements), np.log(_enough(elements))
        kept = np.ones(len(heights), bool)
        design = np.column_stack([np.ones(len(size)), size])
        for _ in range(_PASSES):
            line = np.linalg.lstsq(design[kept], heights[kept], rcond=None)[0]
            rest = heights - design @ line
            kept = rest <= np.quantile(rest, _BELOW)
        low, middle, high = np.quantile(rest, [_LOW, _MIDDLE, _HIGH])
        scale = max(float(high - low) / (_gumbel(_HIGH) - _gumbel(_LOW)), 1e-3)
        return cls(float(line[0] + middle) - scale * _gumbel(_MIDDLE), float(line[1]), scale)

    @classmethod
    def of_pieces(cls, correlation: Array, elements: Array) -> "Others":
        """From the best local correlation (D,) of pieces of one size and the resolution elements (D,) that they cover."""
        low, middle, high = np.quantile(_heights(correlation, elements), [_LOW, _MIDDLE, _HIGH_OF_PIECES])
        scale = max(float(high - low) / (_gumbel(_HIGH_OF_PIECES) - _gumbel(_LOW)), 1e-3)
        return cls(float(middle) - scale * _gumbel(_MIDDLE), 0.0, scale)

    def p_values(self, correlation: Array, elements: Array) -> Array:
        """Chance that a model of so many elements (M,) which does not belong reaches such a local correlation (M,)."""
        heights = _heights(correlation, elements)
        return gumbel_tail((heights - self.mode - self.slope * np.log(_enough(elements))) / self.scale)

    def judged(self, placement: Placement, elements: float) -> Placement:
        """A placement with the p-value that it has among the others, and its height above their mode."""
        found = np.array([placement.metrics.local_correlation]), np.array([elements])
        above = float(_heights(*found)[0]) - self.mode - self.slope * float(np.log(_enough(found[1]))[0])
        return replace(placement, p_value=float(self.p_values(*found)[0]), z_score=max(above, 0.0))


@dataclass(frozen=True, eq=False)
class SmallPart:
    """A row of a screen of what is left, its ``p_value`` there, and the ``others`` of its size that it stands out of."""

    row: ScreenRow
    p_value: float
    others: Others


@dataclass(frozen=True, eq=False)
class SmallParts:
    """Parts that stand out of all others in what is left and fit as right parts do; ``tried`` others do not, ``below`` as in `Entry`."""

    parts: tuple[SmallPart, ...]
    tried: int
    below: float


def small_parts(rows: Sequence[ScreenRow], placed: float, share: float, reached: Reached) -> SmallParts | None:
    """The small parts among what has been tried in what an assembly leaves; None where there are none, or too few others to tell.

    The false discovery rate holds among all that have been tried.

    Parameters
    ----------
    rows : of the screen of what is left
    placed : local correlation of the best-supported model that is placed
    share : of that, 0 to 1, which a right part reaches
    reached : asked for the few that may be such parts
    """
    tried = [row for row in rows if row.first_correlation is not None and row.elements is not None]
    if len(tried) < FEWEST:
        return None
    correlation = np.array([row.first_correlation for row in tried], np.float64)
    elements = np.array([row.elements for row in tried], np.float64)
    p_values = Others.of(correlation, elements).p_values(correlation, elements)
    order = np.argsort(p_values, kind="stable")
    hopeful = [int(i) for i in order if p_values[i] < _HOPEFUL and correlation[i] >= share * placed][:MOST_HOPEFUL]
    beside: dict[int, Others] = {}
    for i in hopeful:
        pieces = reached(tried[i])
        if len(pieces[0]) >= FEWEST:
            beside[i] = Others.of_pieces(*pieces)
            p_values[i] = float(beside[i].p_values(correlation[i : i + 1], elements[i : i + 1])[0])
    rates = false_discovery_rates(p_values)
    chosen = sorted(i for i in beside if rates[i] < OF_MANY)
    if not chosen:
        return None
    parts = tuple(SmallPart(tried[i], float(p_values[i]), beside[i]) for i in chosen)
    return SmallParts(parts, len(tried) - len(parts), OF_MANY * len(parts) / len(tried))


def _enough(elements: Array) -> Array:
    return np.maximum(np.asarray(elements, np.float64), 4.0)


def _heights(correlation: Array, elements: Array) -> Array:
    """Fisher's z of local correlations (M,), in its standard deviations."""
    return np.asarray(np.arctanh(np.clip(correlation, -0.999999, 0.999999)) * np.sqrt(_enough(elements) - 3))


def _gumbel(share: float) -> float:
    """Where a Gumbel distribution of mode 0 and scale 1 has that share below it."""
    return float(-np.log(-np.log(share)))
