"""Parts of one chain that were placed apart from one another, joined into molecules: which copy of one goes with which of another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.candidates.linkers import reach
from difffit_core.pose import Pose
from difffit_core.split.parts import Link, links_between


@dataclass(frozen=True, eq=False)
class Part:
    """A placed copy of a part: the ``whole`` it was cut from ("" for none), its model by number and as it is, and its pose."""

    whole: str
    body: int
    model: AtomicModel
    pose: Pose


def molecules(parts: Sequence[Part], slack: float) -> tuple[list[int], list[str]]:
    """The molecule, from 0, of each of P placed copies, and what is to be said of parts that are in none together.

    Of each two parts between which a chain goes on, copies are paired so that the linkers span least; those that no linker can reach stay
    apart. No molecule has two copies of one part.

    Parameters
    ----------
    parts : P of them
    slack : Å by which the end of a placed part may be off
    """
    molecule = list(range(len(parts)))
    notes: list[str] = []
    for whole in dict.fromkeys(part.whole for part in parts if part.whole):
        mine = [i for i, part in enumerate(parts) if part.whole == whole]
        bodies = list(dict.fromkeys(parts[i].body for i in mine))
        models = {parts[i].body: parts[i].model for i in mine}
        for (first, second), links in _by_pair(links_between([models[body] for body in bodies])).items():
            heads, tails = ([i for i in mine if parts[i].body == bodies[which]] for which in (first, second))
            paired = _paired([parts[i].pose for i in heads], [parts[i].pose for i in tails], links, slack)
            for i, j in paired:
                _join(molecule, parts, heads[i], tails[j])
            if not paired:
                notes.append(_apart(models[bodies[first]].name, models[bodies[second]].name, links[0]))
    order = {number: place for place, number in enumerate(dict.fromkeys(molecule))}
    return [order[number] for number in molecule], notes


def _by_pair(links: Sequence[Link]) -> dict[tuple[int, int], list[Link]]:
    """The linkers between each two parts, the lower number first."""
    found: dict[tuple[int, int], list[Link]] = {}
    for link in links:
        found.setdefault((min(link.first, link.second), max(link.first, link.second)), []).append(link)
    return found


def _paired(heads: Sequence[Pose], tails: Sequence[Pose], links: Sequence[Link], slack: float) -> list[tuple[int, int]]:
    """Which copies of two parts go together, by the worst of the linkers between them; ``heads`` are of the part of lower number."""
    from scipy.optimize import linear_sum_assignment

    worst = np.full((len(heads), len(tails)), -np.inf)
    for link in links:
        lower_first = link.first < link.second
        ends = np.array([pose.apply(link.end if lower_first else link.start) for pose in heads]).reshape(-1, 1, 3)
        starts = np.array([pose.apply(link.start if lower_first else link.end) for pose in tails]).reshape(1, -1, 3)
        worst = np.maximum(worst, np.linalg.norm(ends - starts, axis=2) - reach(link, slack))
    cost = np.where(worst > 0, 1e6, worst)
    rows, columns = linear_sum_assignment(cost)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if worst[i, j] <= 0]


def _join(molecule: list[int], parts: Sequence[Part], first: int, second: int) -> None:
    """Make one molecule of two, unless both have a copy of one part."""
    kept, gone = molecule[first], molecule[second]
    held = [{parts[i].body for i, number in enumerate(molecule) if number == one} for one in (kept, gone)]
    if kept != gone and not held[0] & held[1]:
        molecule[:] = [kept if number == gone else number for number in molecule]


def _apart(first: str, second: str, link: Link) -> str:
    return (
        f"{first} and {second} are parts of one chain, but no copies of them stand where the linker between residues {link.chain} "
        f"{link.last} and {link.next} reaches from one to the other; they stand in different molecules, or one is wrong"
    )
