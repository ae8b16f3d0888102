"""Rigid bodies of a model that the map would have a little otherwise, where no residue of them looks broken.

A turn of some degrees at low resolution lowers the correlation of no single residue beyond chance. What pulls all residues of a domain
together tells it all the same: chains are divided where that would gain most, or where their own domains end. The bodies are moved to
where they correlate best near by in a map without its finest detail, and stay there only where that detail, which they did not see,
supports it beyond chance. (Moved by the difference of map and model, as atoms are, they drift into their neighbours at low resolution.)
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.fit.judge.significance import TOLD_APART
from difffit_core.pose import Pose
from difffit_core.refine.bending.alike import likened
from difffit_core.refine.bending.bend import SCALES, Matter
from difffit_core.refine.bending.kernels import pull
from difffit_core.refine.bending.pull import Difference, cut_round
from difffit_core.refine.evidence import covered_volume
from difffit_core.refine.free import FreeShells
from difffit_core.refine.leftover import left_of
from difffit_core.refine.pieces.bodies import Bodies
from difffit_core.refine.pieces.hinge import polish
from difffit_core.refine.pieces.join import WIDTHS, spread
from difffit_core.refine.pieces.parting import partings
from difffit_core.refine.pieces.superpose import superposed
from difffit_core.refine.trace import Trace
from difffit_core.residues import Residues
from difffit_core.target import Target

_logger = logging.getLogger(__name__)

_TURNS, _ROOM = 2, 15.0
_MOVES = 0.15
"""Å of root mean square: bodies that move by less are where they belong."""
_FREER = 0.75
"""Standard deviations by which more bodies must beat fewer."""


@dataclass(frozen=True, eq=False)
class Settled:
    """Where bodies came to rest: for each of `join.WIDTHS` the atoms (M, 3), the body of each residue (n,), and a sentence on how.

    ``spread`` is empty where nothing is supported.
    """

    spread: tuple[Array, ...]
    labels: NDArray[np.int64]
    sentence: str


@dataclass(frozen=True, eq=False)
class Stands:
    """A model as it stands: its atoms, their residues, where they are (M, 3) in Å, and the body of each residue (n,)."""

    model: AtomicModel
    matter: Matter
    trace: Trace
    points: Array
    labels: NDArray[np.int64]


def settle(
    target: Target,
    stands: Stands,
    known: NDArray[np.int64] | None,
    *,
    free_from: float,
    judged_at: float,
    go_on: Callable[[str, float], bool],
) -> Settled | None:
    """Move the domains of a model that density which does not draw them supports to move; None where none would move.

    Parameters
    ----------
    target : the part of the map that matters, and how it is read
    stands : the model
    known : the domain of each residue (n,), -1 for none, where something is known of these
    free_from, judged_at : as for `weighed`
    go_on : told what is done and the share of it; False ends it
    """
    shells = FreeShells.of(target.density_map, judged_at, free_from)
    seen, weights, points = Target(shells.seen, shells.seen_to, target.level), stands.matter.weights, stands.points
    start = best = shells.fine(points, weights)
    volume = covered_volume(target.density_map, points, weights, judged_at)
    chosen: _Poised | None = None
    lead_of_best, tried = 0.0, list[str]()
    for number, body in enumerate(_divisions(seen, stands, known)):
        if not go_on("settling", number / 4):
            return None
        found = _Poised.of(stands, body).polished(seen)
        off = float(np.sqrt(((found.points - points) ** 2).sum(axis=1).mean()))
        if off < _MOVES:
            continue
        state = shells.fine(found.points, weights)
        lead, gain = shells.lead(state, start, volume), shells.lead(state, best, volume)
        tried.append(f"{len(found.poses)} bodies moved by {off:.1f} Å: {lead:+.1f} σ")
        _logger.info(tried[-1])
        if gain > (_FREER if chosen is not None else 0.0):
            best, chosen, lead_of_best = state, found, lead
    if not tried:
        return None
    told = f"domains as rigid bodies, judged by detail that did not draw them: {', '.join(tried)}"
    if chosen is None or lead_of_best <= TOLD_APART:
        return Settled((), stands.labels, f"{told}; none is supported: they stay")
    for _ in range(_TURNS):
        chosen = chosen.polished(target)
    return Settled(chosen.spread(), chosen.body, f"{told}; taken as {len(chosen.poses)} bodies")


@dataclass(frozen=True, eq=False)
class _Poised:
    """A model in bodies (n,), each at its pose, and where that puts the atoms (M, 3)."""

    stands: Stands
    body: NDArray[np.int64]
    poses: tuple[Pose, ...]
    points: Array

    @classmethod
    def of(cls, stands: Stands, body: NDArray[np.int64]) -> "_Poised":
        own, of_atom = stands.matter.own, body[stands.trace.residues.of_atom]
        parts = (of_atom == number for number in range(int(body.max()) + 1))
        poses = tuple(superposed(own[mine], stands.points[mine]) for mine in parts)
        return cls(stands, body, poses, Bodies(body, poses).apply(own, stands.trace.residues.of_atom))

    def polished(self, target: Target) -> "_Poised":
        """Each body moved to where it correlates best near by, one after the other, in what the others leave of the map."""
        matter, trace, density = self.stands.matter, self.stands.trace, target.density_map
        points, poses, of_atom = self.points.copy(), list(self.poses), self.body[self.stands.trace.residues.of_atom]
        for number, pose in enumerate(self.poses):
            mine = of_atom == number
            if matter.held[mine].any():
                continue
            near = left_of(cut_round(density, points[mine], _ROOM), points[~mine], matter.weights[~mine], target.resolution)
            if float(near.values.max()) <= target.level:
                continue  # the others leave nothing there
            poses[number] = polish(target.of(near), self.stands.model, trace, self.body == number, pose)
            points[mine] = poses[number].apply(matter.own[mine])
        likened(points, matter.copies)
        return _Poised(self.stands, self.body, tuple(poses), points)

    def spread(self) -> tuple[Array, ...]:
        """The atoms with joints spread over so many residues on either side, for each of `WIDTHS`."""
        return tuple(spread(self.stands.trace, Bodies(self.body, self.poses), self.stands.matter.own, width) for width in WIDTHS)


def _divisions(seen: Target, stands: Stands, known: NDArray[np.int64] | None) -> Iterator[NDArray[np.int64]]:
    """Bodies (n,), numbered from 0, from few to many."""
    matter, residues, points = stands.matter, stands.trace.residues, stands.points
    chain = np.unique(residues.chains, return_inverse=True)[1].reshape(-1).astype(np.int64)
    weights, forces = _pulled(seen, matter, residues, points)
    places = np.column_stack([residues.mean(points[:, axis]) for axis in range(3)])
    ways: list[NDArray[np.int64]] = [np.zeros(len(residues), np.int64) for _ in range(2)]
    for number in range(int(chain.max(initial=-1)) + 1):
        mine = np.flatnonzero(chain == number)
        for way, parts in zip(ways, partings(places[mine], weights[mine], forces[mine]), strict=False):
            way[mine] = parts
    if known is not None and (known >= 0).any():
        ways.insert(1, _filled(known, chain))
    told: set[bytes] = set()
    for way in ways:
        body = _whole(_numbered(stands.labels, chain, way), matter, residues)
        if body.max(initial=0) > 0 and body.tobytes() not in told:
            told.add(body.tobytes())
            yield body


def _pulled(seen: Target, matter: Matter, residues: Residues, points: Array) -> tuple[Array, Array]:
    """What each residue weighs (n,), and what pulls it (n, 3), smoothly."""
    difference = Difference(seen, SCALES[0], matter.weights, points)
    force = np.zeros((len(points), 3))
    pull(points, matter.weights, difference.field(points), difference.origin, difference.voxel_size, force)
    of_atom, count = residues.of_atom, len(residues)
    sums = [np.bincount(of_atom, values, minlength=count) for values in (matter.weights, *force.T)]
    return np.maximum(sums[0], 1e-6), np.column_stack(sums[1:])


def _numbered(*labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number (n,) for each combination."""
    return np.unique(np.column_stack(labels), axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _filled(known: NDArray[np.int64], chain: NDArray[np.int64]) -> NDArray[np.int64]:
    """Domains (n,) with residues of none given to that of the nearest of their chain that has one."""
    filled = known.copy()
    for number in np.unique(chain).tolist():
        mine = np.flatnonzero(chain == number)
        has = mine[known[mine] >= 0]
        if len(has):
            filled[mine] = known[has[np.abs(mine[:, None] - has[None]).argmin(axis=1)]]
    return filled


def _whole(body: NDArray[np.int64], matter: Matter, residues: Residues) -> NDArray[np.int64]:
    """The bodies with those made one that groups of residues which keep their places lie in."""
    if matter.group is None:
        return body
    body = body.copy()
    for number in np.unique(matter.group[matter.group >= 0]).tolist():
        met = np.unique(body[residues.of_atom[matter.group == number]])
        body[np.isin(body, met)] = met[0]
    return np.unique(body, return_inverse=True)[1].reshape(-1).astype(np.int64)
