"""Parts that do not stand out alone, but do of all others in what the assembly leaves of the map.

Where all but one place is taken, a model has no wrong places left by which it could be judged: a helix of eight nucleotides that stands
right in the last piece of a map has p = 0.8 there. What it can be held against are the other models of the library, each at the best place
that it finds in the same piece. Fisher's z of their local correlations times sqrt(n - 3), n their resolution elements, is nearly the same
for small ones and large ones, and follows a Gumbel distribution. Measured in what ten assemblies at 4 to 20 Å leave where a part is taken
out (RESULTS.md): the right part has 1e-4 to 1e-12, of 2 500 strangers and pieces of strangers of the part's size none is below 0.01.
A right part also fits as right parts do; one of its kin that stands out of strangers does not (see `likeness`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.placement import Placement
from difffit_core.screen.ranking import false_discovery_rates, gumbel_tail
from difffit_core.screen.rows import ScreenRow

FEWEST = 20
"""Models that must have been tried, for the others to say what chance reaches."""
_BELOW = 0.9
"""Share of the models, the lowest, by which the distribution's mode is fitted against size."""
_LOW, _MIDDLE, _HIGH = 0.1, 0.5, 0.7
"""Shares between which its width is measured, so that parts which belong do not widen it."""
_PASSES = 4


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
class SmallParts:
    """Rows of a screen of what is left that stand out of all others there and fit as right parts do.

    ``rows`` with their ``p_values``; ``others`` are what they stand out of, ``tried`` how many of those there are; a place counts where
    its p-value is ``below``.
    """

    rows: tuple[ScreenRow, ...]
    p_values: tuple[float, ...]
    others: Others
    tried: int
    below: float


def small_parts(rows: Sequence[ScreenRow], placed: float, share: float) -> SmallParts | None:
    """The small parts among what has been tried in what an assembly leaves; None where there are none, or too few others to tell.

    Parameters
    ----------
    rows : of the screen of what is left
    placed : local correlation of the best-supported model that is placed
    share : of that, 0 to 1, which a right part reaches
    """
    tried = [row for row in rows if row.first_correlation is not None and row.elements is not None]
    if len(tried) < FEWEST:
        return None
    correlation = np.array([row.first_correlation for row in tried], np.float64)
    elements = np.array([row.elements for row in tried], np.float64)
    others = Others.of(correlation, elements)
    p_values = others.p_values(correlation, elements)
    stands: NDArray[np.bool_] = (false_discovery_rates(p_values) < SIGNIFICANT) & (correlation >= share * placed)
    if not stands.any():
        return None
    chosen = np.flatnonzero(stands)
    return SmallParts(
        tuple(tried[i] for i in chosen),
        tuple(float(p_values[i]) for i in chosen),
        others,
        len(tried) - len(chosen),
        SIGNIFICANT * len(chosen) / len(tried),
    )


def _enough(elements: Array) -> Array:
    return np.maximum(np.asarray(elements, np.float64), 4.0)


def _heights(correlation: Array, elements: Array) -> Array:
    """Fisher's z of local correlations (M,), in its standard deviations."""
    return np.asarray(np.arctanh(np.clip(correlation, -0.999999, 0.999999)) * np.sqrt(_enough(elements) - 3))


def _gumbel(share: float) -> float:
    """Where a Gumbel distribution of mode 0 and scale 1 has that share below it."""
    return float(-np.log(-np.log(share)))
