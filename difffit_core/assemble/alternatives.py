"""Which other models would fit at a place: homologues, isoforms, other predictions of one protein."""

from collections.abc import Sequence
from dataclasses import dataclass

from difffit_core.assemble.entry import Entry
from difffit_core.compose.body import Body
from difffit_core.compose.candidates.overlap import overlaps
from difffit_core.compose.result import ComposeResult
from difffit_core.pose import Pose


@dataclass(frozen=True, eq=False)
class Other:
    """A model that has a significant placement where another one stands, with its pose there and what speaks for it."""

    entry: Entry
    pose: Pose
    local_correlation: float
    p_value: float


def by_place(placed: Sequence[Entry], result: ComposeResult, others: Sequence[Entry], most_overlap: float) -> list[list[Other]]:
    """For each placed copy, in the order of the result, the others that have a significant placement there, best first.

    Parameters
    ----------
    placed : the models of the composite's request, of which some are placed and some are not
    others : those that were set aside before
    most_overlap : share of the smaller of two above which they take one place
    """
    names = {placed[copy.body].key for copy in result.copies}
    rest = [one for one in (*placed, *others) if one.key not in names]
    copies = list(result.copies)
    found: list[list[Other]] = [[] for _ in copies]
    bodies = [Body(one.model) for one in (*placed, *rest)]
    for number, entry in enumerate(rest, start=len(placed)):
        places = [one for one in entry.placements if one.p_value < entry.below][:_MOST]
        if not places or not copies:
            continue
        together = [*((copy.body, copy.pose) for copy in copies), *((number, one.pose) for one in places)]
        share = overlaps(bodies, together).toarray()[len(copies) :, : len(copies)]
        for place in range(len(copies)):
            here = [one for one, row in zip(places, share, strict=True) if row[place] > most_overlap]
            if here:
                best = max(here, key=lambda one: one.metrics.local_correlation)
                found[place].append(Other(entry, best.pose, best.metrics.local_correlation, best.p_value))
    return [sorted(here, key=lambda one: (one.p_value, one.entry.key)) for here in found]


_MOST = 10
"""Placements of a model that are looked at, its best."""
