"""Placements of a first pass, judged by what a later and larger search of the same model found."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from difffit_core.fit.judge.significance import SIGNIFICANT, p_value
from difffit_core.placement import Placement, Verdict


def judged_beside(placements: Sequence[Placement], reference: Placement, elements: float) -> tuple[Placement, ...]:
    """The same placements with z and p against the wrong poses that ``reference`` was judged by.

    ``elements`` is the number of resolution elements that the model covers. A first pass meets few wrong poses and flatters what it finds;
    where it found the better place all the same, the place is kept and judged by the many of the full search.
    """

    def judged(one: Placement) -> Placement:
        rise = _height(one) - _height(reference)
        z = reference.z_score + rise * float(np.sqrt(elements - 3))
        p = float(p_value(z))
        if p >= SIGNIFICANT:
            return replace(one, z_score=z, p_value=p, verdict=Verdict.NOT_SIGNIFICANT, copy_of=None)
        return replace(one, z_score=z, p_value=p)

    return tuple(judged(one) for one in placements)


def _height(placement: Placement) -> float:
    return float(np.arctanh(np.clip(placement.metrics.local_correlation, -0.999999, 0.999999)))
