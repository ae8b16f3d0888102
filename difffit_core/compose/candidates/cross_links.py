"""Cross-links: pairs of residues that are known to lie near each other, as evidence for where models stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.compose.body import Body
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.conventions import Array
from difffit_core.pose import Pose

TRUE = 0.9
"""Share of the links reported by an experiment that are true."""
_LEAST_CHANCE, _MOST_CHANCE = 0.02, 0.5


@dataclass(frozen=True, eq=False)
class End:
    """One end of a link: the model by index, and (P, 3) in Å, in its file's frame, where the residue is (in each chain that has it)."""

    body: int
    points: Array


@dataclass(frozen=True, eq=False)
class CrossLink:
    """Two residues of which some pair of copies lies no farther apart than ``longest`` Å; ``name`` is what to call it."""

    name: str
    first: End
    second: End
    longest: float


@dataclass(frozen=True, eq=False)
class LinkStanding:
    """How a link stands in an assembly: the shortest ``distance`` of its residues in Å, None where one end is not placed."""

    link: CrossLink
    distance: float | None

    @property
    def satisfied(self) -> bool | None:
        """None where it cannot be said."""
        return None if self.distance is None else self.distance <= self.link.longest


@dataclass(frozen=True, eq=False)
class Reward:
    """What one link is worth to a choice of candidates: ``worth`` once if both of any of the ``pairs`` (n, 2) are taken."""

    pairs: NDArray[np.int64]
    worth: float


def standings(links: Sequence[CrossLink], placed: Sequence[tuple[int, Pose]]) -> list[LinkStanding]:
    """How each link stands among placed models, given by index and pose."""
    found = []
    for link in links:
        ends = [[pose.apply(end.points) for body, pose in placed if body == end.body] for end in (link.first, link.second)]
        apart = [_apart(a, b) for i, a in enumerate(ends[0]) for j, b in enumerate(ends[1]) if _counts(link, ends, i, j)]
        found.append(LinkStanding(link, min(apart, default=None)))
    return found


def rewards(links: Sequence[CrossLink], bodies: Sequence[Body], candidates: Sequence[Candidate]) -> list[Reward]:
    """What links are worth among C candidates, in the unit of evidence.

    A true link holds in the right assembly, and by chance in that share of pairs of candidates in which it is short enough; its worth is
    the logarithm of the ratio, with a tenth of the links wrong. A link within one copy of a model says nothing of where that stands.
    """
    found = []
    by_body = {index: [i for i, one in enumerate(candidates) if one.body == index] for index in range(len(bodies))}
    for link in links:
        first, second = by_body.get(link.first.body, []), by_body.get(link.second.body, [])
        if not first or not second or _within_one(link):
            continue
        heads = np.array([candidates[i].pose.apply(link.first.points) for i in first])
        tails = np.array([candidates[i].pose.apply(link.second.points) for i in second])
        apart = np.linalg.norm(heads[:, None, :, None] - tails[None, :, None], axis=-1).min(axis=(2, 3))
        near = apart <= link.longest
        if link.first.body == link.second.body:
            np.fill_diagonal(near, val=False)
        chance = float(np.clip(near.mean(), _LEAST_CHANCE, _MOST_CHANCE))
        row, column = np.nonzero(near)
        pairs = np.column_stack([np.array(first, np.int64)[row], np.array(second, np.int64)[column]])
        if len(pairs):
            found.append(Reward(pairs, float(np.log(TRUE / chance))))
    return found


def links_in_words(standing: Sequence[LinkStanding]) -> str:
    """How many of the links are satisfied, in a sentence; empty where there are none."""
    if not standing:
        return ""
    count = Counter(one.satisfied for one in standing)
    less = f", {count[None]} between residues that are not placed" if count[None] else ""
    return f"{count[True]} of {count[True] + count[False]} cross-links are satisfied{less}"


def _within_one(link: CrossLink) -> bool:
    """Whether the link can be satisfied inside one copy of one model."""
    return link.first.body == link.second.body and _apart(link.first.points, link.second.points) <= link.longest


def _counts(link: CrossLink, ends: Sequence[Sequence[Array]], i: int, j: int) -> bool:
    """Of one model's copies, whether these two are to be measured: one copy with itself only where that is what the link can mean."""
    return link.first.body != link.second.body or i != j or len(ends[0]) == 1 or _within_one(link)


def _apart(first: Array, second: Array) -> float:
    return float(np.linalg.norm(first[:, None] - second, axis=2).min())
