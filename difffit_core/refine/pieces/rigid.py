"""Moving the pieces of a chain that do not fit, as rigid bodies, until all do or nothing gains."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.broken import stretch_in_words
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.stretches import SHORTEST
from difffit_core.pose import Pose
from difffit_core.quality.local import local_correlation
from difffit_core.refine.bending.pull import cut_round
from difffit_core.refine.leftover import left_of
from difffit_core.refine.pieces.bodies import Bodies, divide
from difffit_core.refine.pieces.hinge import Hung, hang, polish
from difffit_core.refine.pieces.join import spread
from difffit_core.refine.settings import RefineSettings
from difffit_core.refine.trace import Trace, smoothed
from difffit_core.target import Target

_logger = logging.getLogger(__name__)

SMOOTH = 7
"""Residues over which the correlation is averaged before it is asked where the chain breaks."""
_NOISE = 0.5
"""Share of the 90th percentile of the smoothed correlation below which a stretch does not fit."""
_SMOOTH_SUPPORT = 5
_TURNS = 2
_BESIDE = 15.0
"""Å round a body in which it is moved to where it correlates best beside where it stands."""
_MOST = 0.5
_HELD = 100.0
"""Support of a held residue for the body that stays."""
_CHANCE = 0.1
"""A piece is not moved where chance alone would find it a place as good as often as this."""
_AS_GOOD = 0.5
"""A piece is in its place where half of its residues reach this share of the correlation of those that fitted before."""


@dataclass(frozen=True)
class Moved:
    """A piece that was moved: its residues, as first and last index of each stretch, and where it now stands beside its hinges."""

    stretches: tuple[tuple[int, int], ...]
    hung: Hung


class RigidChain:
    """One chain in what the other chains leave of the map; `run` moves its pieces.

    Attributes
    ----------
    trace, bodies : the chain, and how it is divided
    correlation : (n,), of each residue as the bodies stand
    moved : what was moved, in that order
    """

    def __init__(
        self,
        target: Target,
        model: AtomicModel,
        pose: Pose,
        settings: RefineSettings,
        seed: int,
        go_on: Callable[[str], bool],
        held: NDArray[np.bool_] | None = None,
        domains: NDArray[np.int64] | None = None,
    ) -> None:
        """Begin with the chain as one body at its pose.

        Parameters
        ----------
        target, model : what the others leave of the map and how it is read, and the chain as its file has it
        pose : of the chain
        settings, seed : how pieces are searched
        go_on : told what is done; False ends it
        held : (n,), residues that stay where they are, and so does the body that they belong to
        domains : (n,), the domain of each residue, -1 for none: one of which most does not fit is a piece as a whole
        """
        self._target, self._model = target, model
        self._settings, self._seed, self._go_on = settings, seed, go_on
        self.trace = Trace.of(model)
        self._held = np.zeros(len(self.trace), bool) if held is None else held
        self._domains = domains
        self.bodies = Bodies.one(self.trace, pose)
        self.correlation = self._correlation(self.bodies)
        self.moved: list[Moved] = []

    def run(self) -> None:
        """Move pieces, the largest that does not fit first, as long as one finds a place."""
        tried: set[tuple[int, int]] = set()
        while len(self.moved) < self._settings.rounds:
            if not self._move_one(tried):
                break

    def place(self, bodies: Bodies, width: int = 0) -> Array:
        """Coordinates (M, 3) in Å of the fitted atoms, as bodies stand, with joints spread over ``width`` residues on either side."""
        return spread(self.trace, bodies, self._model.fit_coordinates, width)

    def _move_one(self, tried: set[tuple[int, int]]) -> bool:
        broken = self._broken()
        fits = np.ones(len(self.trace), bool)
        for first, end in broken:
            fits[first:end] = False
        if not fits.any():
            return False
        if not self.moved:
            self.bodies = Bodies(self.bodies.labels, (self._polished(self.bodies, 0, fits), *self.bodies.poses[1:]))
        for first, end in sorted(broken, key=lambda one: one[0] - one[1]):
            if (first // SHORTEST, end // SHORTEST) in tried:
                continue
            tried.add((first // SHORTEST, end // SHORTEST))
            if not self._go_on(f"placing residues {self.named(first, end)}"):
                return False
            if self._try(first, end, fits):
                return True
        return False

    def _try(self, first: int, end: int, fits: NDArray[np.bool_]) -> bool:
        piece = np.zeros(len(self.trace), bool)
        piece[first:end] = True
        bodies = self.bodies
        hung = hang(
            self._left(bodies, fits),
            self._model,
            self.trace,
            piece,
            lambda beside: bodies.poses[bodies.labels[beside]] if fits[beside] else None,
            starts=self._settings.hinge_starts,
            seed=self._seed + len(self.moved),
            go_on=lambda: self._go_on(f"placing residues {self.named(first, end)}"),
        )
        if hung is None:
            return False
        new = self._settled((*bodies.poses, hung.pose))
        mine = new.labels == len(bodies.poses)
        if np.count_nonzero(mine) < SHORTEST:
            return False
        correlation = self._correlation(new)
        in_place = np.median(correlation[mine]) > _AS_GOOD * np.median(correlation[fits]) and correlation.mean() > self.correlation.mean()
        stretches = tuple((a, b - 1) for a, b in self.trace.runs(mine))
        where = ", ".join(self.named(a, b + 1) for a, b in stretches)
        in_place = in_place and hung.p_value < _CHANCE
        told = "%s: correlation %.3f, z %.1f, %.1f Å from its hinges, p %.2g, %s"
        _logger.info(told, where, hung.correlation, hung.z_score, hung.gap, hung.p_value, "taken" if in_place else "not")
        if not in_place:
            return False
        self.bodies, self.correlation = new, correlation
        self.moved.append(Moved(stretches, hung))
        return True

    def _settled(self, poses: tuple[Pose, ...]) -> Bodies:
        """Bodies at these poses, divided and polished in turns."""
        bodies = Bodies(divide(self.trace, poses, self._support(poses)), poses)
        for _ in range(_TURNS):
            new = []
            for number, pose in enumerate(bodies.poses):
                mine = bodies.labels == number
                new.append(self._polished(bodies, number, mine) if np.count_nonzero(mine) >= SHORTEST else pose)
            bodies = Bodies(divide(self.trace, tuple(new), self._support(tuple(new))), tuple(new))
        return bodies

    def _polished(self, bodies: Bodies, number: int, mine: NDArray[np.bool_]) -> Pose:
        if (self._held & mine).any():
            return bodies.poses[number]
        others, own = ~mine & (bodies.labels != number), mine[self.trace.residues.of_atom]
        near = cut_round(self._target.density_map, bodies.poses[number].apply(self._model.fit_coordinates[own]), _BESIDE)
        left = self._left(bodies, others, near)
        if float(left.density_map.values.max()) <= left.level:
            return bodies.poses[number]
        return polish(left, self._model, self.trace, mine, bodies.poses[number])

    def _left(self, bodies: Bodies, where: NDArray[np.bool_], part: DensityMap | None = None) -> Target:
        """What the residues ``where`` they stand leave of the map, or of a part of it."""
        atoms = where[self.trace.residues.of_atom]
        weights = self._model.fit_atomic_numbers[atoms].astype(np.float64)
        target = self._target
        density = target.density_map if part is None else part
        return target.of(left_of(density, self.place(bodies)[atoms], weights, target.resolution))

    def _support(self, poses: tuple[Pose, ...]) -> Array:
        each = [
            local_correlation(self._target.density_map, self._model, pose, self._target.resolution, self.trace.residues) for pose in poses
        ]
        support = smoothed(np.array(each), self.trace, _SMOOTH_SUPPORT)
        support[0, self._held] += _HELD
        return support

    def _correlation(self, bodies: Bodies) -> Array:
        coordinates = self._model.coordinates.copy()
        coordinates[self._model.in_fit] = self.place(bodies)
        moved = replace(self._model, coordinates=coordinates)
        return local_correlation(self._target.density_map, moved, Pose.identity(), self._target.resolution, self.trace.residues)

    def _broken(self) -> list[tuple[int, int]]:
        """Stretches, as first and beyond the last index, at the level of noise; short ones go with what is beside them."""
        values = smoothed(self.correlation, self.trace, SMOOTH)
        broken = np.zeros(len(self.trace), bool)
        for first, end in without_short(self.trace, values < _NOISE * np.percentile(values, 90)):
            broken[first:end] = True
        if self._domains is not None:
            for number in np.unique(self._domains[self._domains >= 0]).tolist():
                domain = self._domains == number
                if broken[domain].mean() > _MOST:
                    broken |= domain
        return self.trace.runs(broken & ~self._held)

    def named(self, first: int, end: int) -> str:
        """Chain and numbers of residues from one index to before another."""
        residues = self.trace.residues
        return stretch_in_words(str(residues.chains[first]), int(residues.numbers[first]), int(residues.numbers[end - 1]))


def without_short(trace: Trace, where: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Stretches ``where`` (n,) is true, once every stretch of fewer than eight residues, the shortest first, is what is beside it."""
    where = where.copy()
    chains = trace.residues.chains
    while True:
        starts = np.flatnonzero((np.diff(where.astype(np.int8), prepend=-1) != 0) | np.concatenate([[True], chains[1:] != chains[:-1]]))
        lengths = np.diff(starts, append=len(where))
        short = [
            k
            for k in np.argsort(lengths, kind="stable")
            if lengths[k] < SHORTEST and any(0 <= o < len(starts) and chains[starts[o]] == chains[starts[k]] for o in (k - 1, k + 1))
        ]
        if not short:
            break
        where[starts[short[0]] : starts[short[0]] + lengths[short[0]]] ^= True
    yield from trace.runs(where)
