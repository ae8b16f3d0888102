"""Evidence pooled over an assembly: parts that do not stand out in the whole map, but do in what the others leave of it.

At 15 to 20 Å a part alone is little more than a blob among blobs; beside the others its place is the one that is left. Such a part is
fitted into what all others leave: it belongs if the best place there is the one it has, and is significant. Measured on four assemblies
smoothed to 15 and 20 Å: parts with p = 0.1 to 1 in the whole map have 0.01 to 1e-18 there, and strangers of their size 0.15 to 1.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.compose.workshop import Placed, Workshop, near_enough
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.pose import Pose, PoseBatch

_logger = logging.getLogger(__name__)


def left_by(shop: Workshop, others: Placed) -> DensityMap:
    """What placed models leave of the map: softly subtracted, and zeroed where they account for all of it."""
    request, left = shop.request, shop.request.density_map
    for method in (ZeroOutMethod.SOFT, ZeroOutMethod.COVERED) if others else ():
        left = zero_out(request.target.of(left), shop.bodies, others, method).density_map
    return left


def upheld(shop: Workshop, chosen: Sequence[Candidate], poses: Sequence[Pose], doubtful: Sequence[int]) -> dict[int, float]:
    """Of the ``doubtful`` ones among the chosen, by index, those that stand out beside the others, with the p-value there.

    What does not is taken away, the least significant first, and the others are asked again.
    """
    asked = list(doubtful)
    stays = list(range(len(chosen)))
    while asked and not shop.cancelled:
        found = {i: _p_beside(shop, chosen, poses, i, [j for j in stays if j != i]) for i in asked}
        worst = max(asked, key=lambda i: found[i])
        if found[worst] < SIGNIFICANT:
            return found
        _logger.info("%s does not stand out beside the others: p %.2g", shop.bodies[chosen[worst].body].model.name, found[worst])
        asked.remove(worst)
        stays.remove(worst)
    return {}


def _p_beside(shop: Workshop, chosen: Sequence[Candidate], poses: Sequence[Pose], index: int, others: Sequence[int]) -> float:
    """The p-value of one part in what others leave; 1 where its best place there is another, or nothing is left."""
    body = chosen[index].body
    left = left_by(shop, [(chosen[j].body, poses[j]) for j in others])
    if not (left.values > shop.request.level).any():
        return 1.0
    best = max(shop.search([body], left), key=lambda one: one.correlation, default=None)
    if best is None:
        return 1.0
    off = shop.bodies[body].rmsd(PoseBatch.of([best.pose]), PoseBatch.of([poses[index]]))[0, 0]
    return best.p_value if off < max(3.0, near_enough(shop.request.resolution)) else 1.0


def with_evidence(chosen: Sequence[Candidate], p_values: dict[int, float]) -> list[Candidate]:
    """The chosen ones, those that are upheld with the p-value that they have beside the others."""
    return [replace(one, p_beside=p_values.get(i, one.p_beside)) for i, one in enumerate(chosen)]


def p_of_assembly(copies: Sequence[tuple[int, float]], asked: int) -> float:
    """The chance that models which do not belong in the map give an assembly as good as this one.

    Parameters
    ----------
    copies : model and p-value of each placed copy; copies of one model speak for it once, by the best
    asked : models among which those placed were found

    Fisher's sum of logarithms over the models placed, times the number of ways to choose as many of those asked for.
    """
    from scipy.special import comb, gammaincc

    best: dict[int, float] = {}
    for body, p in copies:
        best[body] = min(best.get(body, 1.0), p)
    if not best:
        return 1.0
    total = -float(np.log(np.maximum(np.array(list(best.values())), 1e-300)).sum())
    return float(min(gammaincc(len(best), total) * comb(asked, len(best)), 1.0))
