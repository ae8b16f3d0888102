"""What a composite leaves out, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.workshop import Placed, Workshop
from difffit_core.fit.judge.significance import SIGNIFICANT


@dataclass(frozen=True)
class Dropped:
    """A copy of a model that has no place: the index of the model in the request, and the reason, a sentence without its subject."""

    body: int
    why: str


def missing_copies(shop: Workshop, pool: Sequence[Candidate], chosen: Sequence[Candidate], placed: Placed) -> list[Dropped]:
    """For each model of which fewer copies are placed than were asked for (of which none is, where any number was), why the next is not."""
    found = []
    for index, wanted in enumerate(shop.request.wanted):
        count = sum(one.body == index for one in chosen)
        if count >= (wanted.copies or 1):
            continue
        others = [one for one in pool if one.body == index and not any(one is other for other in chosen)]
        found.append(Dropped(index, f"{_asked(count, wanted.copies)}: {_reason(shop, others, pool, placed)}"))
    return found


def _asked(count: int, copies: int | None) -> str:
    return f"{count} placed of {'any number' if copies is None else f'{copies} wanted'}"


def _reason(shop: Workshop, others: Sequence[Candidate], pool: Sequence[Candidate], placed: Placed) -> str:
    """Why the best of what is left of one model's candidates was not taken."""
    best = max(others, key=lambda one: one.z_score, default=None)
    if best is None:
        return "no other place was found"
    place = f"the best place left has local correlation {best.correlation:.3f}, p = {best.p_value:.2g}"
    if best.p_value >= SIGNIFICANT and shop.request.settings.accept == "significant":
        return f"{place}, which is not significant"
    if placed:
        row = shop.overlaps([*placed, (best.body, best.pose)]).toarray()[-1, :-1]
        worst = int(np.argmax(row))
        if row[worst] > shop.request.settings.most_overlap:
            return f"{place}, but {row[worst]:.0%} of it lies in {shop.name(placed, worst)}"
    if weaker := shop.weaker(best, pool):
        return f"{place}, {weaker}"
    return f"{place}, and adds nothing to the others"
