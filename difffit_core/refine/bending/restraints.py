"""What holds a model together: the distances that its own atoms have (design, method section 10).

Bonds and 1-3 distances are stiff. 1-4 distances, distances within a residue and between neighbours up to 6 Å are soft, in the Geman-McClure
form, so that a contact that must break lets go. Atoms that are not bound keep apart.
"""

from copy import copy

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from difffit_core.conventions import Array
from difffit_core.refine.bending.contacts import contacts
from difffit_core.refine.bending.kernels import hold, part
from difffit_core.refine.bending.pairs import Pairs

REACH = 6.0
"""Å up to which neighbours that are not bound hold each other."""
_BOND_SLACK = 0.35
"""Å by which a bond may be longer than the sum of its covalent radii."""
_STIFF, _ANGLE, _TORSION, _RESIDUE = 300.0, 100.0, 6.0, 3.0
"""Springs of 1-2, 1-3 and 1-4 distances and of others within a residue, per Å²."""
_SULPHUR, _FEW = 16, 3
_ENDLESS = np.inf
_LETS_GO = 1.5
"""Å off at which 1-4 distances and those within a residue begin to let go."""
_APART, _NEAREST, _PUSH = 3.3, 2.6, 20.0
"""Å that atoms keep apart which were no neighbours, and those which were; and the spring of that."""
_LOOK = 4.2
"""Å within which contacts are looked for, so that a list serves for some steps."""
_SERVES = (_LOOK - _APART) / 2
"""Å that atoms may go until a list of contacts serves no more."""


class Restraints:
    """The distances of N atoms in one conformation, as forces on any other.

    Attributes
    ----------
    bonds, angles : int64 (B, 2), (A, 2), the 1-2 and 1-3 pairs
    """

    def __init__(
        self,
        points: Array,
        atomic_numbers: NDArray[np.signedinteger],
        residue: NDArray[np.signedinteger],
        stiffness: float,
        group: NDArray[np.signedinteger] | None = None,
        polymer: NDArray[np.signedinteger] | None = None,
        body: NDArray[np.signedinteger] | None = None,
    ) -> None:
        """Take the distances of ``points`` (N, 3) in Å, with the residue (N,) of each; ``stiffness`` scales what holds neighbours.

        Atoms of the same ``group`` (N,), from 0, hold each other as those of a bond angle do and never let go. ``polymer`` (N,) numbers the
        chain of protein or nucleic acid that an atom belongs to, -1 for others; where such chains lie in one another in the model, atoms
        that are near are not taken as bonded. Nothing holds atoms of one ``body`` (N,) to those of another, but that they keep apart.
        """
        count = len(points)
        pairs = cKDTree(points).query_pairs(REACH, output_type="ndarray").astype(np.int64)
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        distance = np.linalg.norm(points[pairs[:, 0]] - points[pairs[:, 1]], axis=1)
        radius = _covalent_radii(atomic_numbers)
        bonded = distance < radius[pairs[:, 0]] + radius[pairs[:, 1]] + _BOND_SLACK
        if polymer is not None:
            bonded &= ~_entangled(pairs, bonded, atomic_numbers, residue, polymer)
        within = np.ones(len(pairs), bool) if body is None else body[pairs[:, 0]] == body[pairs[:, 1]]
        bonded &= within
        second, third, fourth = _separations(count, pairs, bonded)
        same = residue[pairs[:, 0]] == residue[pairs[:, 1]]
        spring = np.select([second, third, fourth, same], [_STIFF, _ANGLE, _TORSION, _RESIDUE], stiffness)
        width = np.select([second | third, fourth | same], [_ENDLESS, _LETS_GO], 0.8)
        if group is not None:
            together = (group[pairs[:, 0]] == group[pairs[:, 1]]) & (group[pairs[:, 0]] >= 0)
            spring, width = np.where(together & ~second, _ANGLE, spring), np.where(together, _ENDLESS, width)
        self.bonds, self.angles = pairs[second], pairs[third]
        self._count = count
        weak = (spring.astype(np.float32), (width**-2.0).astype(np.float32))  # distances are exact: a bond that is as it was pulls nothing
        self._held = Pairs.of(count, pairs[within], *(column[within] for column in (distance, *weak)))
        least = np.where(second | third | fourth, 0.0, np.where(within, np.minimum(distance, _NEAREST), _NEAREST))
        self._least = Pairs.of(count, pairs, least)
        self._contacts = Pairs.of(count, np.empty((0, 2), np.int64), np.empty(0))
        self._points = points
        self._looked: Array | None = None
        loose = ~(second | third | fourth | same)
        if group is not None:
            loose &= ~together
        self._loose = Pairs.of(count, pairs[within], loose[within]).columns[0]

    def with_stiffness(self, stiffness: float) -> "Restraints":
        """The same with another ``stiffness``; what does not depend on it is shared."""
        other = copy(self)
        distance, spring, release = self._held.columns
        spring = np.where(self._loose, np.float32(stiffness), spring)
        other._held = Pairs(self._held.starts, self._held.other, (distance, spring, release))
        other._looked = None
        return other

    def look_for_contacts(self, x: Array) -> None:
        """List the pairs that `add_to` keeps apart at ``x`` (N, 3): new neighbours, and old ones from coming too near.

        The list that there is serves as long as no atom has gone farther than it allows for.
        """
        if self._looked is not None and float(((x - self._looked) ** 2).sum(axis=1).max(initial=0.0)) < _SERVES**2:
            return
        self._looked = x.copy()
        self._contacts = contacts(x, _LOOK, self._least, _APART)

    def add_to(self, force: Array, x: Array) -> None:
        """Add the forces of all restraints at ``x`` (N, 3) to ``force`` (N, 3)."""
        hold(x, self._held.starts, self._held.other, *self._held.columns, force)
        part(x, self._contacts.starts, self._contacts.other, *self._contacts.columns, _PUSH, force)

    def errors(self, x: Array) -> tuple[float, float]:
        """Root mean square change in Å of bonds and of 1-3 distances at ``x`` (N, 3)."""
        return self._error(x, self.bonds), self._error(x, self.angles)

    def _error(self, x: Array, pairs: NDArray[np.int64]) -> float:
        if len(pairs) == 0:
            return 0.0
        now, before = (np.linalg.norm(y[pairs[:, 0]] - y[pairs[:, 1]], axis=1) for y in (x, self._points))
        return float(np.sqrt(((now - before) ** 2).mean()))


def _entangled(
    pairs: NDArray[np.int64],
    bonded: NDArray[np.bool_],
    atomic_numbers: NDArray[np.signedinteger],
    residue: NDArray[np.signedinteger],
    polymer: NDArray[np.signedinteger],
) -> NDArray[np.bool_]:
    """Which pairs (P,) are as near as if bonded only because two stretches of chain lie in one another.

    A few bonds across chains that nobody told of may be there; many between the same two chains are none. Disulphides are always.
    """
    i, j = pairs[:, 0], pairs[:, 1]
    odd = bonded & (polymer[i] >= 0) & (polymer[j] >= 0) & ~((polymer[i] == polymer[j]) & (np.abs(residue[i] - residue[j]) <= 1))
    odd &= ~((atomic_numbers[i] == _SULPHUR) & (atomic_numbers[j] == _SULPHUR))
    low, high = np.minimum(polymer[i], polymer[j]), np.maximum(polymer[i], polymer[j])
    between = low.astype(np.int64) * (int(polymer.max(initial=0)) + 1) + high
    _, number, counts = np.unique(np.where(odd, between, -1), return_inverse=True, return_counts=True)
    many: NDArray[np.bool_] = odd & (counts[number.reshape(-1)] > _FEW)
    return many


def _covalent_radii(atomic_numbers: NDArray[np.signedinteger]) -> Array:
    import gemmi

    table = np.array([gemmi.Element(number).covalent_r for number in range(119)])
    radius: Array = np.minimum(table[np.clip(atomic_numbers, 0, 118)], 1.5)
    return radius


def _separations(
    count: int, pairs: NDArray[np.int64], bonded: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pairs (P,) are one, two and three bonds apart."""
    ends = pairs[bonded]
    one = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    one = (one + one.T).tocsr()
    two = (one @ one).tocsr()
    three = (two @ one).tocsr()

    def linked(graph: csr_array) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.asarray(graph[pairs[:, 0], pairs[:, 1]]).ravel() > 0
        return found

    first = linked(one)
    second = linked(two) & ~first
    return first, second, linked(three) & ~first & ~second
