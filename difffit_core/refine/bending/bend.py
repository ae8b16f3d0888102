"""Bending: all atoms at once, pulled by the map and held by the model's own distances, from coarse to fine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.refine.bending.alike import Copies, copies_in, likened
from difffit_core.refine.bending.kernels import pull, walk
from difffit_core.refine.bending.pull import Difference
from difffit_core.refine.bending.restraints import Restraints
from difffit_core.residues import Residues
from difffit_core.target import Target

SCALES = (2.0, 1.2, 0.7)
"""Standard deviations in Å of the smoothing of the map, one after the other."""
_STEP = 0.05
"""Å that an atom moves at first in a step (Adam)."""
_END = 0.1
"""Share of that at the end."""
_MOMENTUM, _MEMORY = 0.9, 0.99
_CARRIERS = ("CA", "C4'", "C4*")
"""Atoms of which each residue of a protein or nucleic acid has one."""
_SIMULATE, _LOOK_FOR_CONTACTS, _LOOK_FOR_REST = 10, 20, 50
_AT_REST = 0.01
"""Å of root mean square by which atoms at rest still move, in so many steps."""


@dataclass(frozen=True)
class Way:
    """How freely a model is bent: the pull of the map, what holds neighbours, and the scales it goes through."""

    strength: float
    stiffness: float
    scales: tuple[float, ...] = SCALES

    def finer(self) -> "Way":
        """The same from where it has been gone already in a coarser map: without the first scale, where there are more."""
        return replace(self, scales=self.scales[1:] or self.scales)


GENTLE = Way(5.0, 5.0, SCALES[-1:])
WAYS = (GENTLE, Way(5.0, 1.0), Way(20.0, 1.0))
"""From what hardly moves a model to what bends it freely."""


def ways(stiffness: float) -> tuple[Way, ...]:
    """The same, or with one ``stiffness`` above 0 for all."""
    return WAYS if stiffness == 0 else tuple(replace(way, stiffness=stiffness) for way in WAYS)


@dataclass(frozen=True, eq=False)
class Matter:
    """The N atoms that are bent.

    Attributes
    ----------
    own : (N, 3) in Å, the conformation whose distances hold
    atomic_numbers : (N,)
    residue : (N,), which residue each belongs to
    held : bool (N,), atoms that stay where they are
    group : int (N,), atoms with the same number from 0 keep their places to one another, -1 for none; None for none
    silent : bool (N,), atoms that the map does not pull, since no density is theirs; None for none
    polymer : int (N,), the chain of protein or nucleic acid that an atom belongs to, -1 for others; None where that is not known
    body : int (N,), atoms of different bodies were placed one by one: nothing holds one to the other, and they keep apart; None for one
    copies : atoms that stand for one another in copies that are bent alike
    """

    own: Array
    atomic_numbers: NDArray[np.signedinteger]
    residue: NDArray[np.signedinteger]
    held: NDArray[np.bool_]
    group: NDArray[np.signedinteger] | None = None
    silent: NDArray[np.bool_] | None = None
    polymer: NDArray[np.signedinteger] | None = None
    body: NDArray[np.signedinteger] | None = None
    copies: Copies = ()

    @classmethod
    def of(
        cls,
        model: AtomicModel,
        held: NDArray[np.bool_] | None = None,
        group: NDArray[np.signedinteger] | None = None,
        body: NDArray[np.signedinteger] | None = None,
        *,
        alike: bool = False,
    ) -> "Matter":
        """The fitted atoms of a model, with what is ``held`` (n,), in one ``group`` (n,) and one ``body`` (n,) told of its residues.

        Copies of a chain are bent ``alike``, if so.
        """
        residues = Residues.of(model)
        of_atom = residues.of_atom
        still = np.zeros(len(of_atom), bool) if held is None else held[of_atom]
        return cls(
            model.fit_coordinates,
            model.fit_atomic_numbers,
            of_atom,
            still,
            None if group is None else group[of_atom],
            polymer=_chains_of(model, residues),
            body=None if body is None else body[of_atom],
            copies=copies_in(model, still) if alike else (),
        )

    @property
    def weights(self) -> Array:
        """What each pulls and is pulled by, 1 on average."""
        numbers = self.atomic_numbers.astype(np.float64)
        weights: Array = numbers / numbers.mean()
        return weights if self.silent is None else np.where(self.silent, 0.0, weights)

    def restraints(self, stiffness: float) -> Restraints:
        return self._restraints.with_stiffness(stiffness)

    @cached_property
    def _restraints(self) -> Restraints:
        """Found once: it takes longer than many steps."""
        return Restraints(self.own, self.atomic_numbers, self.residue, 1.0, self.group, self.polymer, self.body)


def bend(
    target: Target,
    matter: Matter,
    points: Array,
    way: Way,
    steps: int,
    go_on: Callable[[float], bool] = lambda _: True,
) -> Array:
    """Atoms (N, 3) in Å bent into a map from ``points``; deterministic.

    Parameters
    ----------
    target : the part of the map that matters, and how it is read
    way : how freely
    steps : most at each scale; fewer where the atoms come to rest
    go_on : told the share that is done, some times a second; False ends it where it is
    """
    restraints, weights = matter.restraints(way.stiffness), way.strength * matter.weights
    x = np.ascontiguousarray(points, np.float64).copy()
    force = np.empty_like(x)
    for number, sigma in enumerate(way.scales):
        difference = Difference(target, sigma, matter.weights, x)
        walk = _Walk(x, matter.held)
        before = x.copy()
        for step in range(steps):
            if step % _SIMULATE == 0:
                likened(x, matter.copies)
                if step % _LOOK_FOR_CONTACTS == 0:
                    restraints.look_for_contacts(x)
                field = difference.field(x)
                if not go_on((number + step / steps) / len(way.scales)):
                    return x
            force[:] = 0
            restraints.add_to(force, x)
            pull(x, weights, field, difference.origin, difference.voxel_size, force)
            walk.step(force, step / steps)
            if step % _LOOK_FOR_REST == _LOOK_FOR_REST - 1:
                if np.sqrt(((x - before) ** 2).sum(axis=1).mean()) < _AT_REST:
                    break
                before = x.copy()
    likened(x, matter.copies)
    return x


def regularised(matter: Matter, points: Array, steps: int, tether: float = 0.0) -> Array:
    """Atoms (N, 3) in Å put right by the model's own distances alone, near where they are: joints of rigid bodies become linkers.

    A ``tether`` is a spring, per Å², that holds each where it is.
    """
    restraints = matter.restraints(WAYS[-1].stiffness)
    x = np.ascontiguousarray(points, np.float64).copy()
    walk = _Walk(x, matter.held)
    for step in range(steps):
        if step % _SIMULATE == 0:
            likened(x, matter.copies)
            if step % _LOOK_FOR_CONTACTS == 0:
                restraints.look_for_contacts(x)
        force = np.zeros_like(x) if tether == 0 else 2 * tether * (points - x)
        restraints.add_to(force, x)
        walk.step(force, step / steps)
    likened(x, matter.copies)
    return x


def _chains_of(model: AtomicModel, residues: Residues) -> NDArray[np.int64]:
    """The chain (M,) of each fitted atom of a residue that carries one, -1 for others."""
    names, carbon = model.atom_names[model.in_fit], model.fit_atomic_numbers == 6
    carries = np.zeros(len(residues), bool)
    carries[residues.of_atom[carbon & np.isin(names, _CARRIERS)]] = True
    number = np.unique(residues.chains, return_inverse=True)[1].reshape(-1)
    chains: NDArray[np.int64] = np.where(carries, number, -1)[residues.of_atom].astype(np.int64)
    return chains


class _Walk:
    """Adam on atoms, in place; an atom's three coordinates share one step size, so that its direction is that of the force."""

    def __init__(self, x: Array, held: NDArray[np.bool_]) -> None:
        self._x, self._held = x, held
        self._mean, self._square, self._count = np.zeros_like(x), np.zeros(len(x)), 0

    def step(self, force: Array, done: float) -> None:
        """Move along ``force`` (N, 3); ``done`` is the share of the walk that lies behind."""
        self._count += 1
        size = _STEP * (1 - (1 - _END) * done)
        walk(self._x, force, self._held, self._mean, self._square, _MOMENTUM, _MEMORY, self._count, size)
