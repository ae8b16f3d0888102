"""Linkers between parts of the same chains: springs, which cost more the farther they are drawn, and forbid nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, lil_array

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.pose import Pose
from difffit_core.residues import Residues
from difffit_core.split.parts import Link, links_between

FLEXIBLE = 5
"""Residues on each side of a cut that may lie otherwise than in the model."""
SPREAD = 7.0
"""Å, along each axis: how far apart the ends of a cut come when five residues on each side of it bend freely (3.8 Å √10 / √3)."""
MOST = 0.9
"""Of the weaker part's evidence: what a linker that cannot reach costs, so that places in one molecule go before places in two."""


def reach(link: Link, slack: float) -> float:
    """Å that a linker can span with the flexible residues on either side of it drawn out, where each end may be off by ``slack``."""
    return link.longest + 2 * FLEXIBLE * link.step + slack


class Linkers:
    """All linkers between the models of a request, and what they cost.

    Parameters
    ----------
    models : the parts
    names : what they are called
    slack : Å by which the end of a placed part may be off
    """

    def __init__(self, models: Sequence[AtomicModel], slack: float) -> None:
        self._links = links_between(models)
        self._names = [model.name for model in models]
        self._slack = slack

    def strain(self, candidates: Sequence[Candidate]) -> csr_array:
        """What the linker of each two candidates costs, in the unit of evidence: sparse (C, C), symmetric.

        It is half the square of its stretch beyond its own length over `SPREAD`, up to `MOST` of the evidence of the weaker of the two;
        and that much where all of it, with the flexible residues drawn out, does not reach.
        """
        cost = lil_array((len(candidates), len(candidates)))
        which = np.array([one.body for one in candidates], np.int64)
        evidence = np.array([one.evidence for one in candidates])
        for link in self._links:
            before, after = np.flatnonzero(which == link.first), np.flatnonzero(which == link.second)
            ends = np.array([candidates[i].pose.apply(link.end) for i in before.tolist()]).reshape(-1, 1, 3)
            starts = np.array([candidates[i].pose.apply(link.start) for i in after.tolist()]).reshape(1, -1, 3)
            spans = np.linalg.norm(ends - starts, axis=2)
            most = MOST * np.minimum(evidence[before, None], evidence[after])
            stretch = np.maximum(spans - link.longest - self._slack, 0.0)
            found = np.where(spans > reach(link, self._slack), most, np.minimum(0.5 * (stretch / SPREAD) ** 2, most))
            for i, j in np.argwhere(found > 0):
                first, second = before[i], after[j]
                cost[first, second] = cost[second, first] = max(cost[first, second], found[i, j])
        return cost.tocsr()

    def flexible(self, part: int, model: AtomicModel) -> NDArray[np.bool_]:
        """Which fitted atoms (M,) of a part are of the residues beside a cut that may bend."""
        residues = Residues.of(model)
        bends = np.zeros(len(residues), bool)
        for link in self._links:
            for index, number in ((link.first, link.last), (link.second, link.next)):
                if index == part:
                    bends |= (residues.chains == link.chain) & (np.abs(residues.numbers - number) < FLEXIBLE)
        found: NDArray[np.bool_] = bends[residues.of_atom]
        return found

    def torn(self, placed: Sequence[tuple[int, Pose]]) -> list[str]:
        """A sentence about each linker that does not reach from one placed part to the other."""
        poses = dict(placed)
        found = []
        for link in self._links:
            if link.first in poses and link.second in poses:
                span = float(np.linalg.norm(poses[link.first].apply(link.end) - poses[link.second].apply(link.start)))
                if span > reach(link, self._slack):
                    parts, most = f"{self._names[link.first]} and {self._names[link.second]}", reach(link, self._slack)
                    where = f"residues {link.chain} {link.last} and {link.next}"
                    found.append(
                        f"{parts}: the linker between {where} would have to span {span:.0f} Å and reaches {most:.0f} Å; "
                        "the two stand in different molecules, or one is wrong"
                    )
        return found
